"""What waits, in numbers: right, and read off an index however much is stored."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from desks import KEY, Time, a_desk
from plans import asked_of, scans
from sqlalchemy import insert

from storage import due, gauging, inbox, outbox
from storage.database import Desk
from storage.gauging import Backlog, Standing
from storage.inbox import Arrival
from storage.messages import Notice, Parcel, Post, Rank
from storage.tables import outbox as table
from storage.unit import Unit


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time().patch(monkeypatch)


@pytest.fixture
async def desk(tmp_path: Path, time: Time) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path / "m.sqlite3", time) as desk:
        yield desk


def answer(text: str = "a") -> Parcel:
    return Parcel(chat_id=5, post=Post(key="k", text=text))


def notice(seconds: float = 0) -> Parcel:
    return Parcel(chat_id=6, notice=Notice(kind="n"), urgent=False, delay_seconds=seconds)


def messages(**waits: Backlog) -> dict[Rank, Backlog]:
    return {rank: waits.get(rank.name.lower(), Backlog()) for rank in Rank}


NOTHING = Standing(messages(), Backlog(), Backlog(), 0)


async def test_nothing_waits_at_an_empty_desk(desk: Desk) -> None:
    assert await desk.look(gauging.stand) == NOTHING


async def test_what_waits_is_counted_by_priority_and_aged_by_the_office_s_clock(
    desk: Desk, time: Time
) -> None:
    await desk.unit(lambda u: outbox.put(u, [answer(), notice(), notice(), notice(3600)]))
    await desk.unit(lambda u: due.plan(u, "survey", "p", u.now + timedelta(seconds=10)))
    await desk.unit(lambda u: due.plan(u, "survey", "q", u.now + timedelta(days=9)))
    await desk.unit(lambda u: inbox.store(u, [Arrival(1, 5, b"{}"), Arrival(2, 5, b"{}")]))
    time.pass_(40)
    await desk.unit(lambda u: inbox.store(u, [Arrival(n, 5, b"{}") for n in (3, 4, 5)]))
    await desk.unit(lambda u: outbox.put(u, [answer()]))
    await desk.unit(lambda u: inbox.done(u, 2))
    await desk.unit(lambda u: inbox.set_aside(u, 3, "KeyError"))
    assert await desk.look(gauging.stand) == Standing(
        messages=messages(answer=Backlog(2, 0, 40.0), ordinary=Backlog(2, 1, 40.0)),
        duties=Backlog(1, 0, 30.0),
        updates=Backlog(3, 0, 40.0),
        set_aside=1,
    )


async def test_a_clock_that_is_put_back_gives_no_age_below_nothing(desk: Desk, time: Time) -> None:
    await desk.unit(lambda u: outbox.put(u, [answer()]))
    await desk.unit(lambda u: inbox.store(u, [Arrival(1, 5, b"{}")]))
    time.now -= timedelta(hours=1)
    found = await desk.look(gauging.stand)
    assert found.messages[Rank.ANSWER] == Backlog(0, 1, 0.0)
    assert found.updates == Backlog(1, 0, 0.0)


async def test_what_is_through_is_counted_no_longer(desk: Desk) -> None:
    (row,) = await desk.unit(lambda u: outbox.put(u, [answer()]))
    await desk.unit(lambda u: outbox.settle(u, row, "sent"))
    await desk.unit(lambda u: inbox.store(u, [Arrival(1, 5, b"{}")]))
    await desk.unit(lambda u: inbox.done(u, 1))
    await desk.unit(lambda u: due.plan(u, "survey", "p", u.now))
    await desk.unit(lambda u: [due.done(u, duty) for duty in due.come(u)])
    assert await desk.look(gauging.stand) == NOTHING


async def test_another_bot_s_are_not_ours(desk: Desk, tmp_path: Path, time: Time) -> None:
    async with a_desk(tmp_path / "m.sqlite3", time, KEY, bot=43) as other:
        await other.unit(lambda u: outbox.put(u, [answer(), notice()]))
        await other.unit(lambda u: inbox.store(u, [Arrival(1, 5, b"{}")]))
        await other.unit(lambda u: inbox.set_aside(u, 1, "KeyError"))
        await other.unit(lambda u: due.plan(u, "survey", "p", u.now))
    assert await desk.look(gauging.stand) == NOTHING


def fill(unit: Unit) -> None:
    """Twenty thousand messages that are through, and three that wait."""
    through: dict[str, Any] = {
        "bot_id": unit.bot_id,
        "chat_id": 5,
        "key": "notice.n",
        "rank": Rank.ORDINARY,
        "begun": False,
        "unknown": 0,
        "lasting": True,
        "state": "sent",
        "due_at": unit.now,
        "settled_at": unit.now,
        "hold_until": 0.0,
        "attempts": 1,
        "progress": 0,
        "payload": b"",
    }
    unit.run(insert(table), [through] * 20_000)
    outbox.put(unit, [notice(), notice(), answer()])


async def test_the_cost_of_a_look_does_not_grow_with_what_is_stored(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.unit(fill)
    asked = await asked_of(desk, gauging.stand, monkeypatch)
    plans = await desk.look(lambda unit: [scans(unit, query) for query in asked])
    assert [len(plan) > 0 for plan in plans] == [True] * 5
    lines = [line for plan in plans for line in plan]
    # Of the outbox nothing but the index of what waits, which holds all that is asked.
    assert [line for line in lines if "outbox" in line] == [
        "SCAN outbox USING COVERING INDEX ix_outbox_due"
    ]
    reads = [line for line in lines if line.startswith(("SCAN", "SEARCH")) and "outbox" not in line]
    assert len(reads) == 4
    assert all("INDEX ix_" in line for line in reads), reads
    assert not [line for line in reads if line.startswith("SCAN") and "ix_inbox_new" not in line]
