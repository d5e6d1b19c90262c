"""The messenger's limits: no second too full, no minute either, and no place given away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier import pacing
from notifier.pacing import Rates, Trail, Turn

RATES = Rates()
STEP = 1 / 30
CALL = 0.005
"""Seconds that a call takes."""


class Road:
    """Asks as senders do: now, and again when it is told to; what is sent is answered later."""

    def __init__(self, rates: Rates = RATES, call: float = CALL) -> None:
        self.rates = rates
        self.call = call
        self.now = 1000.0
        self.overall = Trail()
        self.chats: dict[int, Trail] = {}
        self.sent: list[tuple[int, float]] = []  # chat and time of arrival
        self.flying: list[tuple[float, str, int]] = []  # until when, and what

    def ask(self, chat: int, *, first: bool = False, arrives: float = 0.5) -> Turn:
        """`arrives`: at which part of its call's time the message arrives."""
        self.land()
        trail = self.chats.setdefault(chat, Trail())
        turn = pacing.ask(self.rates, self.overall, trail, self.now, chat, first=first)
        if turn.name:
            self.sent.append((chat, turn.at + arrives * self.call))
            self.flying.append((turn.at + self.call, turn.name, chat))
        return turn

    def land(self) -> None:
        for each in [flying for flying in self.flying if flying[0] <= self.now]:
            at, name, chat = each
            self.flying.remove(each)
            self.overall.land(name, at)
            self.chats[chat].land(name, at)

    def send(self, chat: int, *, first: bool = False, arrives: float = 0.5) -> float:
        while not (turn := self.ask(chat, first=first, arrives=arrives)).name:
            assert turn.at > self.now
            self.now = turn.at
        return turn.at

    def obey(self, chat: int, seconds: float) -> None:
        trail = self.chats.setdefault(chat, Trail())
        pacing.obey(self.overall, trail, self.now, seconds)

    def crowd(self, seconds: float, chat: int | None = None) -> int:
        """The most that fall into any `seconds`."""
        times = sorted(at for each, at in self.sent if chat in (None, each))
        return max(
            (sum(start <= at < start + seconds for at in times) for start in times), default=0
        )


def test_thirty_a_second_and_hardly_fewer() -> None:
    road = Road()
    for chat in range(1, 601):
        road.send(chat)
    assert road.crowd(1.0) == 30
    assert 600 / (road.now - 1000) > 0.98 * 30


def test_places_come_one_by_one_so_that_the_next_is_never_far() -> None:
    road = Road()
    for chat in range(1, 101):
        road.send(chat)
    gaps = [b - a for (_, a), (_, b) in zip(road.sent, road.sent[1:], strict=False)]
    assert max(gaps) < 2 * STEP


def test_a_late_one_is_made_up_for() -> None:
    road = Road()
    for chat in range(1, 301):
        road.send(chat)
        road.now += 0.004  # as a loop that wakes a little late
    assert 300 / (road.now - 1000) > 0.97 * 30


def test_one_a_second_in_a_chat_and_twenty_a_minute_in_a_group() -> None:
    road = Road()
    for _ in range(60):
        road.send(-5)
    assert road.crowd(1.0, -5) == 1
    assert road.crowd(60.0, -5) == 20
    assert road.now - 1000 < 142
    road = Road()
    for _ in range(60):
        road.send(5)
    assert 59 <= road.now - 1000 < 61


def test_a_full_group_holds_no_other_chat_up() -> None:
    road = Road()
    for _ in range(20):
        road.send(-5)
    road.now += CALL
    turn = road.ask(-5)
    assert (turn.name, turn.chat) == ("", True)
    assert turn.at - road.now > 39
    assert road.ask(-6).name
    road.now += STEP
    assert road.ask(7).name


def test_an_answer_books_the_next_place_though_notices_ask_for_it_all_the_time() -> None:
    road = Road()
    for chat in range(1, 101):
        road.send(chat)
    turn = road.ask(5000, first=True)
    assert turn.name
    assert turn.at - road.now < pacing.AHEAD + 2 * STEP
    # Nobody gets a place before it, or its own.
    assert not road.ask(5001).name

    assert road.send(5001) >= turn.at


def test_answers_of_one_moment_go_one_after_the_other_in_their_order() -> None:
    road = Road()
    for chat in range(1, 101):
        road.send(chat)
    turns = [road.ask(chat, first=True) for chat in range(5000, 5010)]
    assert all(turn.name for turn in turns)
    assert [turn.at for turn in turns] == sorted(turn.at for turn in turns)
    assert road.crowd(1.0) == 30


loads = st.lists(
    st.tuples(
        st.sampled_from([1, 2, 3, -5, -6]),
        st.booleans(),
        st.sampled_from([0, 0, 0.005, 0.02, 0.4, 3]),  # pause before
        st.sampled_from([0.0, 0.001, 0.03, 0.3, 2.5]),  # how long the call takes
        st.sampled_from([0.0, 0.5, 1.0]),  # when in that time it arrives
    ),
    max_size=120,
)
Load = list[tuple[int, bool, float, float, float]]


@given(loads)
def test_whatever_stalls_the_limits_hold(load: Load) -> None:
    road = Road(Rates(overall=4, chat=1, group=5))
    for chat, first, pause, road.call, arrives in load:
        road.now += pause
        road.send(chat, first=first, arrives=arrives)
    assert road.crowd(0.999) <= 4
    for chat in road.chats:
        assert road.crowd(0.999, chat) <= 1
        assert chat > 0 or road.crowd(59.999, chat) <= 5


def test_a_process_that_stalls_between_its_place_and_its_send_overfills_nothing() -> None:
    """It did, when a message counted from its start: the late one and those after it were 31."""
    road = Road()
    road.call = 2.0
    road.send(1, arrives=1.0)
    road.call = CALL
    for chat in range(2, 100):
        road.send(chat)
    assert road.crowd(0.999) == 30


def test_what_a_dead_process_had_in_the_air_is_counted_as_answered_in_the_end() -> None:
    road = Road(Rates(overall=1))
    road.call = float("inf")
    road.send(1)
    road.call = CALL
    assert not road.ask(2).name
    road.now += pacing.FLIGHT + 0.5
    assert not road.ask(2).name
    road.now += 1
    assert road.ask(2).name


def test_a_chat_that_was_told_to_wait_waits_and_no_other() -> None:
    road = Road()
    road.obey(5, 17)
    assert road.ask(5).at == road.now + 17
    assert road.ask(6).name
    road.now += 17
    assert road.ask(5).name


def test_when_many_chats_are_told_to_wait_everything_does() -> None:
    road = Road()
    for chat in range(1, pacing.MANY):
        road.obey(chat, 5)
    assert road.ask(99).name
    road.now += STEP
    road.obey(pacing.MANY, 5)
    turn = road.ask(98, first=True)
    assert turn.at >= road.now + 5
    assert turn.name


def test_refusals_far_apart_are_about_their_chats() -> None:
    road = Road()
    for chat in range(1, 20):
        road.obey(chat, 5)
        road.now += pacing.SECOND
    assert road.ask(99).name


@pytest.mark.parametrize(("rate", "window"), [(0.5, (1, 2.0)), (2, (2, 1.0)), (30, (30, 1))])
def test_a_rate_is_a_whole_number_in_a_window(rate: float, window: tuple[int, float]) -> None:
    assert Rates(chat=rate).windows(1) == [window]


def test_what_no_window_reaches_any_more_is_not_kept() -> None:
    """With a high limit all that was ever sent was kept, and written down with each message."""
    road = Road(Rates(overall=100_000, chat=100_000, group=6_000_000))
    for _ in range(1000):
        road.send(1)
        road.now += 0.1
    assert len(road.overall.past) <= 11
    assert len(road.chats[1].past) <= 11


def test_a_clock_set_back_is_found_out_though_nothing_was_sent_for_long() -> None:
    road = Road()
    road.send(1)
    road.now += 1000
    road.send(2)
    road.overall.put_back(road.now - 3600)
    assert road.overall.past == [road.now - 3600]
