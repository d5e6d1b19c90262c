"""The door in: stored once, done once, tried and given up in the open, forgotten by age."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from desks import KEY, Time, a_desk, rows

from storage import inbox
from storage.database import Desk
from storage.inbox import Arrival
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
    """What is given back to a process that starts, page after page."""
    found: list[Arrival] = []
    after = 0
    while True:
        page, after = await desk.unit(partial(inbox.waiting, after=after))
        if not page:
            return found
        found += page


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
    assert await desk.look(lambda u: inbox.is_new(u, 1))


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


async def test_a_recovery_counts_as_a_try_of_the_one_each_chat_had_in_hand(desk: Desk) -> None:
    for chat, ids in ((5, (1, 3)), (6, (2, 4))):
        await desk.unit(lambda u, i=ids, c=chat: inbox.store(u, some(*i, chat=c)))
    tries = {a.update_id: a.attempts for a in await waiting(desk)}
    assert tries == {1: 2, 3: 1, 2: 2, 4: 1}


async def test_every_recovery_counts_as_a_try(desk: Desk) -> None:
    await store(desk, 1)
    assert [(await waiting(desk))[0].attempts for _ in range(3)] == [2, 3, 4]
    await desk.unit(lambda u: inbox.count_attempt(u, 1))
    assert (await waiting(desk))[0].attempts == 6


async def test_however_many_wait_all_of_them_come_back(desk: Desk) -> None:
    ids = list(range(1, 2502))
    for start in range(0, len(ids), 100):
        await store(desk, *ids[start : start + 100])
    left = await waiting(desk)
    assert [a.update_id for a in left] == ids


async def test_done_is_done_and_says_nothing_any_more(desk: Desk, time: Time) -> None:
    await store(desk, 1)
    assert await desk.look(lambda u: inbox.is_new(u, 1))
    await desk.unit(lambda u: inbox.done(u, 1))
    assert not await desk.look(lambda u: inbox.is_new(u, 1))
    assert not await desk.look(lambda u: inbox.is_new(u, 404))
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
    assert await desk.look(lambda u: inbox.is_new(u, 1))


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
