"""A tick costs by what is due, not by what is stored: a small `python -m benchmarks tick`.

What is counted is work done by the database, which no busy machine makes more.
"""

import json
from pathlib import Path
from typing import Any

from servers import Server
from sqlalchemy.dialects import postgresql

from benchmarks import tick
from storage import due
from storage.unit import Unit

FEW, MANY = 10_000, 300_000
AT_MOST = 1.1
"""A tree of thirty times the rows may be a level deeper; the issue allows half as much again."""


async def steps(path: Path, stored: int) -> int:
    """The steps of SQLite's machine that a tick of a hundred duties takes."""
    taken = 0

    def step() -> None:
        nonlocal taken
        taken += 1

    def count(unit: Unit) -> None:
        raw: Any = unit.connection.connection.driver_connection
        raw.set_progress_handler(step, 1)

    async with tick.sqlite(path, stored) as place:
        await place.plan()
        await place.desk.unit(count)
        await place.tick()
    return taken


async def test_a_tick_takes_sqlite_no_more_steps_where_more_is_stored(tmp_path: Path) -> None:
    few = await steps(tmp_path / "few.sqlite3", FEW)
    many = await steps(tmp_path / "many.sqlite3", MANY)
    assert few > 100 * tick.DUE
    assert many <= AT_MOST * few


async def pages(server: Server, stored: int) -> int:
    """The pages that PostgreSQL looks at to claim a hundred duties."""
    async with tick.postgres(server, stored) as place:
        await place.plan()

        def explain(unit: Unit) -> Any:
            wanted = due.claimable(unit, tick.DUE, unit.real_time())
            said = wanted.compile(
                dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
            )
            asked = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {said}"
            return unit.connection.exec_driver_sql(asked).scalar()

        found = await place.desk.unit(explain)
    (plan,) = found if isinstance(found, list) else json.loads(found)
    assert plan["Plan"]["Actual Rows"] == tick.DUE
    return int(plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"])


async def test_a_claim_looks_at_no_more_pages_of_postgresql_where_more_is_stored(
    postgres: Server,
) -> None:
    few, many = await pages(postgres, FEW), await pages(postgres, MANY)
    assert few > 0
    assert many <= AT_MOST * few + 2
