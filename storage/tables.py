"""Which tables are there?

`LargeBinary` columns are encrypted (see `storage.vault`); the plain ones hold the messenger's ids,
choices from fixed lists, times and states: nothing a person typed.
Columns named `*_at` are moments of the office's movable clock; `hold_until` is real time in
seconds, because leases must not follow a clock that jumps.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    text,
)

from storage.columns import Moment

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite makes an INTEGER PRIMARY KEY its own row id; PostgreSQL wants BIGINT.
RowId = BigInteger().with_variant(Integer, "sqlite")


def _partial(name: str, *columns: str, where: str) -> Index:
    """An index of the rows that are asked for, however many others there are."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


keys = Table(
    "keys",
    metadata,
    Column("id", String, primary_key=True),
    Column("wrapped", LargeBinary),  # emptied by erasure
    Column("destroyed_at", Moment),
)

people = Table(
    "people",
    metadata,
    Column("bot_id", BigInteger),
    Column("user_id", BigInteger),
    Column("language", String, nullable=False),
    Column("language_chosen", Boolean, nullable=False, default=False),
    Column("started_at", Moment),  # pressed /start in private: the bot may write to them
    Column("blocked_at", Moment),
    PrimaryKeyConstraint("bot_id", "user_id"),
)

leavers = Table(
    "leavers",
    metadata,
    Column("unit_id", String),
    Column("user_id", BigInteger),
    Column("left_at", Moment, nullable=False),
    PrimaryKeyConstraint("unit_id", "user_id"),
)

groups = Table(
    "groups",
    metadata,
    Column("bot_id", BigInteger),
    Column("unit_id", String),
    Column("chat_id", BigInteger, nullable=False),
    Column("bound_at", Moment, nullable=False),
    PrimaryKeyConstraint("bot_id", "unit_id"),
    Index(None, "chat_id"),
)

bind_codes = Table(
    "bind_codes",
    metadata,
    Column("digest", String, primary_key=True),
    Column("unit_id", String, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

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
    Column("payload", LargeBinary),  # emptied when done
    Column("error", LargeBinary),
    Column("done_at", Moment),
    PrimaryKeyConstraint("bot_id", "update_id"),
    _partial("ix_inbox_new", "arrival", where="state = 'new'"),
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
    _partial("ix_drafts_closed", "state", "touched_at", where="state != 'open'"),
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

petitions = Table(
    "petitions",
    metadata,
    Column("id", String, primary_key=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("number", String, nullable=False, unique=True),
    Column("code_digest", String, nullable=False),
    Column("petitioner_id", BigInteger, nullable=False),
    Column("key_id", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("category", String),
    Column("district", String),
    Column("unit_id", String, nullable=False),
    Column("holder_id", BigInteger),
    Column("state", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("length", Integer, nullable=False),  # entries on the record
    Column("registered_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("due_on", String),  # next deadline, ISO date of the office
    Column("answer_by", String),  # when the first open supervision is to be answered
    Column("unsure_on", String),  # first deadline of a year whose holidays were not known
    Index(None, "petitioner_id", "registered_at"),
    Index(None, "key_id"),
    Index(None, "unit_id", "state", "due_on"),
    _partial("ix_petitions_due", "due_on", where="due_on IS NOT NULL"),
    _partial("ix_petitions_supervised", "answer_by", where="answer_by IS NOT NULL"),
    _partial("ix_petitions_unsure", "unsure_on", where="unsure_on IS NOT NULL"),
)

ties = Table(
    "ties",
    metadata,
    Column("petition_id", String),
    Column("kind", String),
    Column("who", String),
    PrimaryKeyConstraint("petition_id", "kind", "who"),
    Index(None, "kind", "who"),
)

entries = Table(
    "entries",
    metadata,
    Column("petition_id", String),
    Column("seq", Integer),
    Column("kind", String, nullable=False),
    Column("version", Integer, nullable=False),  # of the event's shape
    Column("at", Moment, nullable=False),
    Column("by_kind", String, nullable=False),
    Column("by_id", BigInteger),
    Column("by_unit", String),
    Column("body", LargeBinary),
    Column("commitment", LargeBinary, nullable=False),  # salted, so erasure leaves it true
    Column("projected", LargeBinary, nullable=False),  # digest of row and ties after it
    Column("chain", LargeBinary, nullable=False),
    Column("seal_id", BigInteger),  # empty until it is sealed
    PrimaryKeyConstraint("petition_id", "seq"),
    _partial("ix_entries_unsealed", "petition_id", "seq", where="seal_id IS NULL"),
)

seals = Table(
    "seals",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),  # entries it covers
    Column("digest", LargeBinary, nullable=False),  # of their links, in order
    Column("previous", LargeBinary, nullable=False),  # signature of the seal before
    Column("at", Moment, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

serials = Table(
    "serials",
    metadata,
    Column("day", String, primary_key=True),
    Column("used", Integer, nullable=False),
)

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
    Column("urgent", Boolean, nullable=False),  # an answer to what the person just did
    Column("state", String, nullable=False),  # waiting, sent, skipped, blocked, gone, failed
    Column("due_at", Moment, nullable=False),
    Column("hold_until", Float, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("progress", Integer, nullable=False),  # parts already sent
    Column("payload", LargeBinary, nullable=False),
    Column("shown", LargeBinary),  # the text as sent
    Column("message_id", BigInteger),
    Column("reason", String),
    Column("settled_at", Moment),
    _partial("ix_outbox_due", "due_at", where="state = 'waiting'"),
    _partial("ix_outbox_chat", "chat_id", "id", where="state = 'waiting'"),
    _partial("ix_outbox_slot", "slot", where="state = 'waiting' AND slot IS NOT NULL"),
    _partial("ix_outbox_petition", "petition_id", "key", where="petition_id IS NOT NULL"),
    _partial("ix_outbox_past", "settled_at", where="petition_id IS NULL"),
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
    _partial("ix_posts_passing", "passes_at", where="passes_at IS NOT NULL"),
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
    Column("attempts", Integer, nullable=False, default=0),
    Column("hold_until", Float, nullable=False, default=0.0),
    _partial("ix_due_open", "due_at", where="done_at IS NULL"),
    _partial("ix_due_done", "done_at", where="done_at IS NOT NULL"),
    Index(None, "subject", "kind"),
)

files = Table(
    "files",
    metadata,
    Column("id", String, primary_key=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("key_id", String, nullable=False),
    Column("kind", String, nullable=False),  # see messages.Kind
    Column("file_id", String, nullable=False),
    Column("unique_id", String, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("about", LargeBinary),  # name and caption
    Column("state", String, nullable=False),  # wanted, kept, passed_on, dropped, gone
    Column("attempts", Integer, nullable=False),
    Column("hold_until", Float, nullable=False),
    _partial("ix_files_wanted", "hold_until", where="state = 'wanted'"),
    _partial("ix_files_dropped", "id", where="state = 'dropped'"),
    Index(None, "key_id"),
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
