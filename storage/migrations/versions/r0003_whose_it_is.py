"""Updates, duties and files to fetch say which process has them; a chat's updates take turns."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
oldest = "0003"  # one from before takes part in no hand-over: its leases look like a dead one's

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
NEW = sa.text("state = 'new'")
HELD = sa.text("done_at IS NULL AND owner IS NOT NULL")


def upgrade() -> None:
    for table in ("inbox", "due", "files"):
        op.add_column(table, sa.Column("owner", TEXT))
    op.drop_index("ix_inbox_new", "inbox")
    op.create_index(
        "ix_inbox_new",
        "inbox",
        ["arrival", "bot_id", "state", "owner"],
        sqlite_where=NEW,
        postgresql_where=NEW,
    )
    op.create_index(
        "ix_inbox_turn",
        "inbox",
        ["chat_id", "arrival", "update_id"],
        sqlite_where=NEW,
        postgresql_where=NEW,
    )
    op.create_index("ix_due_owner", "due", ["owner"], sqlite_where=HELD, postgresql_where=HELD)
    # Programs from before there were revisions want a 4 here, and leave these tables alone now.
    op.execute("UPDATE schema SET version = 5")
