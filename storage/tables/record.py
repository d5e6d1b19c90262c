"""The petitions, their records, what is counted of them, seals, keys and files."""

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
)

from storage.columns import Moment
from storage.tables.base import RowId, metadata, partial

keys = Table(
    "keys",
    metadata,
    Column("id", String, primary_key=True),
    Column("wrapped", LargeBinary),  # emptied by erasure
    Column("destroyed_at", Moment),
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
    Column("inquirer_id", BigInteger),  # who looks into why it satisfied nobody, until it is done
    Column("unsure_on", String),  # first deadline of a year whose holidays were not known
    Index(None, "petitioner_id", "registered_at"),
    Index(None, "key_id"),
    Index(None, "unit_id", "state", "due_on"),
    partial("ix_petitions_due", "due_on", where="due_on IS NOT NULL"),
    partial("ix_petitions_supervised", "answer_by", where="answer_by IS NOT NULL"),
    partial("ix_petitions_inquired", "inquirer_id", where="inquirer_id IS NOT NULL"),
    partial("ix_petitions_unsure", "unsure_on", where="unsure_on IS NOT NULL"),
    partial("ix_petitions_closed", "updated_at", where="due_on IS NULL AND state != 'erased'"),
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

spans = Table(
    "spans",  # see petitions.spans: all that the figures of the reports are counted from
    metadata,
    Column("petition_id", String),
    Column("n", Integer),
    Column("bot_id", BigInteger, nullable=False),
    Column("kind", String, nullable=False),
    Column("since_on", String, nullable=False),  # days are the office's, as ISO dates
    Column("due_on", String),
    Column("done_on", String),
    Column("counted_on", String),  # done or due, whichever is sooner
    Column("unit_id", String, nullable=False),
    Column("how", String),
    Column("days", Integer),  # from since to done
    Column("purpose", String),  # these three of the first span alone
    Column("category", String),
    Column("district", String),
    PrimaryKeyConstraint("petition_id", "n"),
    # Each answers what it is asked without a look at the row, in the order it is grouped by.
    Index("ix_spans_since", "bot_id", "kind", "since_on", "unit_id", "how", "done_on", "days"),
    Index(
        "ix_spans_counted", "bot_id", "kind", "counted_on", "unit_id", "how", "due_on", "done_on"
    ),
    Index("ix_spans_done", "bot_id", "kind", "done_on", "unit_id", "how", "since_on"),
    partial(
        "ix_spans_about",
        *("bot_id", "kind", "since_on", "unit_id", "purpose", "category", "district"),
        where="purpose IS NOT NULL",
    ),
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
    Column("projected", LargeBinary, nullable=False),  # digest of row, ties, spans after it
    Column("chain", LargeBinary, nullable=False),
    Column("seal_id", BigInteger),  # empty until it is sealed
    PrimaryKeyConstraint("petition_id", "seq"),
    partial("ix_entries_unsealed", "petition_id", "seq", where="seal_id IS NULL"),
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
    Column("owner", String),  # the process that fetches it
    partial("ix_files_wanted", "hold_until", where="state = 'wanted'"),
    partial("ix_files_dropped", "id", where="state = 'dropped'"),
    Index(None, "key_id"),
)
