"""Units that share a commit: each is durable and whole, and none suffers by another."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from desks import PLACES, Time, a_desk, rows

from storage import pace, together
from storage.database import Desk
from storage.refusing import Told, plain
from storage.together import Together
from storage.unit import Unit

either = pytest.mark.usefixtures("either")
LONG = 5.0
"""Seconds; less than a unit waits for a lock."""


@pytest.fixture
async def desk(tmp_path: Path, time: Time):
    async with a_desk(tmp_path / "m.sqlite3", time) as desk:
        yield desk


def put(scope: int, trail: str = "") -> object:
    """Keep a trail of this chat; the unit gives the chat back."""

    def work(unit: Unit) -> int:
        pace.keep(unit, {scope: {"until": 0.0, "said": trail}}, 1.0)
        return scope

    return work


async def kept(desk: Desk) -> set[int]:
    return {row.scope for row in await rows(desk, "pace")}


@either
async def test_each_is_given_what_its_own_unit_gave(desk: Desk) -> None:
    scopes = list(range(1, 3 * together.MOST))
    assert await asyncio.gather(*(desk.share(put(scope)) for scope in scopes)) == scopes
    assert await kept(desk) == set(scopes)


@either
async def test_one_that_goes_wrong_is_told_so_and_the_others_are_kept(desk: Desk) -> None:
    def wrong(unit: Unit) -> None:
        put(99)(unit)
        raise ValueError("its own fault")

    works = [put(1), wrong, put(2), put(3)]
    found = await asyncio.gather(*map(desk.share, works), return_exceptions=True)
    assert [found[0], *found[2:]] == [1, 2, 3]
    assert isinstance(found[1], ValueError)
    assert await kept(desk) == {1, 2, 3}


@either
async def test_who_is_cancelled_while_it_is_written_does_not_stop_it(desk: Desk) -> None:
    tasks = [asyncio.create_task(desk.share(put(scope))) for scope in (1, 2, 3)]
    await asyncio.sleep(0)  # all three have asked
    tasks[1].cancel()
    assert await asyncio.gather(tasks[0], tasks[2]) == [1, 3]
    assert await kept(desk) == {1, 2, 3}


async def test_a_lot_that_hangs_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """On one connection of which nobody says that it is dead, every mark waited for minutes."""
    monkeypatch.setattr(together, "PATIENCE", 0.05)
    hangs, tried = asyncio.Event(), []

    async def write_lot(works: Sequence[Any]) -> list[Any]:
        tried.append(len(works))
        if len(tried) == 1:
            await hangs.wait()
        return [work(None) for work in works]

    async def write(work: Any) -> Any:
        return work(None)

    shared = Together(write, write_lot)
    first = asyncio.create_task(shared.write(lambda _: "first"))
    await asyncio.sleep(0)
    async with asyncio.timeout(LONG):
        assert await asyncio.gather(*(shared.write(lambda _: "other") for _ in range(3)))
    assert not first.done()
    hangs.set()
    assert await first == "first"
    await shared.idle()


@pytest.mark.parametrize("either", ["postgres"], indirect=True)
@either
async def test_one_that_waits_for_a_lock_keeps_nobody_else_waiting(desk: Desk) -> None:
    await desk.unit(put(1, "before"))
    other = await asyncpg.connect(PLACES.only())
    try:
        async with other.transaction():
            await other.execute("UPDATE pace SET used_at = 2 WHERE scope = 1")
            waits = asyncio.create_task(desk.share(put(1, "after")))
            async with asyncio.timeout(LONG):
                assert await asyncio.gather(*(desk.share(put(n)) for n in (2, 3))) == [2, 3]
                assert await asyncio.gather(*(desk.share(put(n)) for n in (4, 5))) == [4, 5]
            assert not waits.done()
        assert await waits == 1
    finally:
        await other.close()
    assert [row.trail for row in await rows(desk, "pace", scope=1)] == [
        '{"until":0.0,"said":"after"}'
    ]


@pytest.mark.parametrize("either", ["postgres"], indirect=True)
@either
async def test_a_unit_that_hides_an_error_of_the_database_is_not_thought_kept(desk: Desk) -> None:
    """PostgreSQL answers such a COMMIT with a ROLLBACK, and with no error."""

    def hides(unit: Unit) -> None:
        put(1)(unit)
        with pytest.raises(Exception, match="nothing"):
            unit.connection.exec_driver_sql("SELECT * FROM nothing")

    with pytest.raises(RuntimeError, match="nothing of it was kept"):
        await desk.unit(hides)
    assert await kept(desk) == set()


def test_an_error_of_the_driver_s_own_quotes_no_value() -> None:
    error = plain(asyncpg.DataError("invalid input for query argument $1: '110101…' "))
    assert isinstance(error, Told)
    assert "110101" not in f"{error!r} {error}"
