"""The tables say which programs may use them; so an older one can, where nothing was taken away."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
oldest = "0001"

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("schema", sa.Column("oldest", TEXT))
