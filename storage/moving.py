"""How is a whole database copied from SQLite to PostgreSQL? Table by table, batch by batch.

The tables are made without their indexes, filled by the server's own way of taking rows in
(COPY), and indexed then. Until the stamp at the end nobody takes the copy for a whole database
(`storage.schema.revision`). No batch holds more than so many rows and bytes, so memory does not
grow with the database.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import asyncpg
from sqlalchemy import Boolean, Connection, Table, func, inspect, select, text
from sqlalchemy.schema import CreateTable
from sqlalchemy.util import await_only

from storage import schema
from storage.canonical import as_stored
from storage.database import Database
from storage.schema import NotWhole, revisions
from storage.tables import metadata
from storage.tables import schema as programs

ROWS = 5000
BYTES = 4_000_000
"""A batch is full with either."""

WRONG = ("22", "23")
"""Classes of what the server says of a row that it does not take."""
FLAGS: dict[Any, bool] = {0: False, 1: True}

Batch = list[tuple[Any, ...]]


class CannotMove(Exception):
    """Nothing was copied, or not all of it; says why."""


def copied() -> list[Table]:
    """What is copied: all but what the program notes of the tables themselves."""
    return [table for table in metadata.sorted_tables if table is not programs]


async def begin(target: Database, *, anew: bool) -> None:
    """Make the tables in a database without any. Raises `CannotMove`.

    With `anew` a copy that was cut off is thrown away first.
    """
    await target.write(partial(_begin, anew=anew))


async def fill(source: Connection, target: Database, table: Table) -> None:
    """Copy the rows of a table. Raises `CannotMove`."""
    for batch in _batches(source, table):
        await target.write(partial(_put, table=table, batch=batch))


async def finish(target: Database, table: Table) -> None:
    """Make the table's indexes, and let new rows be counted on from the last."""
    await target.write(partial(_finish, table=table))


async def take(target: Database) -> None:
    """From here on the copy is a whole database."""
    await target.write(_take)


def count(connection: Connection, table: Table) -> int:
    """How many rows there are."""
    return int(connection.scalar(select(func.count()).select_from(table)) or 0)


def _begin(connection: Connection, *, anew: bool) -> None:
    schema.keep_still(connection)
    try:
        found = schema.revision(connection)
    except NotWhole:
        if not anew:
            raise CannotMove(
                "a copy that was cut off is in it; --anew throws that away and begins again"
            ) from None
        metadata.drop_all(connection)
        revisions.drop(connection)
        found = None
    if found is not None or inspect(connection).get_table_names():
        raise CannotMove("it is not empty")
    revisions.create(connection)
    for table in metadata.sorted_tables:
        connection.execute(CreateTable(table))


def _batches(source: Connection, table: Table) -> Iterator[Batch]:
    """The rows as they lie in the file, which is how they are read the fastest."""
    wanted = select(*as_stored(table.columns)).select_from(table).order_by(text("rowid"))
    flags = [n for n, column in enumerate(table.columns) if isinstance(column.type, Boolean)]
    batch: Batch = []
    size = 0
    for row in source.execute(wanted.execution_options(yield_per=ROWS)):
        values = list(row)
        for n in flags:  # which SQLite keeps as 0 and 1
            values[n] = FLAGS.get(values[n], values[n])
        batch.append(tuple(values))
        size += sum(len(value) for value in values if isinstance(value, str | bytes))
        if len(batch) == ROWS or size >= BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _put(connection: Connection, table: Table, batch: Batch) -> None:
    _see_unfinished(connection)
    columns = [column.name for column in table.columns]
    raw: Any = connection.connection.driver_connection
    # What the driver says of it quotes it.
    wrong = CannotMove(f"{table.name}: a row holds what its column cannot hold on PostgreSQL")
    try:
        await_only(raw.copy_records_to_table(table.name, columns=columns, records=batch))
    except asyncpg.PostgresError as error:
        if str(error.sqlstate)[:2] not in WRONG:
            raise
        raise wrong from None
    except (asyncpg.InterfaceError, TypeError, ValueError, OverflowError):
        raise wrong from None


def _finish(connection: Connection, table: Table) -> None:
    _see_unfinished(connection)
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        index.create(connection)
    if table.autoincrement_column is not None:
        column = table.autoincrement_column
        last = connection.scalar(select(func.max(column)))
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        connection.execute(select(func.setval(sequence, last or 1, last is not None)))


def _take(connection: Connection) -> None:
    _see_unfinished(connection)
    connection.exec_driver_sql("ANALYZE")  # or the first queries are planned for empty tables
    schema.stamp(connection)


def _see_unfinished(connection: Connection) -> None:
    """Never write into what has become a whole database meanwhile."""
    schema.keep_still(connection, alone=False)
    if connection.execute(select(revisions)).first() is not None:
        raise CannotMove("it is not empty")
