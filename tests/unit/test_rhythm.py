"""Which period is told when, and where: weeks, months, quarters, in the office's zone and hours."""

from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any

import pytest

from dialogs.staff.periods import NotAPeriod, typed
from petitions.digests import after, moment, newest, readers
from petitions.indicators import Period
from petitions.office import Office, OfficeError, parse_office

SAMPLE = files("bot").joinpath("sample", "office.toml").read_text("utf-8")
NOW = datetime(2026, 11, 23, 0, 59, tzinfo=UTC)  # a Monday, 8:59 in Shanghai


def office(**digests: Any) -> Office:
    made = parse_office(SAMPLE)
    return made.model_copy(update={"digests": made.digests.model_copy(update=digests)})


@pytest.mark.parametrize(
    ("kind", "day", "at"),
    [
        ("week", date(2026, 11, 18), datetime(2026, 11, 23, 1, tzinfo=UTC)),
        ("week", date(2026, 12, 31), datetime(2027, 1, 4, 1, tzinfo=UTC)),
        ("month", date(2026, 11, 18), datetime(2026, 12, 1, 1, tzinfo=UTC)),
        ("month", date(2026, 12, 18), datetime(2027, 1, 1, 1, tzinfo=UTC)),
        ("quarter", date(2026, 11, 18), datetime(2027, 1, 5, 1, tzinfo=UTC)),
        ("quarter", date(2026, 3, 31), datetime(2026, 4, 5, 1, tzinfo=UTC)),
    ],
)
def test_a_period_is_told_once_it_is_over_at_the_office_s_hour(
    kind: Any, day: date, at: datetime
) -> None:
    assert moment(office(), Period.of(kind, day)) == at


def test_the_newest_is_the_one_whose_hour_has_come() -> None:
    week = Period.of("week", date(2026, 11, 16))
    assert newest(office(), "week", NOW) == week.before()
    assert newest(office(), "week", NOW.replace(hour=1, minute=0)) == week
    assert newest(office(), "month", NOW) == Period.of("month", date(2026, 10, 1))
    early = datetime(2027, 1, 3, tzinfo=UTC)  # the quarter is over, its digest is not due yet
    assert newest(office(), "quarter", early) == Period.of("quarter", date(2026, 7, 1))


@pytest.mark.parametrize("kind", ["week", "month", "quarter"])
def test_each_period_follows_the_one_before_without_a_gap(kind: Any) -> None:
    period = Period.of(kind, date(2025, 12, 30))
    for _ in range(60):
        following = after(period)
        assert (following.first - period.last).days == 1
        assert following.before() == period
        assert newest(office(), kind, moment(office(), following)) == following
        period = following


def test_who_is_told_of_what() -> None:
    told = set(readers(office()))
    assert {unit for kind, unit in told if kind == "quarter"} == {"xinfang", "ducha"}
    weekly = {unit for kind, unit in told if kind == "week"}
    assert weekly >= {"xinfang", "ducha", "zhujian", "hekou"}
    assert not weekly & {"jiwei", "shengjw"}


def test_the_office_says_otherwise() -> None:
    told = set(readers(office(off=frozenset({"month"}), own=frozenset(), overall=("shifu",))))
    assert told == {("week", "shifu"), ("quarter", "shifu")}
    assert office(overall=("shifu",)).hears_of_all("shifu")
    assert not office(overall=("shifu",)).hears_of_all("xinfang")


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("week = { day = 8 }", "digests.week.day"),
        ("month = { day = 29 }", "digests.month.day"),
        ('overall = ["nobody"]', "digests.overall"),
        ('own = ["year"]', "digests.own"),
        ('at = "x"', "digests.at"),
    ],
)
def test_a_wrong_rhythm_is_named_at_the_start(given: str, named: str) -> None:
    head = SAMPLE.index("[digests]")
    end = SAMPLE.index("[reports]")
    with pytest.raises(OfficeError, match=named):
        parse_office(f"{SAMPLE[:head]}[digests]\n{given}\n\n{SAMPLE[end:]}")


# -- what people type ----------------------------------------------------------------------------

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "kind", "first", "last"),
    [
        ("2026-01-01 2026-03-31", "days", "2026-01-01", "2026-03-31"),
        ("2026-01-01  2026-3-31 ", "days", "2026-01-01", "2026-03-31"),
        ("2026/1/1-2026/3/31", "days", "2026-01-01", "2026-03-31"),
        ("2026年1月1日至2026年3月31日", "days", "2026-01-01", "2026-03-31"),
        ("2026.1.1 到 2026.3.31", "days", "2026-01-01", "2026-03-31"),
        ("2026-01-01 to 2026-03-31", "days", "2026-01-01", "2026-03-31"),
        ("2026-03-02", "days", "2026-03-02", "2026-03-02"),
        ("2026-11-01 2027-01-31", "days", "2026-11-01", "2027-01-31"),
        ("2026-03", "month", "2026-03-01", "2026-03-31"),
        ("2026年3月", "month", "2026-03-01", "2026-03-31"),
        ("2026-Q1", "quarter", "2026-01-01", "2026-03-31"),
        ("2026 q4", "quarter", "2026-10-01", "2026-12-31"),
        ("2026年第3季度", "quarter", "2026-07-01", "2026-09-30"),
        ("2026", "year", "2026-01-01", "2026-12-31"),
        ("2025年", "year", "2025-01-01", "2025-12-31"),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, kind: str, first: str, last: str) -> None:
    found = typed(text, TODAY)
    assert (found.kind, f"{found.first}", f"{found.last}") == (kind, first, last)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("昨天", "not_dates"),
        ("2026-02-30 2026-03-31", "not_dates"),
        ("2026-13", "not_dates"),
        ("0000", "not_dates"),
        ("01-03-2026", "not_dates"),
        ("2026-01-01 2026-03-31 x", "not_dates"),
        ("2026-01-01\n2026", "not_dates"),
        ("９９９９-９９-９９", "not_dates"),
        ("2026-03-31 2026-01-01", "backwards"),
        ("2027-01-01 2027-03-31", "future"),
        ("2026-12", "future"),
        ("2020-01-01 2026-01-01", "too_long"),
    ],
)
def test_what_is_no_period_is_told_why(text: str, why: str) -> None:
    with pytest.raises(NotAPeriod) as wrong:
        typed(text, TODAY)
    assert wrong.value.key == why
