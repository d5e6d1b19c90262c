"""The computer's clock jumps: the schedule holds still until it can be trusted again."""

from dataclasses import dataclass

import pytest
from structlog.testing import capture_logs

from notifier.watch import GRACE_SECONDS, JUMP_SECONDS, Watch

HOUR, DAY, YEAR = 3600.0, 86_400.0, 365 * 86_400.0


@dataclass
class Computer:
    """Its clock, and the time that has really passed."""

    wall: float = 1_800_000_000.0
    steady: float = 100.0

    def pass_(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


@pytest.fixture
def computer() -> Computer:
    return Computer()


@pytest.fixture
def watch(computer: Computer) -> Watch:
    return Watch(lambda: computer.wall, lambda: computer.steady)


def test_time_that_passes_is_no_jump(computer: Computer, watch: Watch) -> None:
    for seconds in (1, HOUR, DAY, YEAR):
        computer.pass_(seconds)
        assert watch.trusts()


@pytest.mark.parametrize("jump", [YEAR, DAY, JUMP_SECONDS + 1, -YEAR, -DAY, -JUMP_SECONDS - 1])
def test_after_a_jump_nothing_is_done_until_the_clock_has_stood_by_it(
    computer: Computer, watch: Watch, jump: float
) -> None:
    computer.wall += jump
    with capture_logs() as logged:
        assert not watch.trusts()
        computer.pass_(GRACE_SECONDS - 1)
        assert not watch.trusts()
        computer.pass_(1)
        assert watch.trusts()
        assert watch.trusts()
    assert [(e["event"], e["seconds"]) for e in logged] == [
        ("clock.jumped", round(jump)),
        ("clock.taken", round(jump)),
    ]


@pytest.mark.parametrize("jump", [YEAR, -DAY])
def test_a_clock_that_jumps_back_to_where_it_was_is_trusted_at_once(
    computer: Computer, watch: Watch, jump: float
) -> None:
    computer.wall += jump
    assert not watch.trusts()
    computer.pass_(60)
    computer.wall -= jump
    with capture_logs() as logged:
        assert watch.trusts()
    assert [e["event"] for e in logged] == ["clock.back"]
    computer.wall += jump  # and the next jump is one again
    assert not watch.trusts()


def test_a_second_jump_begins_the_time_of_grace_anew(computer: Computer, watch: Watch) -> None:
    computer.wall += YEAR
    assert not watch.trusts()
    computer.pass_(GRACE_SECONDS - 1)
    computer.wall += DAY
    assert not watch.trusts()
    computer.pass_(GRACE_SECONDS - 1)
    assert not watch.trusts()
    computer.pass_(1)
    assert watch.trusts()


def test_small_corrections_are_none_and_add_up_to_none(computer: Computer, watch: Watch) -> None:
    for _ in range(100):
        computer.pass_(DAY)
        computer.wall += JUMP_SECONDS - 1
        assert watch.trusts()
