"""How does SQLite mean to answer what was asked? Its own plan, for tests of what a query costs."""

from collections.abc import Callable
from typing import Any

import pytest

from storage.database import Desk
from storage.prepared import Prepared
from storage.unit import Unit

Asked = tuple[str, Any]


async def asked_of(
    desk: Desk, work: Callable[[Unit], Any], monkeypatch: pytest.MonkeyPatch
) -> list[Asked]:
    """Every statement that `work` runs, with its values."""
    asked: list[Asked] = []
    run = Unit.run

    def note(unit: Unit, statement: Any, more: Any = None) -> Any:
        core = statement.statement if isinstance(statement, Prepared) else statement
        compiled = core.compile(unit.connection, compile_kwargs={"render_postcompile": True})
        asked.append((str(compiled), compiled.params))
        return run(unit, statement, more)

    with monkeypatch.context() as patch:
        patch.setattr(Unit, "run", note)
        await desk.unit(work)
    return asked


def scans(unit: Unit, asked: Asked) -> list[str]:
    """The plan's lines. No value helps it: with them unknown the index must be found as well."""
    query, _ = asked
    values = tuple(None for _ in range(query.count("?")))
    found = unit.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values)
    return [line[3] for line in found]
