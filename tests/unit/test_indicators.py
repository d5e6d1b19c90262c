"""The figures of the reports, made of counts: periods, rates, tables, units."""

import json
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from figures import COUNTS, LEAST, a_report, some_totals
from hypothesis import given
from hypothesis import strategies as st
from making import HEAD, HOLDER, INSPECTOR, OUTSIDER, ROADS, RULES, WATCHER, somebody

from petitions.indicators import (
    Change,
    Disagreement,
    Line,
    Period,
    Rate,
    Scope,
    Timely,
    Verdicts,
    lines,
    parts,
    percent,
    scopes_of,
    scopes_of_group,
    totals,
)

# -- periods -----------------------------------------------------------------------------------


def test_a_period_is_that_of_the_calendar() -> None:
    day = date(2026, 2, 28)  # a Saturday
    assert Period.of("week", day) == Period("week", date(2026, 2, 23), date(2026, 3, 1))
    assert Period.of("month", day) == Period("month", date(2026, 2, 1), day)
    assert Period.of("quarter", day) == Period("quarter", date(2026, 1, 1), date(2026, 3, 31))
    assert Period.of("year", day) == Period("year", date(2026, 1, 1), date(2026, 12, 31))
    assert Period.of("month", date(2026, 12, 31)).last == date(2026, 12, 31)


def test_a_digest_speaks_of_the_one_that_is_over() -> None:
    assert Period.ended("week", date(2026, 3, 2)).last == date(2026, 3, 1)
    assert Period.ended("week", date(2026, 3, 8)).last == date(2026, 3, 1)  # Sunday is not over
    assert Period.ended("month", date(2026, 1, 1)) == Period.of("month", date(2025, 12, 5))
    assert Period.ended("quarter", date(2026, 4, 1)) == Period.of("quarter", date(2026, 3, 1))


def test_a_period_is_compared_with_the_one_before_and_last_year_s() -> None:
    march = Period.of("month", date(2026, 3, 9))
    assert march.before() == Period.of("month", date(2026, 2, 1))
    assert march.year_before() == Period.of("month", date(2025, 3, 1))
    assert Period.of("quarter", date(2026, 2, 1)).before().first == date(2025, 10, 1)
    week = Period.of("week", date(2026, 3, 2))
    assert week.year_before() == Period.of("week", date(2025, 3, 3))
    leap = Period.days(date(2024, 2, 29), date(2024, 3, 2))
    assert leap.year_before() == Period.days(date(2023, 2, 28), date(2023, 3, 2))
    assert leap.before() == Period.days(date(2024, 2, 26), date(2024, 2, 28))
    assert Period.of("month", date(2024, 2, 9)).year_before().last == date(2023, 2, 28)
    year = Period.of("year", date(2026, 5, 5))
    assert year.before() == year.year_before() == Period.of("year", date(2025, 1, 1))
    with pytest.raises(ValueError, match="ends before"):
        Period.days(date(2026, 1, 2), date(2026, 1, 1))


DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
PERIODS = st.one_of(
    st.builds(Period.of, st.sampled_from(("week", "month", "quarter", "year")), DAYS),
    st.builds(lambda d, n: Period.days(d, d + timedelta(days=n)), DAYS, st.integers(0, 800)),
)


@given(PERIODS)
def test_the_steps_of_a_period_are_all_of_its_days_once(period: Period) -> None:
    steps = period.steps()
    assert [day for step in steps for day in step] == list(period)
    assert len(steps) <= 45
    assert all((day in period) == (period.first <= day <= period.last) for day in steps[0])
    assert period.before().last == period.first - timedelta(days=1)
    assert len(list(period)) == period.length


@pytest.mark.parametrize(
    ("kind", "points"), [("week", 7), ("month", 31), ("quarter", 14), ("year", 12)]
)
def test_a_line_has_points_enough(kind: Any, points: int) -> None:
    assert len(Period.of(kind, date(2026, 3, 9)).steps()) == points


# -- rates -------------------------------------------------------------------------------------


def test_what_is_published_comes_out_as_it_was_published() -> None:
    """A bureau's letters by origin, and 365 done of 473 with none of the rest due [field]."""
    found = some_totals()
    assert [share.percent for share in found.origins.shares] == [59.0, 15.7, 25.4]
    assert found.origins.total == 1864
    assert found.origins.percents == 100.1  # said under the table
    assert found.origins.disagreement is None
    assert (found.completion, found.completion.rate.percent) == (Timely(365, 0, 0), 100.0)
    assert (found.completed, found.completed.percent) == (Rate(365, 473), 77.2)
    assert Rate(37, 38).percent == 97.4


def test_halves_are_rounded_up_and_nothing_is_divided_by_nothing() -> None:
    assert [percent(1, 400), percent(1, 800), percent(2, 3)] == [0.3, 0.1, 66.7]
    assert percent(0, 0) is None
    assert Timely().rate.percent is None
    assert parts("x", {}, order=("a",)).shares[0].percent is None
    assert parts("x", {}, order=("a",)).percents is None


def test_a_change_is_told_against_both_and_never_against_nothing() -> None:
    assert Change(3, 2, 4).on_before == 50.0
    assert Change(3, 2, 4).on_year == -25.0
    assert Change(3, 0, 3).on_before is None
    assert Change(3, 0, 3).on_year == 0.0
    assert (Change(801, 800, 1).on_before, Change(799, 800, 1).on_before) == (0.1, -0.1)


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_rate_is_between_nothing_and_all(part: int, more: int) -> None:
    found = percent(part, part + more)
    assert found is not None
    assert 0 <= found <= 100
    assert abs(found - 100 * part / (part + more)) <= 0.05 + 1e-9


def test_satisfaction_is_not_told_of_few_and_never_without_how_many() -> None:
    few = totals({("rated_office", "bad"): 4, ("rated_unit", "bad"): 4, ("silent", ""): 9}, 5)
    assert few.survey.office_rate.hidden
    assert few.survey.unit_rate.hidden
    assert few.survey.unit_rate.percent is None
    assert few.survey.response == Rate(4, 13)
    enough = totals({("rated_office", "bad"): 5, ("rated_unit", "fair"): 5}, 5).survey
    assert (enough.office_rate, enough.unit_rate) == (Rate(0, 5), Rate(5, 5))
    assert Verdicts(2, 1, 1).rate == Rate(3, 4)
    assert totals({}, 1).survey.unit_rate.hidden


# -- tables ------------------------------------------------------------------------------------


def test_a_table_whose_parts_do_not_make_its_total_says_so() -> None:
    """As one bureau's published visits are off by 22 [field]; and the report says where."""
    broken = parts("districts", {"north": 1800, "": 42})
    assert broken.disagreement is None
    told = a_report(districts=parts("districts", {"north": 1800, "": 42}, total=1864))
    assert told.disagreements == (Disagreement("districts", 1864, 1842),)
    lost = totals({("origins", "first"): 3}, LEAST, registered=4)
    assert lost.registered == 4
    assert a_report(totals=lost).disagreements[0] == Disagreement("origins", 4, 3)


def test_every_table_of_a_report_is_checked() -> None:
    tables = [table.table for table in a_report().tables]
    assert {"origins", "outcomes", "declined", "findings", "purposes", "categories"} <= {*tables}
    assert {"urban", "districts", "units", "open", "trend", "reviews"} <= {*tables}


def test_parts_stand_in_their_order_and_the_rest_by_size() -> None:
    table = parts("x", {"b": 2, "c": 5, "d": 5, "z": 0}, order=("z", "a"))
    assert [(s.key, s.count) for s in table.shares] == [
        ("z", 0),
        ("a", 0),
        ("c", 5),
        ("d", 5),
        ("b", 2),
    ]
    assert (table.count("c"), table.count("nothing")) == (5, 0)


def test_the_report_made_by_hand_agrees_and_can_be_told_as_json() -> None:
    report = a_report()
    assert report.disagreements == ()
    assert json.loads(json.dumps(report.as_json()))["totals"]["registered"] == 1864
    assert report.change("registered").on_before == 11.1
    assert report.change("reviews").now == 17
    assert report.leaves_out_reports


# -- units -------------------------------------------------------------------------------------

COUNTED = st.dictionaries(st.sampled_from(sorted(COUNTS)), st.integers(0, 12))
UNITS = st.dictionaries(st.sampled_from(("roads", "water", "housing", "front")), COUNTED)


def rated(line: Line) -> int:
    return line.totals.survey.rated


@given(UNITS, st.integers(1, 12))
def test_no_unit_s_few_ratings_are_found_by_taking_the_others_away(
    by_unit: dict[str, dict[tuple[str, str], int]], least: int
) -> None:
    found = lines(by_unit, least)
    assert [line.unit for line in found] == list(by_unit)
    hidden = [rated(line) for line in found if line.totals.survey.unit is None and rated(line)]
    shown = [rated(line) for line in found if line.totals.survey.unit is not None]
    assert all(n >= least for n in shown)
    assert not hidden or sum(hidden) >= least or not shown


@given(UNITS)
def test_what_units_add_up_to_is_the_whole(
    by_unit: dict[str, dict[tuple[str, str], int]],
) -> None:
    whole: Counter[tuple[str, str]] = Counter()
    for counts in by_unit.values():
        whole.update(counts)
    all_, each = totals(whole, LEAST), [line.totals for line in lines(by_unit, LEAST)]
    for figure in ("registered", "accepted", "withdrawn"):
        assert getattr(all_, figure) == sum(getattr(t, figure) for t in each)
    for figure in ("routing", "acceptance", "completion", "reviewing", "answering"):
        rates = [getattr(t, figure) for t in (all_, *each)]
        assert rates[0].due == sum(rate.due for rate in rates[1:])
        assert all(rate.rate.percent is None or 0 <= rate.rate.percent <= 100 for rate in rates)
    for table in all_.tables:
        assert table.disagreement is None
        same = [t for line in each for t in line.tables if t.table == table.table]
        assert table.total == sum(t.total for t in same)
        for share in table.shares:
            assert share.count == sum(t.count(share.key) for t in same)


# -- whose cases -------------------------------------------------------------------------------


def test_a_group_is_told_of_its_own_and_the_petition_office_of_all() -> None:
    office = RULES.office
    assert scopes_of_group(["roads"], office) == (Scope(("roads",)),)
    assert scopes_of_group(["water", "housing"], office) == (Scope(("housing", "water")),)
    assert scopes_of_group(["front"], office) == (Scope(),)
    assert scopes_of_group(["ducha"], office) == (Scope(),)
    own = (Scope(("jiwei",)), Scope(("jiwei",), reports=True))
    assert scopes_of_group(["jiwei"], office) == own
    assert scopes_of_group([], office) == ()
    both = ("roads", "jiwei")  # what is about roads must not be counted where roads reads along
    assert scopes_of_group(both, office) == (Scope(both), Scope(both, reports=True))


def test_an_officer_may_ask_for_what_their_units_are_told() -> None:
    office = RULES.office
    assert scopes_of(somebody(HEAD), office) == (Scope(),)
    assert scopes_of(somebody(HOLDER), office) == (Scope(),)
    assert scopes_of(somebody(WATCHER), office) == (Scope(),)
    assert scopes_of(somebody(ROADS), office) == (Scope(("roads",)),)
    reports = Scope(("jiwei",), reports=True)
    assert scopes_of(somebody(INSPECTOR), office) == (Scope(("jiwei",)), reports)
    assert scopes_of(somebody(OUTSIDER), office) == ()
