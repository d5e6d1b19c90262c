"""Who goes next: answers, what presses, then where most is waiting; nobody is made ready early."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence

import pytest

from notifier import gate as module
from notifier.budget import OwnBudget, Place, Wish
from notifier.gate import Gate
from notifier.pacing import Rates
from notifier.waiting import TooLong
from storage.database import Unavailable
from storage.messages import Rank

RATES = Rates(overall=50, chat=1000, group=60000)
FAST = Rates(overall=1000, chat=1000, group=60000)


class Crowd:
    """Messages that wait at a gate, and the order in which they went."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.went: list[str] = []
        self.ready: list[str] = []
        self.tasks: list[asyncio.Task[None]] = []

    def notice(self, name: str, chat: int, rank: Rank = Rank.ORDINARY, backlog: int = 1) -> None:
        async def go() -> None:
            async with self.gate.room(chat, rank, backlog) as leave:
                self.ready.append(name)
                async with self.gate.turn(chat, rank, backlog):
                    leave()
                    self.went.append(name)

        self.tasks.append(asyncio.create_task(go()))

    def answer(self, name: str, chat: int) -> None:
        async def go() -> None:
            async with self.gate.turn(chat, Rank.ANSWER):
                self.went.append(name)

        self.tasks.append(asyncio.create_task(go()))

    async def all(self) -> list[str]:
        await asyncio.gather(*self.tasks)
        return self.went


@pytest.fixture
async def crowd() -> AsyncIterator[Crowd]:
    gate = Gate(OwnBudget(RATES), RATES)
    yield Crowd(gate)
    await gate.stop()


async def test_answers_go_first_however_many_wait(crowd: Crowd) -> None:
    for n in range(60):
        crowd.notice(f"n{n}", n + 1)
    await asyncio.sleep(0)
    for n in range(3):
        crowd.answer(f"a{n}", 100 + n)
    went = await crowd.all()
    # What had its place booked already goes before them, and that is not much.
    assert [name for name in went if name[0] == "a"] == ["a0", "a1", "a2"]
    assert went.index("a2") < 3 + 1 + RATES.overall * 0.07


async def test_what_presses_goes_before_what_does_not_and_that_before_what_can_wait(
    crowd: Crowd,
) -> None:
    for n in range(20):
        for rank in (Rank.PATIENT, Rank.ORDINARY, Rank.PRESSING):
            crowd.notice(rank.name, 10 * n + rank, rank)
    went = await crowd.all()
    first_patient = went.index("PATIENT")
    assert Counter(went[:20])["PRESSING"] >= 12
    assert first_patient >= 30


async def test_the_chat_with_most_to_come_goes_first(crowd: Crowd) -> None:
    for n in range(40):
        crowd.notice("few", n + 1, backlog=1)
    crowd.notice("many", 1000, backlog=15)
    went = await crowd.all()
    assert went.index("many") <= 12


async def test_few_are_made_ready_at_a_time(crowd: Crowd) -> None:
    for n in range(100):
        crowd.notice(str(n), n + 1)
    while len(crowd.went) < 20:
        assert len(crowd.ready) - len(crowd.went) <= 16
        await asyncio.sleep(0.001)
    await crowd.all()


async def test_what_turns_out_to_be_none_takes_nobody_s_turn(crowd: Crowd) -> None:
    """A night's worth of notices that wait for the morning is through at once."""

    async def none(chat: int) -> None:
        async with crowd.gate.room(chat, Rank.ORDINARY, 1):
            pass

    begun = asyncio.get_running_loop().time()
    await asyncio.gather(*(none(n + 1) for n in range(1000)))
    assert asyncio.get_running_loop().time() - begun < 5  # 20 s at their turns


async def test_who_has_to_wait_long_is_sent_away_with_how_long(crowd: Crowd) -> None:
    await crowd.gate.obey(5, module.LONGEST_WAIT + 10)
    with pytest.raises(TooLong) as told:
        async with crowd.gate.turn(5, Rank.ANSWER):
            pytest.fail("it went")
    assert module.LONGEST_WAIT < told.value.seconds <= module.LONGEST_WAIT + 10
    with pytest.raises(TooLong):
        async with crowd.gate.room(5, Rank.ORDINARY, 1):
            pytest.fail("it was let in")
    crowd.notice("another", 6)
    assert await crowd.all() == ["another"]


async def test_a_budget_that_cannot_be_asked_holds_nobody_for_ever(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, broken = crowd.gate._budget.ask, [Unavailable("busy"), RuntimeError("a bug")]

    async def frail(wishes: Sequence[Wish]) -> list[Place]:
        if broken:
            raise broken.pop()
        return await ask(wishes)

    monkeypatch.setattr(crowd.gate._budget, "ask", frail)
    monkeypatch.setattr(module, "BUSY_PAUSE", 0.01)
    crowd.notice("n", 1)
    async with asyncio.timeout(10):
        assert await crowd.all() == ["n"]


async def test_who_goes_away_leaves_no_place_taken(crowd: Crowd) -> None:
    for n in range(30):
        crowd.notice(f"gone{n}", n + 1)
    await asyncio.sleep(0.02)
    for task in crowd.tasks:
        task.cancel()
    await asyncio.gather(*crowd.tasks, return_exceptions=True)
    crowd.tasks.clear()
    assert not crowd.gate._inside
    crowd.notice("n", 100)
    assert (await crowd.all())[-1] == "n"


async def test_who_becomes_ready_while_it_is_looked_is_not_overlooked() -> None:
    """Not ready at the first look at the clock, ready at the second: it waited for an hour."""
    async with asyncio.timeout(10):
        for step in range(5, 60):  # so that the moment comes between any two looks
            clock = Stepping(step * 1e-5)
            gate = Gate(OwnBudget(FAST, clock), FAST, clock)
            for _ in range(5):
                async with gate.turn(5, Rank.ANSWER):
                    pass
                async with gate.room(5, Rank.ORDINARY, 1) as leave, gate.turn(5, Rank.ORDINARY):
                    leave()
            await gate.stop()


class Slow(OwnBudget):
    """An account that is a commit away."""

    async def ask(self, wishes: Sequence[Wish]) -> list[Place]:
        places = await super().ask(wishes)
        self.asked += 1
        await asyncio.sleep(0.01)
        return places

    asked = 0


@pytest.mark.parametrize("how", ["closed", "cancelled"])
async def test_a_place_that_nobody_wants_any_more_is_not_waited_for(how: str) -> None:
    """All of a second were thought to be in the air for fifteen: every process stood still."""
    rates = Rates()
    budget = Slow(rates)
    one, other = Crowd(Gate(budget, rates)), Crowd(Gate(budget, rates))
    for chat in range(100, 130):
        one.answer("never", chat)
    await asyncio.sleep(0.005)  # while they are asked for
    if how == "closed":
        one.gate.close(Rank.ANSWER)
    else:
        for task in one.tasks:
            task.cancel()
    await asyncio.gather(*one.tasks, return_exceptions=True)
    other.answer("other", 999)
    async with asyncio.timeout(5):
        assert await other.all() == ["other"]
    assert one.went == []
    await one.gate.stop()
    await other.gate.stop()


async def test_two_of_one_chat_do_not_have_the_account_asked_all_the_time() -> None:
    """The second was told to ask again soon, and by that it was forgotten when the chat is free."""
    rates = Rates()
    budget = Slow(rates)
    gate = Gate(budget, rates)

    async def call() -> None:
        async with gate.turn(5, Rank.ANSWER):
            await asyncio.sleep(0.5)  # as long as the messenger takes to answer

    await asyncio.gather(call(), call())
    assert budget.asked < 10
    await gate.stop()


class Stepping:
    """A clock on which a look takes time."""

    def __init__(self, step: float) -> None:
        self.ahead, self._step = 0.0, step

    def __call__(self) -> float:
        self.ahead += self._step
        return time.monotonic() + self.ahead
