"""Is this database one that this program can use? A new one is given its tables."""

from sqlalchemy import Connection, func, insert, inspect, select

from storage.tables import metadata
from storage.tables import schema as versions

VERSION = 4
"""Raised with every change of `storage.tables`."""
PREPARING = 0x6D696E  # any number that nothing else locks


class OtherSchema(Exception):
    """The database was made by another version of the program."""


def prepare(connection: Connection) -> None:
    """Make the tables of a new database, or see that these are ours. Raises `OtherSchema`."""
    if connection.dialect.name == "postgresql":  # another process may be at this too
        connection.execute(select(func.pg_advisory_xact_lock(PREPARING)))
    if not inspect(connection).get_table_names():
        metadata.create_all(connection)
        connection.execute(insert(versions).values(version=VERSION))
    check(connection)


def check(connection: Connection) -> None:
    """See that the tables are ours. Raises `OtherSchema`."""
    there = inspect(connection).has_table(versions.name)
    found = connection.scalar(select(versions.c.version)) if there else None
    if found != VERSION:
        known = "an unknown version" if found is None else f"version {found}"
        raise OtherSchema(
            f"made by another version of the program (its tables are of {known}, "
            f"this program's of version {VERSION})"
        )


def check_tables(connection: Connection) -> None:
    """See that every table and column is there. Raises `OtherSchema`, which names the first."""
    check(connection)
    there = inspect(connection)
    names = there.get_table_names()
    for table in metadata.sorted_tables:
        if table.name not in names:
            raise OtherSchema(f"there is no table {table.name}")
        columns = {column["name"] for column in there.get_columns(table.name)}
        for column in table.columns:
            if column.name not in columns:
                raise OtherSchema(f"the table {table.name} has no column {column.name}")
