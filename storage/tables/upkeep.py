"""What does the program note about its own upkeep?"""

from sqlalchemy import BigInteger, Column, Index, String, Table

from storage.columns import Moment
from storage.tables.base import RowId, metadata

backups = Table(
    "backups",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("name", String),  # of its folder; empty where it failed
    Column("bytes", BigInteger),
    Column("error", String),  # the kind of error, never its text
    Index(None, "at"),
)
