"""The messenger's limits: no second too full, no minute either, and no place given away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier import pacing
from notifier.pacing import Rates, Trail, Turn

RATES = Rates()
STEP = 1 / 30


class Road:
    """Asks as senders do: now, and again when it is told to."""

    def __init__(self, rates: Rates = RATES) -> None:
        self.rates = rates
        self.now = 1000.0
        self.overall = Trail()
        self.chats: dict[int, Trail] = {}
        self.sent: list[tuple[int, float]] = []

    def ask(self, chat: int, *, first: bool = False) -> Turn:
        trail = self.chats.setdefault(chat, Trail())
        turn = pacing.ask(self.rates, self.overall, trail, self.now, chat, first=first)
        if turn.booked:
            self.sent.append((chat, turn.at))
        return turn

    def send(self, chat: int, *, first: bool = False) -> float:
        while not (turn := self.ask(chat, first=first)).booked:
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
    turn = road.ask(-5)
    assert (turn.booked, turn.chat) == (False, True)
    assert turn.at - road.now > 39
    assert road.ask(-6).booked
    road.now += STEP
    assert road.ask(7).booked


def test_an_answer_books_the_next_place_though_notices_ask_for_it_all_the_time() -> None:
    road = Road()
    for chat in range(1, 101):
        road.send(chat)
    turn = road.ask(5000, first=True)
    assert turn.booked
    assert turn.at - road.now < 2 * STEP
    # Nobody gets a place before it, or its own.
    notice = road.ask(5001)
    assert not notice.booked
    assert notice.at >= turn.at


def test_answers_of_one_moment_go_one_after_the_other_in_their_order() -> None:
    road = Road()
    for chat in range(1, 101):
        road.send(chat)
    turns = [road.ask(chat, first=True) for chat in range(5000, 5010)]
    assert all(turn.booked for turn in turns)
    assert [turn.at for turn in turns] == sorted(turn.at for turn in turns)
    assert road.crowd(1.0) == 30


loads = st.lists(
    st.tuples(
        st.sampled_from([1, 2, 3, -5, -6]),
        st.booleans(),
        st.sampled_from([0, 0, 0.005, 0.02, 0.4, 3]),
    ),
    max_size=150,
)


@given(loads)
def test_whatever_comes_when_the_limits_hold(load: list[tuple[int, bool, float]]) -> None:
    road = Road(Rates(overall=4, chat=1, group=5))
    for chat, first, pause in load:
        road.now += pause
        road.send(chat, first=first)
    assert road.crowd(1.0) <= 4
    for chat in road.chats:
        assert road.crowd(1.0, chat) <= 1
        assert chat > 0 or road.crowd(60.0, chat) <= 5


@given(loads)
def test_a_place_that_is_told_is_there(load: list[tuple[int, bool, float]]) -> None:
    """Who comes back when told to, with nobody else about, gets the place."""
    road = Road(Rates(overall=4, chat=1, group=5))
    for chat, first, pause in load:
        road.now += pause
        turn = road.ask(chat, first=first)
        for _ in range(4):  # the chat first, then everything
            if turn.booked:
                break
            road.now = turn.at
            turn = road.ask(chat, first=first)
        assert turn.booked


def test_a_chat_that_was_told_to_wait_waits_and_no_other() -> None:
    road = Road()
    road.obey(5, 17)
    assert road.ask(5).at == road.now + 17
    assert road.ask(6).booked
    road.now += 17
    assert road.ask(5).booked


def test_when_many_chats_are_told_to_wait_everything_does() -> None:
    road = Road()
    for chat in range(1, pacing.MANY):
        road.obey(chat, 5)
    assert road.ask(99).booked
    road.now += STEP
    road.obey(pacing.MANY, 5)
    turn = road.ask(98, first=True)
    assert turn.at >= road.now + 5
    assert turn.booked


def test_refusals_far_apart_are_about_their_chats() -> None:
    road = Road()
    for chat in range(1, 20):
        road.obey(chat, 5)
        road.now += pacing.SECOND
    assert road.ask(99).booked


@pytest.mark.parametrize(("rate", "windows"), [(0.5, [(1, 2.0)]), (2, [(2, 1.0)]), (30, [(30, 1)])])
def test_a_rate_is_a_whole_number_in_a_window(
    rate: float, windows: list[tuple[int, float]]
) -> None:
    assert Rates(chat=rate, margin=0).windows(1) == windows
