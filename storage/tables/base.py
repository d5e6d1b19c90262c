"""What every table shares: the metadata that lists them, and how an index of few rows is made."""

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, MetaData, String, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite makes an INTEGER PRIMARY KEY its own row id; PostgreSQL wants BIGINT.
RowId = BigInteger().with_variant(Integer, "sqlite")


def collate() -> None:
    """Have PostgreSQL compare texts byte by byte, as SQLite and Python do.

    What is walked side by side is sorted by each of them, and a database may be of any language.
    """
    bytewise = String().with_variant(String(collation="C"), "postgresql")
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, String) and not isinstance(column.type, LargeBinary):
                column.type = bytewise


def partial(name: str, *columns: str, where: str) -> Index:
    """An index of the rows that are asked for, however many others there are."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))
