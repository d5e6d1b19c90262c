"""What comes in, and which form is being filled in?"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    literal_column,
)

from storage.columns import Moment
from storage.tables.base import metadata, partial

NEW: ColumnElement[str] = literal_column("'new'")
"""Of the inbox, not as a parameter: a prepared plan proves its index by it."""

inbox = Table(
    "inbox",
    metadata,
    Column("bot_id", BigInteger),
    Column("update_id", BigInteger),
    Column("chat_id", BigInteger, nullable=False),
    Column("arrival", BigInteger, nullable=False),  # order of arrival
    Column("received_at", Moment, nullable=False),
    Column("state", String, nullable=False),  # new, done, set_aside
    Column("attempts", Integer, nullable=False),
    Column("owner", String),  # the process that is to handle it
    Column("payload", LargeBinary),  # emptied when done
    Column("error", LargeBinary),
    Column("done_at", Moment),
    PrimaryKeyConstraint("bot_id", "update_id"),
    partial("ix_inbox_new", "arrival", "bot_id", "state", "owner", where="state = 'new'"),
    partial("ix_inbox_turn", "chat_id", "arrival", "update_id", where="state = 'new'"),
    Index(None, "state", "done_at"),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", String, primary_key=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("person_id", BigInteger, nullable=False),
    Column("form", String, nullable=False),
    Column("subject", String),  # the petition it is about
    Column("key_id", String, nullable=False),
    Column("state", String, nullable=False),  # open, submitted, dropped
    Column("step", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("reviewing", Boolean, nullable=False),  # back to the review after this answer
    Column("answers", LargeBinary),
    Column("created_at", Moment, nullable=False),
    Column("touched_at", Moment, nullable=False),
    Index(None, "person_id", "state"),
    partial("ix_drafts_closed", "state", "touched_at", where="state != 'open'"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("bot_id", BigInteger),
    Column("chat_id", BigInteger),
    Column("person_id", BigInteger),
    Column("draft_id", String, nullable=False),
    PrimaryKeyConstraint("bot_id", "chat_id", "person_id"),
)

throttle = Table(
    "throttle",
    metadata,
    Column("subject", String, primary_key=True),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("count", Integer, nullable=False),
    Index(None, "until"),
)
