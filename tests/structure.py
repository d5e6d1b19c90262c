"""What do the tables of a database look like? As the database itself tells it, both of them."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import (
    Boolean,
    Connection,
    Float,
    LargeBinary,
    MetaData,
    String,
    insert,
    select,
)
from sqlalchemy.types import TypeEngine

from storage import migrating
from storage.database import Database
from storage.tables import metadata

OURS = ("schema", "alembic_version")
"""What the program notes of the tables themselves."""
POSTGRES = {
    "columns": "SELECT table_name, column_name, data_type, is_nullable, column_default,"
    " collation_name FROM information_schema.columns WHERE table_schema = 'public'",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
    " FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
}


def structure(connection: Connection) -> dict[str, list[Any]]:
    """Columns, keys and indexes, whatever the order in which they were made."""
    if connection.dialect.name == "postgresql":
        told = {name: _all(connection, query) for name, query in POSTGRES.items()}
    else:
        told = _of_sqlite(connection)
    return {name: sorted(map(repr, each)) for name, each in told.items()}


def _of_sqlite(connection: Connection) -> dict[str, list[Any]]:
    tables = [name for (name,) in _all(connection, "SELECT name FROM pragma_table_list")]
    tables = [name for name in tables if not name.startswith("sqlite_")]
    columns = []
    for table in tables:
        for _, *column in _all(connection, f"SELECT * FROM pragma_table_xinfo('{table}')"):
            columns.append((table, *column))
    made = _all(connection, "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index'")
    indexes = [(table, name, re.sub(r"\s+", " ", sql or "")) for table, name, sql in made]
    return {"columns": columns, "indexes": indexes}


def _all(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.exec_driver_sql(query)]


def noted(connection: Connection) -> list[tuple[Any, ...]]:
    """What the program notes of the tables themselves."""
    return [row for table in OURS for row in _all(connection, f"SELECT * FROM {table}")]


def difference(connection: Connection) -> list[Any]:
    """What is to be done that these tables are those of the code, as alembic sees it."""
    how = {"compare_type": True, "compare_server_default": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=how), metadata))


async def climb(database: Database, revision: str) -> None:
    """Make the tables of this revision, from nothing and by migrations alone."""
    for step in migrating.steps(None):
        if step.revision <= revision:
            assert await database.write(partial(migrating.take, step=step))


def revisions() -> list[str]:
    return [step.revision for step in migrating.steps(None)]


def fill(connection: Connection) -> None:
    """Three rows in each table, with something in each column but one that may be empty."""
    for table in _found(connection):
        for number in (1, 2, 3):
            values = {
                column.name: _value(column.type, number)
                for column in table.columns
                if number > 1 or not column.nullable
            }
            connection.execute(insert(table).values(values))


def contents(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Every row that `fill` made, or whoever else."""
    return {
        table.name: [dict(row._mapping) for row in connection.execute(_ordered(table))]
        for table in _found(connection)
    }


def _ordered(table: Any) -> Any:
    return select(table).order_by(*table.primary_key.columns)


def kept(before: dict[str, list[dict[str, Any]]], after: dict[str, list[dict[str, Any]]]) -> bool:
    """Whether all that was there still is; what came new is left out of account."""
    return all(
        [{name: row.get(name) for name in old} for row, old in zip(after[table], rows, strict=True)]
        == rows
        for table, rows in before.items()
    )


def _found(connection: Connection) -> Iterator[Any]:
    found = MetaData()
    found.reflect(connection)
    return (table for table in found.sorted_tables if table.name not in OURS)


def _value(kind: TypeEngine[Any], number: int) -> Any:
    match kind:
        case Boolean():
            return number % 2 == 0
        case Float():
            return number / 2
        case LargeBinary():
            return bytes([number, 0, 255])
        case String():
            return f"字 {number}"
    return number
