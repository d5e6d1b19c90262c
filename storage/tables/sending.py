"""What goes out, what it left in the chats, and what falls due."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Float,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    literal_column,
)

from storage.columns import Moment
from storage.tables.base import RowId, metadata, partial

PASSING = "settled_at IS NOT NULL AND NOT lasting"
"""Of the outbox: what goes by age. Queries say it in these words, so that the index is found."""
WAITING: ColumnElement[str] = literal_column("'waiting'")
"""Of the outbox, not as a parameter: a prepared plan proves its index by it."""
UNSENT = "state IN ('blocked', 'gone', 'failed', 'skipped')"
"""Of the outbox: what ended without having been sent."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("key", String, nullable=False),  # which sentence or notice
    Column("key_id", String),  # whose key the payload is under; the office's when empty
    Column("petition_id", String),
    Column("slot", String),  # newest wins
    Column("rank", Integer, nullable=False),  # see messages.Rank: the lower goes first
    # What the petitioner is told of a step: it stays as long as the petition.
    Column("lasting", Boolean, nullable=False, default=False),
    Column("state", String, nullable=False),  # waiting, sent, skipped, blocked, gone, failed
    Column("due_at", Moment, nullable=False),
    Column("hold_until", Float, nullable=False),
    Column("owner", String),  # the process that has it in hand
    Column("begun", Boolean, nullable=False),  # a send was begun; how it ended is not known
    Column("unknown", Integer, nullable=False),  # sends whose outcome was never known
    Column("attempts", Integer, nullable=False),
    Column("progress", Integer, nullable=False),  # parts already sent
    Column("payload", LargeBinary, nullable=False),
    Column("shown", LargeBinary),  # the text as sent
    Column("message_id", BigInteger),
    Column("reason", String),
    Column("settled_at", Moment),
    Column("told_at", Moment),  # that it was missed was told to who came back
    # With all that its counts ask for, so that they read the index alone.
    partial("ix_outbox_due", "rank", "due_at", "id", "bot_id", "state", where="state = 'waiting'"),
    partial("ix_outbox_owner", "owner", where="state = 'waiting' AND owner IS NOT NULL"),
    partial("ix_outbox_chat", "chat_id", "id", where="state = 'waiting'"),
    partial("ix_outbox_slot", "slot", where="state = 'waiting' AND slot IS NOT NULL"),
    partial("ix_outbox_petition", "petition_id", "key", where="petition_id IS NOT NULL"),
    partial("ix_outbox_missed", "chat_id", "id", where="state IN ('blocked', 'gone')"),
    partial("ix_outbox_past", "state", "settled_at", where=PASSING),
    partial("ix_outbox_unsent", "state", "settled_at", where=UNSENT),
)

posts = Table(
    "posts",
    metadata,
    Column("bot_id", BigInteger),
    Column("slot", String),
    Column("chat_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("passes_at", Moment),  # empty: shown for good
    PrimaryKeyConstraint("bot_id", "slot"),
    Index(None, "chat_id"),
    partial("ix_posts_passing", "passes_at", where="passes_at IS NOT NULL"),
)

pace = Table(
    "pace",
    metadata,
    Column("bot_id", BigInteger),
    Column("scope", BigInteger),  # 0 for everything, or a chat
    Column("trail", String, nullable=False),  # when was sent, as JSON
    Column("used_at", Float, nullable=False),  # real time
    PrimaryKeyConstraint("bot_id", "scope"),
    Index(None, "bot_id", "used_at"),
)

due = Table(
    "due",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("kind", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("done_at", Moment),
    Column("mark", String),  # which of the subject's moments; only in rows that note one as done
    Column("attempts", Integer, nullable=False, default=0),
    Column("hold_until", Float, nullable=False, default=0.0),
    Column("owner", String),  # the process that has it in hand
    partial("ix_due_open", "due_at", where="done_at IS NULL"),
    # One plan for each: of two processes that make it at once, one finds the other's. The bot last,
    # or SQLite walks all that is open to find what has come.
    partial("uq_due_open", "subject", "kind", "bot_id", where="done_at IS NULL", unique=True),
    partial("ix_due_tried", "attempts", where="done_at IS NULL AND attempts > 0"),
    partial("ix_due_owner", "owner", where="done_at IS NULL AND owner IS NOT NULL"),
    partial("ix_due_done", "done_at", where="done_at IS NOT NULL AND mark IS NULL"),
    partial("ix_due_noted", "done_at", where="mark IS NOT NULL"),
    Index(None, "subject", "kind"),
)
