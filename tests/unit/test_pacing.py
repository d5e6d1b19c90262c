"""The messenger's limits, kept against a clock of our own: no second too full, no minute either."""

from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier import pacing
from notifier.pacing import Pace


class Clock:
    """Time that passes only when somebody waits."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(pacing.asyncio, "sleep", clock.sleep)
    return clock


def run(turn: Coroutine[Any, Any, None]) -> None:
    """Run to the end what waits for nothing but our clock."""
    with pytest.raises(StopIteration):
        turn.send(None)


def crowd(times: list[float], seconds: float) -> int:
    """The most that fall into any `seconds`."""
    return max(sum(1 for t in times if start <= t < start + seconds) for start in times)


def send(pace: Pace, clock: Clock, chats: list[int]) -> list[tuple[int, float]]:
    sent = []
    for chat in chats:
        run(pace.turn(chat))
        sent.append((chat, clock.now))
    return sent


def test_never_more_than_thirty_in_any_second(clock: Clock) -> None:
    sent = send(Pace(clock), clock, list(range(1, 201)))
    assert crowd([at for _, at in sent], 1.0) == 30
    # And not much slower than that: 200 messages take six windows and a bit.
    assert clock.now - 1000 < 7


def test_never_more_than_twenty_a_minute_in_a_group(clock: Clock) -> None:
    sent = send(Pace(clock), clock, [-5] * 60)
    assert crowd([at for _, at in sent], 60.0) == 20
    assert clock.now - 1000 < 122


def test_a_private_chat_knows_no_minute_s_limit(clock: Clock) -> None:
    send(Pace(clock), clock, [5] * 25)
    assert clock.now == 1000


def test_a_full_group_holds_no_other_chat_up(clock: Clock) -> None:
    pace = Pace(clock)
    send(pace, clock, [-5] * 20)
    assert pace.wait(-5) == pytest.approx(60.5)
    assert pace.wait(-6) == 0
    assert pace.wait(7) == 0


steps = st.lists(st.tuples(st.sampled_from([1, 2, -5, -6]), st.sampled_from([0, 0, 0.01, 0.4, 3])))


@given(steps, st.integers(0, 60))
def test_whatever_comes_when_the_limits_hold(steps: list[tuple[int, float]], burst: int) -> None:
    clock = Clock()
    pace = Pace(clock)
    sent = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pacing.asyncio, "sleep", clock.sleep)
        for chat, pause in [*steps, *[(-5, 0.0)] * burst]:
            clock.now += pause
            run(pace.turn(chat))
            sent.append((chat, clock.now))
    if sent:
        assert crowd([at for _, at in sent], 1.0) <= 30
    for group in (-5, -6):
        times = [at for chat, at in sent if chat == group]
        if times:
            assert crowd(times, 60.0) <= 20


def test_a_chat_that_was_told_to_wait_waits_and_no_other(clock: Clock) -> None:
    pace = Pace(clock)
    pace.obey(5, 17)
    assert pace.wait(5) == 17
    assert pace.wait(6) == 0
    clock.now += 16.5
    assert pace.wait(5) == pytest.approx(0.5)
    clock.now += 0.5
    assert pace.wait(5) == 0
