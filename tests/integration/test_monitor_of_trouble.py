"""What the numbers say while the database or the messenger is in trouble."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from doors import Door, answer
from test_monitor import Watched

from bot.hearing import Hearing
from storage.database import Unavailable

UP = "minsheng_messenger_up"
SILENCES = "minsheng_messenger_silences_total"
TAKES = "minsheng_database_takes"
REFUSALS = "minsheng_database_refusals_total"


@pytest.fixture
async def watched(door: Door) -> AsyncIterator[Watched]:
    made = Watched(door)
    await made.monitor.start()
    yield made
    await made.monitor.stop()


@pytest.mark.parametrize(
    ("kind", "answers"),
    [("500", 0), ("502", 0), ("drop_before", 0), ("drop_after", 0), ("429", 1)],
)
async def test_whether_the_messenger_answers_is_told(
    watched: Watched,
    kind: str,
    answers: int,
) -> None:
    door: Door = watched.door
    door.bot.session.middleware(Hearing(watched.meters))
    await door.put(answer("1"))
    found = await watched.scrape()
    assert (found[UP], found[SILENCES]) == (1, 0)
    await door.client.fault("sendMessage", kind)
    await door.put(answer("2"))
    found = await watched.scrape()
    assert (found[UP], found[SILENCES]) == (answers, 1 - answers)
    door.time.pass_(90)
    await door.sweep()
    found = await watched.scrape()
    assert (found[UP], found[SILENCES]) == (1, 1 - answers)


async def test_a_blocked_chat_is_an_answer(watched: Watched) -> None:
    watched.door.bot.session.middleware(Hearing(watched.meters))
    await watched.door.put(answer("1", chat=77))  # nobody has ever been there
    assert (await watched.scrape())[UP] == 1


async def test_whether_the_database_takes_what_is_written_is_told(
    watched: Watched,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = await watched.scrape()
    assert (found[TAKES], found[REFUSALS]) == (1, 0)

    async def full(_work: object) -> None:
        raise Unavailable("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(watched.desk.database, "write", full)
        for _ in range(3):
            with pytest.raises(Unavailable):
                await watched.door.put(answer("1"))
        found = await watched.scrape()
        assert (found[TAKES], found[REFUSALS]) == (0, 3)
        assert found["minsheng_database_up"] == 1  # it can still be read
    # One that got through, as it wanted another table, hid that all the others did not.
    await watched.door.put(answer("2"))
    found = await watched.scrape()
    assert (found[TAKES], found[REFUSALS]) == (0, 3)
    monkeypatch.setattr("storage.database.REFUSED_SECONDS", 0.0)
    found = await watched.scrape()
    assert (found[TAKES], found[REFUSALS]) == (1, 3)


async def test_a_database_that_hangs_keeps_nobody_waiting_for_the_numbers(
    watched: Watched,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.metrics.ANSWER_SECONDS", 0.05)
    free, asked = asyncio.Event(), []
    read = watched.desk.database.read

    async def hangs(work: object) -> object:
        asked.append(work)
        await free.wait()
        return await read(work)

    monkeypatch.setattr(watched.desk.database, "read", hangs)
    for _ in range(5):
        assert (await watched.scrape())["minsheng_database_up"] == 0
    assert len(asked) == 1  # it is not asked again while it is silent
    free.set()
    while not (await watched.scrape())["minsheng_database_up"]:
        pass
