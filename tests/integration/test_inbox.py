"""The door in: stored once, done once, tried and given up in the open, forgotten by age."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from desks import KEY, Time, a_desk, rows

from storage import inbox, leases
from storage.database import Desk
from storage.inbox import LOST_SECONDS, Arrival, NotYet
from storage.unit import Unit

pytestmark = pytest.mark.usefixtures("either")


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time().patch(monkeypatch)


@pytest.fixture
async def desk(tmp_path: Path, time: Time) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path / "m.sqlite3", time) as desk:
        yield desk


def some(*ids: int, chat: int = 5) -> list[Arrival]:
    return [Arrival(i, chat, f'{{"update_id":{i}}}'.encode()) for i in ids]


async def store(desk: Desk, *ids: int) -> list[int]:
    fresh = await desk.unit(lambda u: inbox.store(u, some(*ids)))
    return [a.update_id for a in fresh]


async def waiting(desk: Desk) -> list[Arrival]:
    """What a process finds that starts when all others are dead, page after page."""
    desk.process = f"the heir of {desk.process}"
    gone = await desk.look(leases.holders)
    found: list[Arrival] = []
    while page := await desk.unit(
        partial(inbox.left, gone=gone, known={a.update_id for a in found})
    ):
        found += page
    return found


async def is_next(desk: Desk, update_id: int, chat: int = 5) -> bool:
    (arrival,) = some(update_id, chat=chat)
    return await desk.unit(lambda u: inbox.is_next(u, arrival))


async def take(desk: Desk, update_id: int, chat: int = 5) -> bool:
    (arrival,) = some(update_id, chat=chat)
    return await desk.unit(lambda u: inbox.take(u, arrival))


async def test_an_update_that_comes_twice_is_one(desk: Desk) -> None:
    assert await store(desk, 1, 2, 2, 1) == [1, 2]
    assert await store(desk, 2, 3) == [3]
    await desk.unit(lambda u: inbox.done(u, 1))
    assert await store(desk, 1) == []
    assert await store(desk) == []
    assert [r.update_id for r in await rows(desk, "inbox")] == [1, 2, 3]


async def test_the_same_number_from_another_bot_is_another_update(
    desk: Desk, tmp_path: Path, time: Time
) -> None:
    await store(desk, 1)
    async with a_desk(tmp_path / "m.sqlite3", time, KEY, bot=43) as other:
        assert await store(other, 1) == [1]
        await other.unit(lambda u: inbox.done(u, 1))
    assert await is_next(desk, 1)


async def test_ids_are_never_compared_by_size(desk: Desk) -> None:
    """After a week of silence the messenger may begin with a smaller number."""
    await store(desk, 900)
    await store(desk, 5)
    await store(desk, 901)
    left = await waiting(desk)
    assert [a.update_id for a in left] == [900, 5, 901]


async def test_what_waits_comes_back_as_it_was_in_the_order_of_arrival(
    desk: Desk, time: Time
) -> None:
    await store(desk, 3, 1)
    time.real -= 3600  # the machine's clock was put back
    await store(desk, 2)
    await desk.unit(lambda u: inbox.done(u, 1))
    left = await waiting(desk)
    assert [(a.update_id, a.chat_id, a.body, a.attempts) for a in left] == [
        (3, 5, b'{"update_id":3}', 2),
        (2, 5, b'{"update_id":2}', 1),
    ]


async def test_of_each_chat_the_one_that_was_in_hand_is_suspect(desk: Desk) -> None:
    for chat, ids in ((5, (1, 3)), (6, (2, 4))):
        await desk.unit(lambda u, i=ids, c=chat: inbox.store(u, some(*i, chat=c)))
    found = {a.update_id: (a.attempts, a.suspect) for a in await waiting(desk)}
    assert found == {1: (2, True), 3: (1, False), 2: (2, True), 4: (1, False)}


async def test_a_try_of_a_suspect_is_counted_when_it_begins(desk: Desk) -> None:
    await store(desk, 1, 2)
    assert [(await waiting(desk))[0].attempts for _ in range(9)] == [2] * 9  # none was begun
    for tries in (2, 3, 4):
        first, second = await waiting(desk)
        assert first.attempts == tries
        await desk.unit(partial(inbox.begin, arrival=first))
        with pytest.raises(NotYet):
            await desk.unit(partial(inbox.begin, arrival=second))
    await desk.unit(lambda u: inbox.done(u, 1))
    (second,) = await waiting(desk)
    assert second.attempts == 2
    await desk.unit(partial(inbox.begin, arrival=first))  # it is done, and nothing is counted


async def test_however_many_wait_all_of_them_come_back(desk: Desk) -> None:
    ids = list(range(1, 2502))
    for start in range(0, len(ids), 100):
        await store(desk, *ids[start : start + 100])
    left = await waiting(desk)
    assert [a.update_id for a in left] == ids


async def test_done_is_done_and_says_nothing_any_more(desk: Desk, time: Time) -> None:
    await store(desk, 1)
    assert await is_next(desk, 1)
    await desk.unit(lambda u: inbox.done(u, 1))
    assert not await is_next(desk, 1)
    assert not await is_next(desk, 404)
    (row,) = await rows(desk, "inbox")
    assert (row.state, row.payload) == ("done", None)
    assert await waiting(desk) == []


async def test_a_done_mark_goes_with_the_unit_that_failed(desk: Desk) -> None:
    await store(desk, 1)

    def fail(unit: Unit) -> None:
        inbox.done(unit, 1)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await desk.unit(fail)
    assert await is_next(desk, 1)


async def test_a_poison_update_is_kept_with_its_error_and_not_tried_again(desk: Desk) -> None:
    await store(desk, 1)
    await desk.unit(lambda u: inbox.set_aside(u, 1, "KeyError at x.py:1"))
    (row,) = await rows(desk, "inbox")
    assert row.state == "set_aside"
    body, error = await desk.look(lambda u: (u.open(row.payload), u.open(row.error)))
    assert (body, error) == (b'{"update_id":1}', b"KeyError at x.py:1")
    assert await waiting(desk) == []


async def test_done_rows_go_by_age_and_the_others_stay(desk: Desk, time: Time) -> None:
    await store(desk, 1, 2, 3, 4)
    await desk.unit(lambda u: inbox.done(u, 1))
    await desk.unit(lambda u: inbox.set_aside(u, 4, "x"))
    time.pass_(3600)
    await desk.unit(lambda u: inbox.done(u, 2))
    before = time.now - timedelta(minutes=30)
    assert await desk.unit(lambda u: inbox.prune(u, before)) == 1
    assert [r.update_id for r in await rows(desk, "inbox")] == [2, 3, 4]
    assert await desk.unit(lambda u: inbox.prune(u, before)) == 0


async def test_pruning_takes_so_many_at_a_time(desk: Desk, time: Time) -> None:
    await store(desk, 1, 2, 3)
    for i in (1, 2, 3):
        await desk.unit(lambda u, i=i: inbox.done(u, i))
    late = time.now + timedelta(days=1)
    assert await desk.unit(lambda u: inbox.prune(u, late, 2)) == 2
    assert await desk.unit(lambda u: inbox.prune(u, late, 2)) == 1


# -- several processes -----------------------------------------------------------------------------


async def left(desk: Desk, *gone: str, known: tuple[int, ...] = ()) -> list[int]:
    found = await desk.unit(lambda u: inbox.left(u, gone, known))
    return [arrival.update_id for arrival in found]


async def test_of_a_chat_only_the_first_is_handled_whoever_has_it(desk: Desk) -> None:
    await store(desk, 1)
    desk.process = "another"
    await store(desk, 2)
    with pytest.raises(NotYet):
        await take(desk, 2)
    await desk.unit(lambda u: inbox.store(u, some(3, chat=6)))
    assert await take(desk, 3, chat=6)
    assert await take(desk, 1)
    assert await take(desk, 2)
    assert not await take(desk, 2)


async def test_only_what_the_dead_had_is_taken_over(desk: Desk) -> None:
    for process, update in (("dead", 1), ("alive", 2), ("us", 3)):
        desk.process = process
        await store(desk, update)
    assert await left(desk, "dead") == [1]
    desk.process = "another"
    assert await left(desk, "dead") == []


async def test_what_a_process_let_go_is_taken_over_at_once_and_no_try_is_counted(
    desk: Desk,
) -> None:
    await store(desk, 1)
    await desk.unit(inbox.let_go)
    desk.process = "another"
    (found,) = await desk.unit(lambda u: inbox.left(u, (), ()))
    assert (found.update_id, found.attempts) == (1, 1)


async def test_what_this_process_stored_without_hearing_of_it_is_found(
    desk: Desk, time: Time
) -> None:
    """The connection was lost at the commit: the messenger was told 503, and comes with what is
    known already; every later update of the chat would have waited for it, for ever."""
    await store(desk, 1, 2)
    assert await left(desk) == []
    time.real += LOST_SECONDS + 1
    assert await left(desk, known=(1,)) == [2]
