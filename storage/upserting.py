"""How is a row written that may be there already, in one statement on either database?"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite

from storage.prepared import Prepared
from storage.unit import Unit


def upsert(unit: Unit, table: Table) -> Any:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return inserting(unit.connection.dialect.name, table)


def inserting(dialect: str, table: Table) -> Any:
    """The same, for statements that are made once for each database."""
    if dialect == "postgresql":  # its drivers take memory that SQLite's offices need not spend
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    return sqlite.insert(table)


def put(unit: Unit, table: Table, row: Mapping[str, Any]) -> None:
    """Write this whole row, in place of the one that has its primary key."""
    unit.run(_putting(unit.connection.dialect.name, table), row)


@cache
def _putting(dialect: str, table: Table) -> Prepared:
    first = inserting(dialect, table)
    keys = [column.key for column in table.primary_key]
    rest = {c.key: first.excluded[c.key] for c in table.columns if c.key not in keys}
    return Prepared(first.on_conflict_do_update(index_elements=keys, set_=rest))
