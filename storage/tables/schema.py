"""Which programs may use these tables?

Which revision they are of stands in alembic's own table, `alembic_version`.
"""

from sqlalchemy import Column, Integer, String, Table

from storage.tables.base import metadata

schema = Table(
    "schema",
    metadata,
    # Its one row. Programs from before there were revisions want a 4 here, and do not find it.
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("oldest", String),  # the oldest revision whose program works with them too
)
