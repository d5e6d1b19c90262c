"""Updates that come at once are stored together, each acknowledged for itself."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.intake import OF_ONE_CHAT, TOGETHER, Intake
from storage.database import Unavailable
from storage.inbox import Arrival


class Store:
    """Takes what it is given when it is told to, and refuses what it is told to."""

    def __init__(self) -> None:
        self.lots: list[list[int]] = []
        self.open = asyncio.Event()
        self.refuses: dict[int, Exception] = {}

    async def __call__(self, arrivals: Sequence[Arrival]) -> None:
        self.lots.append([arrival.update_id for arrival in arrivals])
        await self.open.wait()
        for arrival in arrivals:
            if arrival.update_id in self.refuses:
                raise self.refuses[arrival.update_id]


def arrivals(*ids: int, chat: int = 0) -> list[Arrival]:
    """Each of a chat of its own, where none is given."""
    return [Arrival(update_id, chat or update_id, b"{}") for update_id in ids]


async def begin(
    intake: Intake, *deliveries: Sequence[int], chat: int = 0
) -> list[asyncio.Task[None]]:
    taken = [arrivals(*ids, chat=chat) for ids in deliveries]
    tasks = [asyncio.create_task(intake.take(these)) for these in taken]
    await asyncio.sleep(0)  # each has come
    await asyncio.sleep(0)  # and the first is being stored
    return tasks


async def test_what_comes_while_one_is_stored_goes_together_in_its_order() -> None:
    store = Store()
    tasks = await begin(Intake(store), [3], [1, 2], [5], [4])
    assert store.lots == [[3, 1, 2, 5, 4]]
    more = await begin(intake := Intake(store), [6])
    more += await begin(intake, [8], [7])
    store.open.set()
    await asyncio.gather(*tasks, *more)
    assert store.lots[1:] == [[6], [8, 7]]


async def test_a_lot_has_its_limit_and_a_delivery_stays_whole() -> None:
    store = Store()
    tasks = await begin(Intake(store), *([n] for n in range(TOGETHER - 1)), [1001, 1002], [1003])
    store.open.set()
    await asyncio.gather(*tasks)
    assert [len(lot) for lot in store.lots] == [TOGETHER - 1, 3]
    large = Store()
    large.open.set()
    await Intake(large).take(arrivals(*range(3 * TOGETHER)))
    assert [len(lot) for lot in large.lots] == [3 * TOGETHER]


async def test_a_flood_has_its_share_of_each_unit_and_keeps_its_order() -> None:
    store = Store()
    intake = Intake(store)
    tasks = await begin(intake, *([n] for n in range(1, 26)), chat=7)
    tasks += await begin(intake, [101], [102])
    store.open.set()
    await asyncio.gather(*tasks)
    first, second, third = store.lots
    assert first == [*range(1, OF_ONE_CHAT + 1)]
    assert second == [*range(OF_ONE_CHAT + 1, 2 * OF_ONE_CHAT + 1), 101, 102]
    assert third == [*range(2 * OF_ONE_CHAT + 1, 26)]


async def test_what_was_fetched_together_is_stored_together_whoever_it_is_of() -> None:
    store = Store()
    store.open.set()
    polled = arrivals(*range(1, 60), chat=7)
    await Intake(store).take(polled)
    assert store.lots == [[*range(1, 60)]]


async def test_a_database_that_is_away_is_told_to_all_of_them_and_the_next_are_stored() -> None:
    store = Store()
    store.open.set()
    store.refuses[1] = Unavailable("database is locked")
    intake = Intake(store)
    tasks = await begin(intake, [1], [2])
    told = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(error) for error in told] == [Unavailable, Unavailable]
    await intake.take(arrivals(3))
    assert store.lots == [[1, 2], [3]]


async def test_one_that_cannot_be_stored_holds_up_no_other() -> None:
    store = Store()
    store.open.set()
    store.refuses[2] = OverflowError()
    tasks = await begin(Intake(store), [1], [2], [3])
    told = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(error) for error in told] == [type(None), OverflowError, type(None)]
    assert store.lots == [[1, 2, 3], [1], [2], [3]]


async def test_who_gives_up_waiting_has_it_stored_all_the_same() -> None:
    store = Store()
    intake = Intake(store)
    (first, second) = await begin(intake, [1], [2])
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    store.open.set()
    await second
    await intake.take(arrivals(3))
    assert store.lots == [[1, 2], [3]]


async def test_whoever_ends_can_wait_until_all_that_came_is_stored() -> None:
    store = Store()
    intake = Intake(store)
    await intake.idle()
    (task,) = await begin(intake, [1])
    idle = asyncio.create_task(intake.idle())
    task.cancel()
    await asyncio.wait((task,))
    assert not idle.done()
    store.open.set()
    await idle
    assert store.lots == [[1]]
