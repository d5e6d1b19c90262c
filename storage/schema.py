"""Is this database one that this program can use? A new one is given its tables.

Alembic is not needed for that: it costs a start more than all else here, so it is left to
`storage.migrating`, which changes tables that are there.
"""

from sqlalchemy import Column, Connection, MetaData, String, Table, func, insert, inspect, select

from storage.tables import metadata
from storage.tables import schema as programs

NEWEST = "0004"
"""The revision that `storage.tables` is of: the last of `storage/migrations/versions`."""
FIRST = "0001"
OLDEST = "0004"
"""As that last revision says it: whose program works with these tables too."""
BEFORE_REVISIONS, SINCE = 4, 5
"""What stands in `schema.version`: programs from before there were revisions want their 4."""
PREPARING = 0x6D696E  # any number that nothing else locks

revisions = Table(  # as alembic makes it; not among ours, or alembic would compare it
    "alembic_version",
    MetaData(naming_convention={"pk": "%(table_name)s_pkc"}),
    Column("version_num", String(32), primary_key=True),  # its one row
)


class OtherSchema(Exception):
    """The tables are not those of this program."""


class Older(OtherSchema):
    """They are of an earlier revision."""


class NotWhole(OtherSchema):
    """They are being filled by `minsheng copy-database`, or were when it was cut off."""


def prepare(connection: Connection) -> None:
    """Make the tables of a new database, or see that they are ours. Raises `OtherSchema`."""
    if revision(connection) is None:
        keep_still(connection)  # another process may be at this too
        if revision(connection) is None:
            make(connection)
            stamp(connection)
    keep_still(connection, alone=False)
    check(connection)


def make(connection: Connection) -> None:
    """Make the tables, of the newest revision. They are not taken for whole before the stamp."""
    metadata.create_all(connection)
    revisions.create(connection)


def stamp(connection: Connection) -> None:
    """From here on they are."""
    connection.execute(insert(programs).values(version=SINCE, oldest=OLDEST))
    connection.execute(insert(revisions).values(version_num=NEWEST))


def revision(connection: Connection) -> str | None:
    """Which revision the tables are of; None where there are none. Raises `OtherSchema`."""
    # In one look: between two of them another process may have made the tables.
    there = inspect(connection).get_table_names()
    if revisions.name in there:
        found = connection.scalar(select(revisions.c.version_num))
        if found is None:
            raise NotWhole(
                "what `minsheng copy-database` was copying into it is not whole; "
                "give that command again, with --anew"
            )
        return str(found)
    if programs.name in there:
        if connection.scalar(select(programs.c.version)) == BEFORE_REVISIONS:
            return FIRST
    elif not there:
        return None
    raise OtherSchema("its tables are of no version that is known; something else made them")


def check(connection: Connection) -> None:
    """See that this program works with these tables. Raises `OtherSchema`."""
    found = revision(connection)
    if found is None:
        raise OtherSchema("there is no table in it")
    if found < NEWEST:
        raise Older(
            f"its tables are of revision {found}, this program's of {NEWEST}: "
            "make a backup, then give `minsheng migrate`"
        )
    if found > NEWEST and str(connection.scalar(select(programs.c.oldest))) > NEWEST:
        raise OtherSchema(
            f"its tables are of revision {found}, newer than this program's {NEWEST}: "
            "run the newer program"
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


def keep_still(connection: Connection, *, alone: bool = True) -> None:
    """Have no other process change the tables until this unit's end, or not even begin to use them.

    SQLite has one writer anyway, and its file one program.
    """
    if connection.dialect.name == "postgresql":
        lock = func.pg_advisory_xact_lock if alone else func.pg_advisory_xact_lock_shared
        connection.execute(select(lock(PREPARING)))
