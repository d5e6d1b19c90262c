"""Several processes keep one limit together: what any of them sends counts for all."""

import asyncio
import random
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from desks import PLACES, a_desk
from doors import a_place
from sqlalchemy import text

from notifier import shared
from notifier.budget import Wish
from notifier.gate import Gate
from notifier.pacing import Rates
from notifier.shared import SharedBudget
from storage import pace
from storage.database import Desk, Unavailable
from storage.messages import Rank

pytestmark = pytest.mark.usefixtures("either")
on_postgres = pytest.mark.parametrize("either", ["postgres"], indirect=True)
RATES = Rates(overall=20, chat=2, group=20)


def now() -> datetime:
    return datetime.now(UTC)


async def desks(stack: AsyncExitStack, folder: Path, count: int) -> list[Desk]:
    if PLACES.server is None:
        count = 1  # SQLite has one process; that its account is right, shows all the same
    return [await stack.enter_async_context(a_desk(folder / "m", now)) for _ in range(count)]


async def test_an_account_that_a_newer_program_kept_is_read(tmp_path: Path) -> None:
    """While workers are changed one after another, both write it."""
    async with AsyncExitStack() as stack:
        (desk, *_) = await desks(stack, tmp_path, 1)
        kept = {"past": [1.0], "until": 0.0, "of_tomorrow": []}
        await desk.unit(lambda u: pace.take(u, {5}))
        await desk.unit(lambda u: pace.keep(u, {pace.OVERALL: kept, 5: kept}, 1.0))
        place = await a_place(SharedBudget(desk, RATES), 5, first=True)
        assert place.name


async def test_three_processes_overfill_no_second_though_their_calls_stall(tmp_path: Path) -> None:
    arrived: list[tuple[int, float]] = []
    chance = random.Random(7)

    async def sender(gate: Gate, chats: list[int]) -> None:
        async def one(chat: int) -> None:
            async with gate.turn(chat, Rank.ORDINARY):
                call = chance.choice([0.0, 0.01, 0.1])
                await asyncio.sleep(call * chance.random())
                arrived.append((chat, time.monotonic()))
                await asyncio.sleep(call)

        await asyncio.gather(*map(one, chats))
        await gate.stop()

    async with AsyncExitStack() as stack:
        opened = await desks(stack, tmp_path, 3)
        gates = [Gate(SharedBudget(desk, RATES), RATES) for desk in opened]
        chats = [n % 25 + 1 for n in range(60)]
        parts = [chats[n :: len(gates)] for n in range(len(gates))]
        await asyncio.gather(*(sender(g, part) for g, part in zip(gates, parts, strict=True)))
    assert sorted(chat for chat, _ in arrived) == sorted(chats)
    times = [at for _, at in arrived]
    assert max(sum(start <= at < start + 0.99 for at in times) for start in times) <= 20
    for chat in set(chats):
        own = [at for each, at in arrived if each == chat]
        assert max(sum(start <= at < start + 0.99 for at in own) for start in own) <= 2


async def test_what_one_is_told_to_wait_all_do(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        opened = await desks(stack, tmp_path, 2)
        one, other = SharedBudget(opened[0], RATES), SharedBudget(opened[-1], RATES)
        await one.obey(5, 30)
        place = await a_place(other, 5, first=True)
        assert (place.name, place.chat) == ("", True)
        assert 29 < place.seconds <= 30
        assert (await a_place(other, 6, first=True)).name


async def test_what_could_not_be_written_down_is_written_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "LATER", 0)
    async with AsyncExitStack() as stack:
        (desk, *_) = await desks(stack, tmp_path, 1)
        budget = SharedBudget(desk, Rates(overall=1))
        first = await a_place(budget, 5, first=False)
        unit = desk.unit

        async def busy(_work: object) -> object:
            raise Unavailable("busy")

        monkeypatch.setattr(desk, "unit", busy)
        with pytest.raises(Unavailable):
            await budget.landed(5, first.name)
        monkeypatch.setattr(desk, "unit", unit)
        place = await a_place(budget, 6, first=False)
        assert 0.5 < place.seconds <= 1.0  # counted from its answer, and no longer in the air


async def test_chats_that_nothing_is_sent_to_are_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with AsyncExitStack() as stack:
        (desk, *_) = await desks(stack, tmp_path, 1)
        budget = SharedBudget(desk, RATES)
        await a_place(budget, 5, first=False)
        assert await desk.unit(lambda u: pace.prune(u, 10)) == 0
        monkeypatch.setattr(pace, "KEEP_SECONDS", -1.0)
        assert await desk.unit(lambda u: pace.prune(u, 10)) == 1
        _, kept = await desk.unit(lambda u: pace.take(u, [5]))
        assert set(kept) == {pace.OVERALL}


async def test_many_ask_at_once_and_are_answered_in_order_until_all_is_full(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        (desk, *_) = await desks(stack, tmp_path, 1)
        budget = SharedBudget(desk, Rates(overall=3, chat=1))
        places = await budget.ask([Wish(chat, first=False) for chat in (5, 6, 5, 7, 8, 9)])
        assert [bool(place.name) for place in places] == [True, False]
        assert places[-1].full  # evenly: the second is to ask again, and nobody behind it need
        places = await budget.ask([Wish(chat, first=True) for chat in (5, 6, 7, 8)])
        assert [place.chat for place in places] == [True, False, False, False]
        assert [place.full for place in places] == [False, False, False, True]


@on_postgres
async def test_however_many_ask_together_few_statements_are_planned(tmp_path: Path) -> None:
    """Each number of them had one of its own, on each connection."""
    async with AsyncExitStack() as stack:
        (desk, *_) = await desks(stack, tmp_path, 1)
        budget = SharedBudget(desk, Rates(overall=100_000, chat=100_000))
        for count in range(1, 60):
            await budget.ask([Wish(chat, first=True) for chat in range(1, count + 1)])
        planned = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%pace%'")
        assert await desk.unit(lambda unit: unit.run(planned).scalar()) < 20


@on_postgres
async def test_what_is_asked_for_now_is_not_waited_for_by_who_forgets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks has everybody's row, and waited for who forgot, who waited for it."""
    monkeypatch.setattr(pace, "KEEP_SECONDS", -1.0)
    async with AsyncExitStack() as stack:
        (desk, *_) = await desks(stack, tmp_path, 1)
        await SharedBudget(desk, RATES).ask([Wish(chat, first=True) for chat in (5, 6)])
        other = await asyncpg.connect(PLACES.only())
        try:
            async with other.transaction(), asyncio.timeout(5):
                await other.execute("SELECT * FROM pace WHERE scope IN (0, 5) FOR UPDATE")
                assert await desk.unit(lambda unit: pace.prune(unit, 10)) == 1
        finally:
            await other.close()
