"""How is a row written that may be there already, in one statement on either database?"""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from storage.unit import Unit


def upsert(unit: Unit, table: Table) -> Any:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    if unit.connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
