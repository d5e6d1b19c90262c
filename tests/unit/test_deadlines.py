"""The legal clock: against dates typed by hand, and against a reference that walks day by day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import petitions.deadlines
from petitions.deadlines import (
    Calendar,
    DayKind,
    Deadline,
    Limit,
    Profile,
    ProfileError,
    deadline,
    deadlines_after,
    local_date,
    named,
    parse_profile,
    prolonged,
    recounted,
)

CAL, WORK = DayKind.CALENDAR, DayKind.WORKING
PLAIN = Calendar()
SHANGHAI = ZoneInfo("Asia/Shanghai")
PROFILES = Path(petitions.deadlines.__file__).parent / "profiles"


@pytest.fixture(autouse=True, scope="module")
def _nothing_is_announced_after_2026() -> Iterator[None]:
    """A newer library knows 2027; these tests are about a year that is not known."""
    official = chinese_calendar.is_workday

    def is_workday(each: date) -> bool:
        if each.year > 2026:
            raise NotImplementedError
        return bool(official(each))

    petitions.deadlines._announced.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chinese_calendar, "is_workday", is_workday)
        yield
    petitions.deadlines._announced.cache_clear()


def limit(days: int, kind: DayKind = CAL) -> Limit:
    return Limit("handle", days, kind, "TL 34")


def day(text: str) -> date:
    return date.fromisoformat(text)


# Typed from the State Council's arrangements for 2025 and 2026: every day that is not what its
# weekday says, as (first, last, working).
ARRANGED = [
    ("2025-01-01", "2025-01-01", False),
    ("2025-01-26", "2025-01-26", True),
    ("2025-01-28", "2025-02-04", False),
    ("2025-02-08", "2025-02-08", True),
    ("2025-04-04", "2025-04-06", False),
    ("2025-04-27", "2025-04-27", True),
    ("2025-05-01", "2025-05-05", False),
    ("2025-05-31", "2025-06-02", False),
    ("2025-09-28", "2025-09-28", True),
    ("2025-10-01", "2025-10-08", False),
    ("2025-10-11", "2025-10-11", True),
    ("2026-01-01", "2026-01-03", False),
    ("2026-01-04", "2026-01-04", True),
    ("2026-02-14", "2026-02-14", True),
    ("2026-02-15", "2026-02-23", False),
    ("2026-02-28", "2026-02-28", True),
    ("2026-04-04", "2026-04-06", False),
    ("2026-05-01", "2026-05-05", False),
    ("2026-05-09", "2026-05-09", True),
    ("2026-06-19", "2026-06-21", False),
    ("2026-09-20", "2026-09-20", True),
    ("2026-09-25", "2026-09-27", False),
    ("2026-10-01", "2026-10-07", False),
    ("2026-10-10", "2026-10-10", True),
]


def arranged() -> dict[date, bool]:
    days: dict[date, bool] = {}
    for first, last, working in ARRANGED:
        for ordinal in range(day(first).toordinal(), day(last).toordinal() + 1):
            days[date.fromordinal(ordinal)] = working
    return days


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_library_says_what_was_announced(year: int) -> None:
    exceptions = arranged()
    for ordinal in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()):
        each = date.fromordinal(ordinal)
        assert chinese_calendar.is_workday(each) == exceptions.get(each, each.weekday() < 5), each


# start, days, kind, last day: counted by hand on a paper calendar.
BY_HAND = [
    ("2024-12-17", 15, CAL, "2025-01-02"),  # falls on New Year's Day
    ("2025-01-13", 15, CAL, "2025-02-05"),  # New Year's Eve: over the whole Spring Festival
    ("2024-12-29", 30, CAL, "2025-02-05"),
    ("2025-01-11", 15, CAL, "2025-01-26"),  # a Sunday worked in its place
    ("2025-01-24", 15, CAL, "2025-02-08"),  # a Saturday worked in its place
    ("2025-01-25", 15, CAL, "2025-02-10"),  # the Sunday after it is free
    ("2025-03-20", 15, CAL, "2025-04-07"),  # Qingming
    ("2025-02-03", 60, CAL, "2025-04-07"),
    ("2025-03-28", 30, CAL, "2025-04-27"),  # a Sunday worked
    ("2025-04-01", 30, CAL, "2025-05-06"),  # Labour Day
    ("2025-05-16", 15, CAL, "2025-06-03"),  # Dragon Boat, weekend and Monday
    ("2025-08-02", 60, CAL, "2025-10-09"),  # National Day and Mid-Autumn, eight days
    ("2025-09-13", 15, CAL, "2025-09-28"),  # a Sunday worked
    ("2025-09-26", 15, CAL, "2025-10-11"),  # a Saturday worked
    ("2025-09-27", 15, CAL, "2025-10-13"),
    ("2025-12-17", 15, CAL, "2026-01-04"),  # New Year's Day; the next working day is a Sunday
    ("2025-12-20", 15, CAL, "2026-01-04"),
    ("2026-01-16", 30, CAL, "2026-02-24"),  # first of the nine days of Spring Festival
    ("2026-01-30", 15, CAL, "2026-02-14"),  # a Saturday worked before it
    ("2026-02-13", 15, CAL, "2026-02-28"),  # a Saturday worked after it
    ("2026-02-03", 60, CAL, "2026-04-07"),  # Qingming on a Saturday, the Monday in lieu
    ("2026-04-01", 30, CAL, "2026-05-06"),
    ("2026-04-24", 15, CAL, "2026-05-09"),  # a Saturday worked
    ("2026-06-04", 15, CAL, "2026-06-22"),  # Dragon Boat
    ("2026-08-21", 30, CAL, "2026-09-20"),  # a Sunday worked
    ("2026-09-10", 15, CAL, "2026-09-28"),  # Mid-Autumn
    ("2026-08-02", 60, CAL, "2026-10-08"),  # National Day
    ("2026-09-25", 15, CAL, "2026-10-10"),  # a Saturday worked
    ("2026-11-22", 15, CAL, "2026-12-07"),
    ("2025-01-24", 5, WORK, "2025-02-07"),  # Sunday 26th counts, Spring Festival does not
    ("2025-09-26", 3, WORK, "2025-09-30"),  # Sunday 28th counts
    ("2025-09-26", 10, WORK, "2025-10-16"),
    ("2026-02-12", 5, WORK, "2026-02-26"),  # Saturday 14th counts
    ("2026-02-13", 10, WORK, "2026-03-05"),  # both Saturdays count
    ("2026-04-30", 3, WORK, "2026-05-08"),
    ("2026-04-30", 5, WORK, "2026-05-11"),
    ("2026-09-30", 3, WORK, "2026-10-10"),
    ("2026-10-01", 5, WORK, "2026-10-13"),  # starts on a day off
    ("2025-01-26", 3, WORK, "2025-02-06"),  # 27, then 5 and 6 after the festival
    ("2026-01-01", 3, WORK, "2026-01-06"),  # Sunday 4th counts
    ("2025-01-20", 10, WORK, "2025-02-08"),  # 21-24, Sunday 26, 27, 5, 6, 7, Saturday 8
    ("2026-09-17", 10, WORK, "2026-10-08"),  # 18, Sunday 20, 21-24, 28, 29, 30, 8
    ("2025-02-03", 90, CAL, "2025-05-06"),  # Labour Day
    ("2025-11-17", 90, CAL, "2026-02-24"),  # first day of Spring Festival
    ("2026-03-10", 90, CAL, "2026-06-08"),
    ("2026-07-04", 90, CAL, "2026-10-08"),  # National Day
]


@pytest.mark.parametrize(("start", "days", "kind", "due"), BY_HAND)
def test_dates_counted_by_hand(start: str, days: int, kind: DayKind, due: str) -> None:
    found = deadline(limit(days, kind), day(start), PLAIN)
    assert found == Deadline("handle", day(due), kind, "TL 34", provisional=False)


INTO_2027 = [
    ("2026-11-02", 60, CAL, "2027-01-01"),  # stands unshifted, New Year's Day or not
    ("2026-11-03", 60, CAL, "2027-01-02"),  # a Saturday stands as well
    ("2026-11-22", 60, CAL, "2027-01-21"),
    ("2026-12-28", 5, WORK, "2027-01-04"),  # 29, 30, 31, Friday 1, Monday 4
    ("2026-12-30", 3, WORK, "2027-01-04"),
    ("2026-12-24", 10, WORK, "2027-01-07"),  # 25, 28-31, Friday 1, 4-7
    ("2026-12-04", 30, CAL, "2027-01-03"),  # a Sunday
    ("2026-10-10", 90, CAL, "2027-01-08"),
]


@pytest.mark.parametrize(("start", "days", "kind", "due"), INTO_2027)
def test_a_year_not_announced_is_provisional(
    start: str, days: int, kind: DayKind, due: str
) -> None:
    found = deadline(limit(days, kind), day(start), Calendar(complete=frozenset()))
    assert found == Deadline("handle", day(due), kind, "TL 34", provisional=True)


# profile, event, its day, and every deadline that follows: counted by hand likewise.
FOLLOWS = [
    ("national", "registered", "2025-03-05", {"answer": "2025-03-20"}),
    ("national", "registered", "2025-01-17", {"answer": "2025-02-05"}),  # 1 Feb: the festival
    ("national", "registered", "2025-09-20", {"answer": "2025-10-09"}),  # 5 Oct
    ("national", "registered", "2026-02-01", {"answer": "2026-02-24"}),  # 16 Feb
    ("national", "registered", "2026-02-10", {"answer": "2026-02-25"}),
    ("national", "registered", "2026-09-05", {"answer": "2026-09-20"}),  # a Sunday worked
    # 24, Sunday 26, 27, then 5 and 6
    ("zhejiang", "registered", "2025-01-23", {"answer": "2025-02-06"}),
    # Sunday 27, 28, 29, 30, then 6
    ("zhejiang", "registered", "2025-04-25", {"answer": "2025-05-06"}),
    # 30, then 9, 10, Saturday 11, 13
    ("zhejiang", "registered", "2025-09-29", {"answer": "2025-10-13"}),
    # Sunday 4, 5, 6, 7, 8
    ("zhejiang", "registered", "2025-12-31", {"answer": "2026-01-08"}),
    # 12, 13, Saturday 14, then 24 and 25
    ("zhejiang", "registered", "2026-02-11", {"answer": "2026-02-25"}),
    # 3, then 7, 8, 9, 10
    ("zhejiang", "registered", "2026-04-02", {"answer": "2026-04-10"}),
    # 18, then 22, 23, 24, 25
    ("zhejiang", "registered", "2026-06-17", {"answer": "2026-06-25"}),
    ("national", "routed", "2025-05-20", {"accept": "2025-06-04", "object": "2025-05-27"}),
    # 29, 30, then 6, 7, 8
    ("national", "routed", "2026-04-28", {"accept": "2026-05-13", "object": "2026-05-08"}),
    # 3 Oct; Sunday 20, 21, 22, 23, 24
    ("national", "routed", "2026-09-18", {"accept": "2026-10-08", "object": "2026-09-24"}),
    # 29, 30, then 3, 4, 5
    ("zhejiang", "routed", "2025-05-28", {"accept": "2025-06-05", "object": "2025-06-05"}),
    # Saturday 11, 13, 14
    ("national", "routed-simple", "2025-10-10", {"accept-simple": "2025-10-14"}),
    # Saturday 28, 2, 3
    ("zhejiang", "routed-simple", "2026-02-27", {"accept-simple": "2026-03-03"}),
    # Sunday 27, 28, 29, 30, then 6-9, 12, 13
    ("national", "accepted-simple", "2025-04-25", {"handle-simple": "2025-05-13"}),
    # 7, 8, Saturday 9, 11-15, 18, 19
    ("zhejiang", "accepted-simple", "2026-05-06", {"handle-simple": "2026-05-19"}),
    ("national", "accepted", "2026-02-10", {"handle": "2026-04-13"}),  # 11 Apr: a Saturday
    ("national", "accepted", "2025-08-05", {"handle": "2025-10-09"}),  # 4 Oct
    ("national", "accepted", "2025-12-01", {"handle": "2026-01-30"}),
    ("national", "accepted", "2025-12-20", {"handle": "2026-02-24"}),  # 18 Feb
    ("zhejiang", "accepted", "2026-02-10", {"handle": "2026-03-12"}),
    ("zhejiang", "accepted", "2025-12-31", {"handle": "2026-01-30"}),
    ("zhejiang", "accepted", "2025-09-07", {"handle": "2025-10-09"}),  # 7 Oct
    ("zhejiang", "accepted", "2026-01-20", {"handle": "2026-02-24"}),  # 19 Feb
    ("zhejiang", "accepted", "2025-04-04", {"handle": "2025-05-06"}),  # 4 May
    # 21 Jun: Dragon Boat, and a Sunday
    ("national", "replied", "2026-05-22", {"rate": "2026-06-22", "ask-review": "2026-06-22"}),
    ("zhejiang", "replied", "2025-01-02", {"rate": "2025-02-05", "ask-review": "2025-02-05"}),
    ("national", "review-asked", "2025-09-01", {"decide-review": "2025-10-09"}),  # 1 Oct
    ("zhejiang", "review-asked", "2026-08-31", {"decide-review": "2026-09-30"}),
    ("national", "review-decided", "2026-03-06", {"ask-second-review": "2026-04-07"}),  # 5 Apr
    # A Saturday worked.
    ("zhejiang", "review-decided", "2026-09-10", {"ask-second-review": "2026-10-10"}),
    # A Sunday worked.
    ("national", "second-review-asked", "2025-03-28", {"decide-second-review": "2025-04-27"}),
]


@pytest.mark.parametrize(("name", "event", "on", "follows"), FOLLOWS)
def test_what_follows_an_event_counted_by_hand(
    name: str, event: str, on: str, follows: dict[str, str]
) -> None:
    found = deadlines_after(profile(name), event, day(on), PLAIN)
    assert {each.name: each.due.isoformat() for each in found} == follows
    assert not any(each.provisional for each in found)
    assert all(each.clause for each in found)


FOLLOWS_INTO_2027 = [
    ("national", "registered", "2026-12-21", {"answer": "2027-01-05"}),
    # 31, Friday 1, 4, 5, 6
    ("zhejiang", "registered", "2026-12-30", {"answer": "2027-01-06"}),
    # 22-25, 28-31, Friday 1, Monday 4
    ("national", "accepted-simple", "2026-12-21", {"handle-simple": "2027-01-04"}),
    ("national", "accepted", "2026-11-25", {"handle": "2027-01-24"}),  # a Sunday stands
    ("zhejiang", "accepted", "2026-12-02", {"handle": "2027-01-01"}),  # New Year's Day stands
    ("national", "replied", "2026-12-10", {"rate": "2027-01-09", "ask-review": "2027-01-09"}),
    ("national", "second-review-asked", "2026-12-05", {"decide-second-review": "2027-01-04"}),
]


@pytest.mark.parametrize(("name", "event", "on", "follows"), FOLLOWS_INTO_2027)
def test_what_follows_into_a_year_not_announced_is_provisional(
    name: str, event: str, on: str, follows: dict[str, str]
) -> None:
    found = deadlines_after(profile(name), event, day(on), PLAIN)
    assert {each.name: each.due.isoformat() for each in found} == follows
    assert all(each.provisional for each in found)


# profile, accepted on, to be handled by, and by when after the longest extension.
EXTENDED = [
    # 30 Aug: a Saturday; then 1 Oct
    ("national", "2025-07-01", "2025-09-01", "2025-10-09", False),
    ("zhejiang", "2026-07-01", "2026-07-31", "2026-09-29", False),
    # 15 Mar: a Sunday
    ("zhejiang", "2025-12-15", "2026-01-14", "2026-03-16", False),
    ("national", "2026-10-08", "2026-12-07", "2027-01-06", True),
]


@pytest.mark.parametrize(("name", "on", "due", "later", "provisional"), EXTENDED)
def test_the_longest_extension_counted_by_hand(
    name: str, on: str, due: str, later: str, provisional: bool
) -> None:
    handle = deadlines_after(profile(name), "accepted", day(on), PLAIN)
    assert [each.due.isoformat() for each in handle] == [due]
    (found,) = deadlines_after(profile(name), "extended", day(due), PLAIN, running=handle)
    assert (found.name, found.due.isoformat(), found.provisional) == ("handle", later, provisional)


def test_the_office_s_word_makes_a_year_known() -> None:
    off = {date(2027, 1, each): False for each in (1, 2, 3)}
    calendar = Calendar(off, complete=frozenset({2027}))
    assert deadline(limit(60), date(2026, 11, 2), calendar).due == date(2027, 1, 4)
    counted = deadline(limit(5, WORK), date(2026, 12, 28), calendar)
    assert (counted.due, counted.provisional) == (date(2027, 1, 5), False)


def test_one_override_does_not_make_a_year_known() -> None:
    calendar = Calendar({date(2027, 1, 1): False})
    found = deadline(limit(60), date(2026, 11, 2), calendar)
    assert (found.due, found.provisional) == (date(2027, 1, 2), True)


def test_the_office_s_word_wins_over_the_announced() -> None:
    calendar = Calendar({date(2026, 12, 7): False, date(2026, 12, 8): False})
    assert deadline(limit(15), date(2026, 11, 22), calendar).due == date(2026, 12, 9)
    calendar = Calendar({date(2026, 10, 1): True}, complete=frozenset({2026}))
    assert deadline(limit(60), date(2026, 8, 2), calendar).due == date(2026, 10, 1)
    assert calendar.working(date(2026, 10, 2)) is False


TYPED = arranged()


def known(each: date, overrides: dict[date, bool], complete: frozenset[int]) -> bool | None:
    """By the arrangements typed above and by nothing that the product uses."""
    if each in overrides:
        return overrides[each]
    if each.year in {2025, 2026} | complete:
        return TYPED.get(each, each.isoweekday() <= 5)
    return None


def slowly(
    lim: Limit, on: date, overrides: dict[date, bool], complete: frozenset[int]
) -> tuple[date, bool]:
    """The rule as a list of days, ticked off one at a time."""
    ticked, unsure, today = 0, False, on
    while True:
        today = date.fromordinal(today.toordinal() + 1)
        state = known(today, overrides, complete)
        if lim.kind is WORK:
            unsure = unsure or state is None
            ticked += today.isoweekday() < 6 if state is None else state
            if ticked == lim.days:
                return today, unsure
        else:
            ticked += 1
            if ticked >= lim.days and state is not False:
                return today, state is None


days_ = st.dates(date(2024, 12, 31), date(2030, 12, 31))
near_the_edge = st.dates(date(2026, 9, 1), date(2027, 3, 31))
limits = st.builds(limit, st.integers(1, 120), st.sampled_from(DayKind))
overrides_ = st.dictionaries(near_the_edge, st.booleans(), max_size=40)
complete_ = st.frozensets(st.integers(2026, 2028), max_size=2)


@settings(deadline=None, max_examples=400)
@given(limits, days_ | near_the_edge, overrides_, complete_)
def test_as_a_slow_count_says(
    lim: Limit, on: date, overrides: dict[date, bool], complete: frozenset[int]
) -> None:
    found = deadline(lim, on, Calendar(overrides, complete))
    assert (found.due, found.provisional) == slowly(lim, on, overrides, complete)


@settings(deadline=None, max_examples=200)
@given(limits, limits, days_ | near_the_edge, overrides_, complete_)
def test_an_extension_is_as_a_slow_count_says(
    lim: Limit, more: Limit, on: date, overrides: dict[date, bool], complete: frozenset[int]
) -> None:
    calendar = Calendar(overrides, complete)
    found = prolonged(more, deadline(lim, on, calendar), calendar)
    first, unsure = slowly(lim, on, overrides, complete)
    last, unsure_too = slowly(more, first, overrides, complete)
    assert (found.due, found.provisional) == (last, unsure or unsure_too)


@settings(deadline=None)
@given(limits, st.dates(date(2004, 1, 1), date(2026, 3, 1)))
def test_a_firm_deadline_is_a_working_day_and_never_early(lim: Limit, on: date) -> None:
    found = deadline(lim, on, PLAIN)
    assert not found.provisional
    assert PLAIN.working(found.due)
    assert found.due >= on + timedelta(days=lim.days)
    assert found.due <= deadline(lim, on + timedelta(days=1), PLAIN).due


def test_days_are_the_office_s() -> None:
    late = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    assert local_date(late, SHANGHAI) == date(2026, 11, 23)
    with pytest.raises(ValueError, match="zone"):
        local_date(datetime(2026, 11, 22), SHANGHAI)  # noqa: DTZ001
    with pytest.raises(TypeError):
        deadline(limit(15), late, PLAIN)


def profile(name: str) -> Profile:
    return parse_profile((PROFILES / f"{name}.toml").read_text(encoding="utf-8"))


def table(name: str) -> dict[str, tuple[str, int, str, str]]:
    return {
        lim.name: (event, lim.days, lim.kind.value, lim.prolongs)
        for event, group in profile(name).limits.items()
        for lim in group
    }


NATIONAL = {
    "answer": ("registered", 15, "calendar", ""),
    "accept": ("routed", 15, "calendar", ""),
    "object": ("routed", 5, "working", ""),
    "handle": ("accepted", 60, "calendar", ""),
    "extension": ("extended", 30, "calendar", "handle"),
    "accept-simple": ("routed-simple", 3, "working", ""),
    "handle-simple": ("accepted-simple", 10, "working", ""),
    "rate": ("replied", 30, "calendar", ""),
    "ask-review": ("replied", 30, "calendar", ""),
    "decide-review": ("review-asked", 30, "calendar", ""),
    "ask-second-review": ("review-decided", 30, "calendar", ""),
    "decide-second-review": ("second-review-asked", 30, "calendar", ""),
}


def test_the_profiles_that_are_shipped() -> None:
    assert profile("national").name == "national"
    assert table("national") == NATIONAL
    assert profile("zhejiang").name == "zhejiang"
    assert table("zhejiang") == NATIONAL | {
        "answer": ("registered", 5, "working", ""),
        "accept": ("routed", 5, "working", ""),
        "handle": ("accepted", 30, "calendar", ""),
        "extension": ("extended", 60, "calendar", "handle"),
    }


def test_what_an_event_starts() -> None:
    national = profile("national")
    started = deadlines_after(national, "routed", date(2026, 9, 25), PLAIN)
    assert [(each.name, each.due) for each in started] == [
        ("accept", date(2026, 10, 10)),
        ("object", date(2026, 10, 9)),  # 28, 29, 30, then 8 and 9
    ]
    assert deadlines_after(national, "withdrawn", date(2026, 9, 25), PLAIN) == []


def test_an_extension_counts_from_the_old_last_day() -> None:
    national = profile("national")
    handle = deadlines_after(national, "accepted", date(2026, 6, 1), PLAIN)
    assert handle[0].due == date(2026, 7, 31)
    granted = date(2026, 7, 10)
    later = deadlines_after(national, "extended", granted, PLAIN, running=handle)
    assert later == [Deadline("handle", date(2026, 8, 31), CAL, "TL 34", provisional=False)]
    with pytest.raises(ValueError, match="extension"):
        deadlines_after(national, "extended", granted, PLAIN)


def test_an_extension_of_a_provisional_deadline_is_provisional() -> None:
    unsure = Deadline("handle", date(2026, 12, 1), CAL, "TL 34", provisional=True)
    assert prolonged(limit(7), unsure, PLAIN).provisional
    sure = Deadline("handle", date(2026, 12, 1), CAL, "TL 34", provisional=False)
    assert not prolonged(limit(7), sure, PLAIN).provisional
    assert prolonged(limit(60), sure, PLAIN).provisional


GOOD = """
name = "x"
[limits.handle]
after = "accepted"
days = 60
kind = "calendar"
clause = "TL 34"
"""


@pytest.mark.parametrize(
    ("good", "bad", "key"),
    [
        ("days = 60", "days = 0", "limits.handle.days"),
        ("days = 60", "days = true", "limits.handle.days"),
        ("days = 60", 'days = "60"', "limits.handle.days"),
        ("days = 60", "", "limits.handle.days"),
        ('"accepted"', '"acepted"', "limits.handle.after"),
        ('"calendar"', '"lunar"', "limits.handle.kind"),
        ('"TL 34"', '""', "limits.handle.clause"),
        ("days = 60", "days = 60\ndayz = 6", "limits.handle.dayz"),
        ("days = 60", 'days = 60\nprolongs = "x"', "limits.handle.prolongs"),
        ('name = "x"', "", "name"),
        ('name = "x"', 'name = "x"\nlaw = "y"', "law"),
        ("[limits.handle]", "[limits]", "limits.after"),
        ("[limits.handle]", "[limit.handle]", "limits"),
        ('name = "x"', "name = ", "TOML"),
    ],
)
def test_a_wrong_profile_names_the_key(good: str, bad: str, key: str) -> None:
    assert parse_profile(GOOD).limits["accepted"][0] == limit(60)
    with pytest.raises(ProfileError, match=key):
        parse_profile(GOOD.replace(good, bad))


def test_a_deadline_is_found_by_its_name_and_never_by_its_place() -> None:
    running = deadlines_after(profile("national"), "replied", date(2026, 3, 2), Calendar())
    assert named(reversed(running), "rate").name == "rate"
    with pytest.raises(KeyError, match="handle"):
        named(running, "handle")


# -- counted again --------------------------------------------------------------------------------


def test_a_deadline_is_counted_again_from_its_first_day_with_all_that_was_added() -> None:
    """7 December + 60 days is 5 February 2027, + 10 is the 15th; the 6th to the 20th are off."""
    first = deadline(limit(60), day("2026-12-07"), Calendar())
    running = prolonged(limit(10), first, Calendar())
    assert (running.due, running.provisional, running.more) == (day("2027-02-15"), True, (10,))
    off = {day(f"2027-02-{n:02}"): False for n in range(6, 21)}
    again = recounted(running, Calendar(off, frozenset({2027})))
    # Saturday, 20 February is the last day off, and the 21st a Sunday.
    assert (again.due, again.provisional, again.more) == (day("2027-02-22"), False, (10,))
    assert (again.since, again.days) == (day("2026-12-07"), 60)


def test_an_extension_is_counted_again_from_where_the_first_limit_then_ends() -> None:
    """The old last day moves from 5 to 21 February, so the ten days count from the 21st."""
    running = prolonged(limit(10), deadline(limit(60), day("2026-12-07"), Calendar()), Calendar())
    off = {day(f"2027-02-{n:02}"): False for n in range(5, 21)} | {day("2027-02-21"): True}
    again = recounted(running, Calendar(off, frozenset({2027})))
    assert again.due == day("2027-03-03")


def test_a_firm_deadline_is_the_same_when_it_is_counted_again() -> None:
    firm = deadline(limit(60), day("2026-03-02"), Calendar())
    assert recounted(firm, Calendar()) == firm


def test_a_deadline_that_does_not_say_how_it_was_counted_stays_as_it_is() -> None:
    old = Deadline("handle", day("2027-02-05"), CAL, "TL 34", provisional=True)
    assert recounted(old, Calendar({}, frozenset({2027}))) is old
