"""When a deadline asks for attention: before it, on it, and from whom once it has passed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from making import CITIZEN, HOLDER, NOW, RULES, WATCHER, a_petition, give

from petitions import commands as do
from petitions import events as ev
from petitions.lifecycle import Refused
from petitions.record import Petition
from petitions.reminding import come, moments, next_moment

WHY = ("理由",)
YEAR = timedelta(days=365)
DUE = date(2026, 3, 17)  # of what is registered on 2 March


def handled() -> Petition:
    return give(give(a_petition(), do.Take(), HOLDER), do.Accept(), HOLDER)


def morning(month: int, day: int) -> datetime:
    """Nine o'clock in Shanghai."""
    return datetime(2026, month, day, 1, 0, tzinfo=UTC)


def test_the_moments_of_a_deadline_are_the_profile_s_days_before_and_after_it() -> None:
    found = [(m.on.isoformat(), m.step) for m in moments(a_petition(), RULES)]
    assert found == [
        ("2026-03-12", "colour"),
        ("2026-03-12", "remind"),
        ("2026-03-16", "remind"),
        ("2026-03-17", "colour"),
        ("2026-03-18", "colour"),
        ("2026-03-18", "head"),
        ("2026-03-20", "supervisor"),
        ("2026-03-24", "leader"),
    ]
    assert {(m.deadline, m.due) for m in moments(a_petition(), RULES)} == {("answer", DUE)}


def test_the_next_moment_is_the_next_of_them_and_never_one_that_has_passed() -> None:
    petition = a_petition()
    midnight = morning(3, 12) - timedelta(hours=9)
    assert next_moment(petition, RULES, NOW) == midnight
    assert next_moment(petition, RULES, midnight) == morning(3, 12)
    assert next_moment(petition, RULES, morning(3, 12) - timedelta(seconds=1)) == morning(3, 12)
    assert next_moment(petition, RULES, morning(3, 12)) == morning(3, 16)
    assert next_moment(petition, RULES, morning(3, 24)) is None


def test_what_came_while_the_desk_was_down_is_all_there_in_order() -> None:
    petition = a_petition()
    steps = [m.step for m in come(petition, RULES, morning(3, 12), morning(3, 20))]
    assert steps == ["remind", "colour", "colour", "head", "supervisor"]
    assert come(petition, RULES, morning(3, 24), morning(4, 24)) == []


def test_what_was_escalated_is_not_escalated_again() -> None:
    answer = do.Escalate("answer", date(2026, 3, 17), "head")
    late = give(a_petition(), answer, None, morning(3, 18))
    steps = [m.step for m in come(late, RULES, morning(3, 17), morning(3, 20))]
    assert steps == ["colour", "supervisor"]


def test_what_a_clock_that_ran_ahead_escalated_is_escalated_at_its_time() -> None:
    """Told a year too early, when nothing was late: it counts for nobody."""
    early = give(a_petition(), do.Escalate("answer", DUE, "head"), None, morning(3, 18) + YEAR)
    assert "head" in [m.step for m in come(early, RULES, morning(3, 17), morning(3, 20))]
    again = give(early, do.Escalate("answer", DUE, "head"), None, morning(3, 18))
    assert "head" not in [m.step for m in come(again, RULES, morning(3, 17), morning(3, 20))]
    assert [d.due for d in again.duties] == [DUE]


def test_what_was_escalated_is_not_escalated_again_after_the_clock_went_back_a_day() -> None:
    late = give(a_petition(), do.Escalate("answer", DUE, "head"), None, morning(3, 18))
    assert "head" not in [m.step for m in come(late, RULES, morning(3, 11), morning(3, 18))]
    before = morning(3, 18) - timedelta(minutes=1)
    with pytest.raises(Refused, match="escalated_before"):
        give(late, do.Escalate("answer", DUE, "head"), None, before)


def test_a_closed_case_asks_for_nothing_but_what_a_supervision_is_owed() -> None:
    replied = give(handled(), do.Reply(ev.Outcome.EXPLAINED, WHY, "TL 32"), HOLDER)
    assert moments(replied, RULES) == []
    assert next_moment(replied, RULES, NOW) is None
    # Five working days from Monday, 2 March end on Monday, 9 March.
    supervised = give(replied, do.Supervise(ev.Method.LETTER, WHY, 5), WATCHER)
    assert {(m.deadline, m.due) for m in moments(supervised, RULES)} == {
        ("supervision", date(2026, 3, 9))
    }


def test_a_right_of_the_petitioner_s_is_no_duty_of_a_unit_s() -> None:
    """Only what a unit owes is reminded of: not the window for objecting, rating or review."""
    sent = a_petition(category="urban.roads")
    assert {d.name for d in sent.deadlines} == {"answer", "object"}
    assert {m.deadline for m in moments(sent, RULES)} == {"answer"}
    assert give(sent, do.Withdraw(), CITIZEN).duties == ()
