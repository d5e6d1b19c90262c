"""Which messages are forgotten by age, which stay, and what forgetting costs."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from archives import add, erase, file
from desks import Time, a_desk, rows
from plans import asked_of, scans
from sqlalchemy import insert

from petitions import events as ev
from storage import claiming, outbox, pruning
from storage.database import Desk
from storage.messages import Notice, Parcel, Post, Rank
from storage.pruning import KEEP, KEEP_LONG, KEEP_MISSED
from storage.tables import outbox as table
from storage.unit import Unit

SECOND = timedelta(seconds=1)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time().patch(monkeypatch)


@pytest.fixture
async def desk(tmp_path: Path, time: Time) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path / "m.sqlite3", time) as desk:
        yield desk


async def settled(desk: Desk, state: str, parcel: Parcel) -> None:
    """A message that ended so, whatever waits before it in its chat."""

    def work(unit: Unit) -> None:
        leased = outbox.put(unit, [parcel])
        row = leased[0] if leased else claiming.claim(unit, 1)[0]
        outbox.settle(unit, row, state, shown="text" if parcel.notice else None)

    await desk.unit(work)


def notice(kind: str, **more: Any) -> Parcel:
    return Parcel(chat_id=5, notice=Notice(kind=kind), urgent=False, petition_id="p", **more)


async def kept(desk: Desk) -> list[str]:
    return [f"{row.state} {row.key}" for row in await rows(desk, "outbox")]


async def prune(desk: Desk) -> None:
    while await desk.unit(pruning.prune):
        pass


@pytest.mark.parametrize(
    ("state", "age"),
    [
        ("sent", KEEP),
        ("skipped", KEEP),
        ("failed", KEEP_LONG),
        ("gone", KEEP_LONG),
        ("blocked", KEEP_MISSED),
    ],
)
async def test_a_passing_message_goes_by_age_though_it_tells_of_a_petition(
    desk: Desk, time: Time, state: str, age: timedelta
) -> None:
    await settled(desk, state, notice("line"))
    await settled(desk, state, Parcel(chat_id=5, post=Post(key="k"), petition_id="p"))
    time.now += age
    await prune(desk)
    assert len(await kept(desk)) == 2
    time.now += SECOND
    await prune(desk)
    assert await kept(desk) == []


@pytest.mark.parametrize("state", ["sent", "skipped", "failed", "gone", "blocked"])
async def test_what_the_petitioner_was_told_of_a_step_stays(
    desk: Desk, time: Time, state: str
) -> None:
    await settled(desk, state, notice("accepted", lasting=True))
    time.now += 9 * KEEP_MISSED
    await prune(desk)
    (row,) = await rows(desk, "outbox")
    assert row.state == state
    assert await desk.look(lambda u: u.open(row.shown)) == b"text"


async def test_what_waits_stays_however_old(desk: Desk, time: Time) -> None:
    await desk.unit(lambda u: outbox.put(u, [notice("line"), notice("card", slot="card:p:front")]))
    time.now += 9 * KEEP_MISSED
    await prune(desk)
    assert await kept(desk) == ["waiting notice.line", "waiting notice.card"]


async def test_a_card_s_moves_pile_up_no_longer(desk: Desk, time: Time) -> None:
    for _ in range(3):
        await desk.unit(lambda u: outbox.put(u, [notice("card", slot="card:p:front")] * 4))
        (row,) = await desk.unit(lambda u: claiming.claim(u, 10))
        await desk.unit(lambda u, row=row: outbox.settle(u, row, "sent", message_id=1))
    assert len(await kept(desk)) == 12
    time.now += KEEP + SECOND
    await prune(desk)
    assert await kept(desk) == []


async def test_a_step_told_before_it_was_taken_back_is_still_known_as_told(
    desk: Desk, time: Time
) -> None:
    """`notices.undone` asks for it, and an undo has no last day."""
    await settled(desk, "sent", notice("accepted", lasting=True))
    since = time.now - SECOND
    time.now += KEEP_MISSED
    await prune(desk)
    assert await desk.look(lambda u: outbox.was_sent(u, "p", "notice.accepted", since))


async def test_erasing_takes_what_stays_too(desk: Desk, time: Time) -> None:
    petition = await file(desk, 1)
    await add(desk, petition, ev.Taken(holder=12))
    told = notice("accepted", lasting=True).model_copy(update={"petition_id": petition.id})
    await settled(desk, "sent", told)
    await erase(desk, petition)
    assert await kept(desk) == []


async def test_so_many_at_a_time_the_oldest_first(desk: Desk, time: Time) -> None:
    for n in range(5):
        await settled(desk, "sent", notice(f"n{n}"))
        time.now += SECOND
    time.now += KEEP
    assert await desk.unit(lambda u: pruning.prune(u, 2))
    assert await kept(desk) == ["sent notice.n2", "sent notice.n3", "sent notice.n4"]
    assert await desk.unit(lambda u: pruning.prune(u, 2))
    assert not await desk.unit(lambda u: pruning.prune(u, 2))
    assert await kept(desk) == []


# -- what it costs -----------------------------------------------------------------------------


def fill(unit: Unit, count: int, **differs: Any) -> None:
    through: dict[str, Any] = {
        "bot_id": unit.bot_id,
        "chat_id": 5,
        "key": "notice.n",
        "petition_id": "p",
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
    unit.run(insert(table), [through | differs] * count)


async def steps(desk: Desk, work: Any) -> int:
    """How much SQLite does for it, in hundreds of its own steps."""
    count = 0

    def one() -> None:
        nonlocal count
        count += 1

    def watched(unit: Unit) -> None:
        raw: Any = unit.connection.connection.driver_connection
        raw.set_progress_handler(one, 100)
        try:
            work(unit)
        finally:
            raw.set_progress_handler(None, 0)

    await desk.unit(watched)
    return count


async def test_the_cost_grows_with_what_goes_and_not_with_what_stays(
    tmp_path: Path, time: Time
) -> None:
    cost = {}
    for stored in (100, 50_000):
        async with a_desk(tmp_path / f"{stored}.sqlite3", time) as desk:
            for state in ("sent", "blocked", "waiting"):
                ends = None if state == "waiting" else time.now - 9 * KEEP_MISSED
                await desk.unit(
                    lambda u, s=state, e=ends, n=stored: fill(u, n, state=s, settled_at=e)
                )
            await desk.unit(lambda u, n=stored: fill(u, n, lasting=False))  # too young
            past = time.now - KEEP - SECOND
            await desk.unit(lambda u, at=past: fill(u, 100, lasting=False, settled_at=at))
            before = len(await kept(desk))
            cost[stored] = await steps(desk, pruning.prune)
            assert before - len(await kept(desk)) == 100
    assert cost[100] > 50  # it does see the work
    assert cost[50_000] < 1.5 * cost[100], cost


async def test_every_look_at_the_outbox_is_by_the_index_of_what_goes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.unit(lambda u: fill(u, 1000))
    asked = await asked_of(desk, pruning.prune, monkeypatch)
    plans = await desk.look(lambda unit: [scans(unit, query) for query in asked])
    lines = [line for plan in plans for line in plan if "outbox" in line]
    first = "SEARCH outbox USING INTEGER PRIMARY KEY (rowid=?)"
    then = "SEARCH outbox USING INDEX ix_outbox_past (state=? AND settled_at>? AND settled_at<?)"
    assert set(lines) == {first, then}
    assert len([line for line in lines if "ix_outbox_past" in line]) == len(pruning.SETTLED)


def test_every_end_has_its_time() -> None:
    assert set(pruning.SETTLED) == {"sent", "skipped", "blocked", "gone", "failed"}
