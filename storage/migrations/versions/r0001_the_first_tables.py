"""The tables as they were when revisions began; what was then called version 4."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
oldest = "0001"

MOMENT = sa.BigInteger()
ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "backups",
        sa.Column("id", ROW, nullable=False, autoincrement=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("name", TEXT),
        sa.Column("bytes", sa.BigInteger()),
        sa.Column("error", TEXT),
        sa.PrimaryKeyConstraint("id", name="pk_backups"),
    )
    op.create_index("ix_backups_at", "backups", ["at"])
    op.create_table(
        "bind_codes",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("unit_id", TEXT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_bind_codes"),
    )
    op.create_table(
        "conversations",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("draft_id", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "chat_id", "person_id", name="pk_conversations"),
    )
    op.create_table(
        "drafts",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("form", TEXT, nullable=False),
        sa.Column("subject", TEXT),
        sa.Column("key_id", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("step", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reviewing", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.LargeBinary()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("touched_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
    )
    _partial("ix_drafts_closed", "drafts", ["state", "touched_at"], "state != 'open'")
    op.create_index("ix_drafts_person_id_state", "drafts", ["person_id", "state"])
    op.create_table(
        "due",
        sa.Column("id", ROW, nullable=False, autoincrement=True),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT),
        sa.Column("mark", TEXT),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("hold_until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_due"),
    )
    _partial("ix_due_done", "due", ["done_at"], "done_at IS NOT NULL AND mark IS NULL")
    _partial("ix_due_noted", "due", ["done_at"], "mark IS NOT NULL")
    _partial("ix_due_open", "due", ["due_at"], "done_at IS NULL")
    op.create_index("ix_due_subject_kind", "due", ["subject", "kind"])
    _partial("ix_due_tried", "due", ["attempts"], "done_at IS NULL AND attempts > 0")
    _partial("uq_due_open", "due", ["subject", "kind", "bot_id"], "done_at IS NULL", unique=True)
    op.create_table(
        "entries",
        sa.Column("petition_id", TEXT, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_kind", TEXT, nullable=False),
        sa.Column("by_id", sa.BigInteger()),
        sa.Column("by_unit", TEXT),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("commitment", sa.LargeBinary(), nullable=False),
        sa.Column("projected", sa.LargeBinary(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("seal_id", sa.BigInteger()),
        sa.PrimaryKeyConstraint("petition_id", "seq", name="pk_entries"),
    )
    _partial("ix_entries_unsealed", "entries", ["petition_id", "seq"], "seal_id IS NULL")
    op.create_table(
        "files",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("key_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("file_id", TEXT, nullable=False),
        sa.Column("unique_id", TEXT, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("about", sa.LargeBinary()),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("hold_until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_files"),
    )
    _partial("ix_files_dropped", "files", ["id"], "state = 'dropped'")
    op.create_index("ix_files_key_id", "files", ["key_id"])
    _partial("ix_files_wanted", "files", ["hold_until"], "state = 'wanted'")
    op.create_table(
        "groups",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", TEXT, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("bound_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "unit_id", name="pk_groups"),
    )
    op.create_index("ix_groups_chat_id", "groups", ["chat_id"])
    op.create_table(
        "inbox",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("arrival", sa.BigInteger(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("payload", sa.LargeBinary()),
        sa.Column("error", sa.LargeBinary()),
        sa.Column("done_at", MOMENT),
        sa.PrimaryKeyConstraint("bot_id", "update_id", name="pk_inbox"),
    )
    _partial("ix_inbox_new", "inbox", ["arrival", "bot_id", "state"], "state = 'new'")
    op.create_index("ix_inbox_state_done_at", "inbox", ["state", "done_at"])
    op.create_table(
        "keys",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("wrapped", sa.LargeBinary()),
        sa.Column("destroyed_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_keys"),
    )
    op.create_table(
        "leavers",
        sa.Column("unit_id", TEXT, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("left_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "user_id", name="pk_leavers"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", ROW, nullable=False, autoincrement=True),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("key_id", TEXT),
        sa.Column("petition_id", TEXT),
        sa.Column("slot", TEXT),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("lasting", sa.Boolean(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("hold_until", sa.Float(), nullable=False),
        sa.Column("owner", TEXT),
        sa.Column("begun", sa.Boolean(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("shown", sa.LargeBinary()),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("reason", TEXT),
        sa.Column("settled_at", MOMENT),
        sa.Column("told_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    _partial("ix_outbox_chat", "outbox", ["chat_id", "id"], "state = 'waiting'")
    _partial(
        "ix_outbox_due", "outbox", ["rank", "due_at", "id", "bot_id", "state"], "state = 'waiting'"
    )
    _partial("ix_outbox_missed", "outbox", ["chat_id", "id"], "state IN ('blocked', 'gone')")
    _partial("ix_outbox_owner", "outbox", ["owner"], "state = 'waiting' AND owner IS NOT NULL")
    _partial(
        "ix_outbox_past",
        "outbox",
        ["state", "settled_at"],
        "settled_at IS NOT NULL AND NOT lasting",
    )
    _partial("ix_outbox_petition", "outbox", ["petition_id", "key"], "petition_id IS NOT NULL")
    _partial("ix_outbox_slot", "outbox", ["slot"], "state = 'waiting' AND slot IS NOT NULL")
    _partial(
        "ix_outbox_unsent",
        "outbox",
        ["state", "settled_at"],
        "state IN ('blocked', 'gone', 'failed', 'skipped')",
    )
    op.create_table(
        "pace",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("scope", sa.BigInteger(), nullable=False),
        sa.Column("trail", TEXT, nullable=False),
        sa.Column("used_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "scope", name="pk_pace"),
    )
    op.create_index("ix_pace_bot_id_used_at", "pace", ["bot_id", "used_at"])
    op.create_table(
        "people",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("language", TEXT, nullable=False),
        sa.Column("language_chosen", sa.Boolean(), nullable=False),
        sa.Column("started_at", MOMENT),
        sa.Column("blocked_at", MOMENT),
        sa.Column("quiet", TEXT),
        sa.Column("zone", TEXT),
        sa.Column("pushes", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "user_id", name="pk_people"),
    )
    op.create_table(
        "petitions",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("number", TEXT, nullable=False),
        sa.Column("code_digest", TEXT, nullable=False),
        sa.Column("petitioner_id", sa.BigInteger(), nullable=False),
        sa.Column("key_id", TEXT, nullable=False),
        sa.Column("purpose", TEXT, nullable=False),
        sa.Column("category", TEXT),
        sa.Column("district", TEXT),
        sa.Column("unit_id", TEXT, nullable=False),
        sa.Column("holder_id", sa.BigInteger()),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("due_on", TEXT),
        sa.Column("answer_by", TEXT),
        sa.Column("inquirer_id", sa.BigInteger()),
        sa.Column("unsure_on", TEXT),
        sa.PrimaryKeyConstraint("id", name="pk_petitions"),
        sa.UniqueConstraint("number", name="uq_petitions_number"),
    )
    _partial(
        "ix_petitions_closed", "petitions", ["updated_at"], "due_on IS NULL AND state != 'erased'"
    )
    _partial("ix_petitions_due", "petitions", ["due_on"], "due_on IS NOT NULL")
    _partial("ix_petitions_inquired", "petitions", ["inquirer_id"], "inquirer_id IS NOT NULL")
    op.create_index("ix_petitions_key_id", "petitions", ["key_id"])
    op.create_index(
        "ix_petitions_petitioner_id_registered_at", "petitions", ["petitioner_id", "registered_at"]
    )
    _partial("ix_petitions_supervised", "petitions", ["answer_by"], "answer_by IS NOT NULL")
    op.create_index(
        "ix_petitions_unit_id_state_due_on", "petitions", ["unit_id", "state", "due_on"]
    )
    _partial("ix_petitions_unsure", "petitions", ["unsure_on"], "unsure_on IS NOT NULL")
    op.create_table(
        "posts",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("slot", TEXT, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("passes_at", MOMENT),
        sa.PrimaryKeyConstraint("bot_id", "slot", name="pk_posts"),
    )
    op.create_index("ix_posts_chat_id", "posts", ["chat_id"])
    _partial("ix_posts_passing", "posts", ["passes_at"], "passes_at IS NOT NULL")
    op.create_table(
        "schema",
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("version", name="pk_schema"),
    )
    op.create_table(
        "seals",
        sa.Column("id", ROW, nullable=False, autoincrement=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_seals"),
    )
    op.create_table(
        "serials",
        sa.Column("day", TEXT, nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_serials"),
    )
    op.create_table(
        "spans",
        sa.Column("petition_id", TEXT, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("since_on", TEXT, nullable=False),
        sa.Column("due_on", TEXT),
        sa.Column("done_on", TEXT),
        sa.Column("counted_on", TEXT),
        sa.Column("unit_id", TEXT, nullable=False),
        sa.Column("how", TEXT),
        sa.Column("days", sa.Integer()),
        sa.Column("purpose", TEXT),
        sa.Column("category", TEXT),
        sa.Column("district", TEXT),
        sa.PrimaryKeyConstraint("petition_id", "n", name="pk_spans"),
    )
    _partial(
        "ix_spans_about",
        "spans",
        ["bot_id", "kind", "since_on", "unit_id", "purpose", "category", "district"],
        "purpose IS NOT NULL",
    )
    op.create_index(
        "ix_spans_counted",
        "spans",
        ["bot_id", "kind", "counted_on", "unit_id", "how", "due_on", "done_on"],
    )
    op.create_index(
        "ix_spans_done", "spans", ["bot_id", "kind", "done_on", "unit_id", "how", "since_on"]
    )
    op.create_index(
        "ix_spans_since",
        "spans",
        ["bot_id", "kind", "since_on", "unit_id", "how", "done_on", "days"],
    )
    op.create_table(
        "throttle",
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_throttle"),
    )
    op.create_index("ix_throttle_until", "throttle", ["until"])
    op.create_table(
        "ties",
        sa.Column("petition_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("who", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("petition_id", "kind", "who", name="pk_ties"),
    )
    op.create_index("ix_ties_kind_who", "ties", ["kind", "who"])
    op.execute("INSERT INTO schema (version) VALUES (4)")


def _partial(name: str, table: str, columns: list[str], where: str, unique: bool = False) -> None:
    there = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=there, postgresql_where=there)
