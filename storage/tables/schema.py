"""Which version are these tables of?"""

from sqlalchemy import Column, Integer, Table

from storage.tables.base import metadata

schema = Table(
    "schema",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),  # its one row
)
