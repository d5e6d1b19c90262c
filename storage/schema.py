"""Is this database one that this program can use? A new one is given its tables."""

from sqlalchemy import Connection, inspect

from storage.tables import metadata

VERSION = 4
"""Raised with every change of `storage.tables`."""


class OtherSchema(Exception):
    """The database was made by another version of the program."""


def prepare(connection: Connection) -> None:
    """Make the tables of a new database, or see that these are ours. Raises `OtherSchema`."""
    if not inspect(connection).get_table_names():
        metadata.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
    check(connection)


def check(connection: Connection) -> None:
    """See that the tables are ours. Raises `OtherSchema`."""
    found = connection.exec_driver_sql("PRAGMA user_version").scalar()
    if found != VERSION:
        raise OtherSchema(
            f"made by another version of the program (its tables are of version {found}, "
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
