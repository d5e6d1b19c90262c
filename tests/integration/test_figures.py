"""The figures of a period, counted by the database, against a month that is counted by hand."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from a_month import GROUPS, live
from desks import BOT, KEY, Time, a_desk, on_sqlite
from making import RULES
from many import COLUMNS, an_office, rows
from sqlalchemy import Connection, event, insert

from petitions.indicators import Period, Rate, Report, Scope, Survey, Timely, Totals, Verdicts
from petitions.record import Petition
from storage import erasing, figures, schema, verifying
from storage.database import Desk
from storage.sqlite import SqliteDatabase
from storage.tables import spans
from storage.unit import Unit
from storage.vault import Vault

pytestmark = pytest.mark.usefixtures("either")

MARCH = Period.of("month", date(2026, 3, 1))
MADE = date(2026, 4, 10)


@pytest.fixture
async def desk(either: None, tmp_path: Path, time: Time) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path / "m.sqlite3", time) as desk:
        yield desk


async def told(
    desk: Desk, period: Period = MARCH, scope: Scope | None = None, today: date = MADE
) -> Report:
    office, scope = RULES.office, scope or Scope()
    return await desk.look(lambda unit: figures.report(unit, office, scope, period, today))


def counts(table: object) -> dict[str, int]:
    return {share.key: share.count for share in table.shares}  # type: ignore[attr-defined]


def percents(table: object) -> list[float | None]:
    return [share.percent for share in table.shares]  # type: ignore[attr-defined]


# -- the month: every number here was counted by hand, see docs/reference/indicators.md ----------


async def the_month_s_totals(month: Desk) -> None:
    report = await told(month)
    found = report.totals
    assert report.disagreements == ()
    assert found.registered == 42
    assert counts(found.origins) == {"first": 31, "repeat": 5, "assigned": 6}
    assert percents(found.origins) == [73.8, 11.9, 14.3]
    assert (found.repeats, found.repeats.percent) == (Rate(5, 42), 11.9)
    assert counts(report.purposes) == {"request": 34, "question": 4, "suggestion": 4}
    assert counts(report.categories) == {"": 24, "urban": 18}
    assert [(t.table, counts(t)) for t in report.subcategories] == [
        ("urban", {"urban.roads": 10, "urban": 8})
    ]
    assert counts(report.districts) == {"north": 15, "": 27}
    assert found.routing == Timely(6, 0, 0)
    assert (found.acceptance, found.acceptance.rate.percent) == (Timely(28, 8, 2), 73.7)
    assert found.accepted == 27
    assert (found.completed, found.completed.percent) == (Rate(14, 26), 53.8)
    assert (found.completion, found.completion.rate.percent) == (Timely(17, 2, 1), 85.0)
    assert counts(found.outcomes) == {"supported": 10, "explained": 6, "not_supported": 3}
    assert percents(found.outcomes) == [52.6, 31.6, 15.8]
    assert found.survey == Survey(8, 2, Verdicts(6, 1, 1), Verdicts(4, 2, 2))
    assert found.survey.response.percent == 80.0
    assert (found.survey.office_rate.percent, found.survey.unit_rate.percent) == (87.5, 75.0)
    assert (found.solved, found.solved.percent) == (Rate(3, 4), 75.0)
    assert counts(found.answered) == {"adopted": 3, "not_adopted": 1}
    assert counts(found.declined) == {"under_way": 0, "ended": 0, "elsewhere": 3}
    assert counts(found.referred) == {"court": 2}
    assert found.withdrawn == 2
    assert counts(found.reviews) == {"review": 2, "second_review": 0}
    assert counts(found.findings) == {"upheld": 1, "changed": 0, "revoked": 1}
    assert found.reviewing == Timely(2, 0, 0)
    assert counts(found.supervisions) == {"letter": 0, "phone": 1, "visit": 0}
    assert found.answering == Timely(0, 1, 0)
    assert found.joint is None
    assert counts(report.open) == {"15": 3, "30": 15, "60": 0, "90": 1, "older": 0}


async def the_month_by_day_and_beside_others(month: Desk) -> None:
    report = await told(month)
    assert report.trend.step == "day"
    assert len(report.trend.points) == 31
    registered = {p.first.day: p.registered for p in report.trend.points if p.registered}
    assert registered == {1: 1, 2: 10, 3: 8, 4: 6, 5: 5, 6: 4, 9: 5, 30: 2, 31: 1}
    replied = {p.first.day: p.replied for p in report.trend.points if p.replied}
    assert replied == {10: 3, 16: 2, 20: 10, 30: 4}
    assert (report.before.registered, report.before.replied) == (0, 5)
    assert report.before.completion == Timely(5, 0, 0)
    assert report.before.survey == Survey(2, 0, None, None)
    assert (report.year_before.registered, report.year_before.replied) == (0, 0)
    change = report.change("replied")
    assert (change.now, change.on_before, change.on_year) == (19, 280.0, None)
    assert report.change("registered").on_before is None


async def the_month_by_unit(month: Desk) -> None:
    """In the office's order; what one rated in housing is not found by taking roads' away."""
    report = await told(month)
    lines = {line.unit: line.totals for line in report.units}
    assert list(lines) == ["front", "housing", "roads", "water", "gov"]
    assert {unit: t.registered for unit, t in lines.items() if t.registered} == {
        "front": 18,
        "housing": 8,
        "roads": 10,
        "water": 6,
    }
    assert report.unit_table.disagreement is None
    assert {u: t.acceptance for u, t in lines.items() if t.acceptance.due} == {
        "front": Timely(14, 0, 0),
        "housing": Timely(0, 8, 0),
        "roads": Timely(10, 0, 0),
        "water": Timely(4, 0, 2),
    }
    assert {u: t.completion for u, t in lines.items() if t.completion.due} == {
        "front": Timely(4, 0, 0),
        "roads": Timely(13, 2, 1),
    }
    assert {u: t.completed for u, t in lines.items() if t.completed.of} == {
        "front": Rate(4, 4),
        "housing": Rate(0, 8),
        "roads": Rate(10, 10),
        "water": Rate(0, 4),
    }
    surveys = {u: t.survey for u, t in lines.items() if t.survey.response.of}
    assert surveys == {"roads": Survey(7, 0, None, None), "housing": Survey(1, 2, None, None)}
    assert lines["roads"].survey.unit_rate.hidden
    assert lines["gov"].reviewing == Timely(2, 0, 0)
    assert lines["housing"].reviews.total == 2
    assert lines["roads"].answering == Timely(0, 1, 0)


async def a_unit_s_own_month(month: Desk) -> None:
    report = await told(month, scope=Scope(("roads", "water")))
    assert report.disagreements == ()
    assert (report.totals.registered, report.totals.acceptance) == (16, Timely(14, 0, 2))
    assert report.totals.survey == Survey(7, 0, Verdicts(5, 1, 1), Verdicts(3, 2, 2))
    assert counts(report.open) == {"15": 0, "30": 6, "60": 0, "90": 1, "older": 0}
    assert [line.unit for line in report.units] == ["roads", "water"]


async def a_unit_reads_no_single_rating_off_two_periods_that_differ_by_a_day(month: Desk) -> None:
    """Asked for days 1 to 22 and 1 to 23, it read what was rated on the 23rd, and how."""
    for last in (22, 23, 31):
        days = Period.days(date(2026, 3, 1), date(2026, 3, last))
        report = await told(month, days, Scope(("roads", "water")))
        assert not report.tells_rates
        survey = report.totals.survey
        assert (survey.office, survey.unit) == (None, None)
        assert [(line.totals.survey.unit, line.totals.survey.office) for line in report.units] == [
            (None, None)
        ] * len(report.units)
    running = await told(month, scope=Scope(("roads", "water")), today=date(2026, 3, 31))
    assert running.totals.survey.unit is None
    assert (await told(month, Period.days(date(2026, 3, 1), date(2026, 3, 31)))).tells_rates


async def reports_are_counted_for_who_examines_them_and_in_no_other_figure(
    month: Desk,
) -> None:
    """The sixty less the two reports stand in the ordinary figures (TL 30)."""
    report = await told(month, scope=Scope(("jiwei",), reports=True))
    assert report.disagreements == ()
    assert not report.leaves_out_reports
    assert report.totals.registered == 2
    assert counts(report.purposes) == {"accusation": 2}
    assert report.totals.acceptance == Timely(1, 0, 1)
    assert counts(report.totals.referred) == {"discipline": 1}
    assert counts(report.open) == {"15": 0, "30": 1, "60": 0, "90": 0, "older": 0}
    for units in (("front",), ("ducha",), ("shengji",), None):
        nothing = await told(month, scope=Scope(units, reports=True))
        assert (nothing.totals.registered, nothing.open.total) == (0, 0)
    ordinary = await told(month, scope=Scope(("jiwei",)))
    assert (ordinary.totals.registered, ordinary.open.total) == (0, 0)


async def a_month_that_is_not_over_is_told_as_far_as_it_went(month: Desk) -> None:
    """On the 20th: what is due on that day may still be done."""
    report = await told(month, today=date(2026, 3, 20))
    assert report.trend.points[-1].first == date(2026, 3, 20)
    assert report.disagreements == ()
    # A and the others accepted by then; B on the day itself; C not due before the 25th.
    assert report.totals.acceptance == Timely(10 + 5 + 5, 8, 0)
    assert report.totals.completion == Timely(10 + 3, 2, 1)
    before = await told(month, today=date(2026, 3, 18))
    assert before.totals.acceptance == Timely(20, 0, 0)  # B's last day, and not over
    after = await told(month, today=date(2026, 3, 19))
    assert after.totals.acceptance == Timely(20, 0, 8)


async def what_a_closed_month_says_does_not_change_with_the_day_it_is_asked(
    month: Desk,
) -> None:
    first = (await told(month, today=date(2026, 4, 1))).as_json()
    later = (await told(month, today=date(2027, 1, 1))).as_json()
    assert {k for k in first if first[k] != later[k]} == {"made_on"}


async def test_a_month_of_sixty_petitions_gives_the_figures_counted_by_hand(
    desk: Desk, time: Time
) -> None:
    assert sum(len(group.lives) for group in GROUPS) == 60
    made = await desk.unit(live)
    await the_month_s_totals(desk)
    await the_month_by_day_and_beside_others(desk)
    await the_month_by_unit(desk)
    await a_unit_s_own_month(desk)
    await a_unit_reads_no_single_rating_off_two_periods_that_differ_by_a_day(desk)
    await reports_are_counted_for_who_examines_them_and_in_no_other_figure(desk)
    await a_month_that_is_not_over_is_told_as_far_as_it_went(desk)
    await what_a_closed_month_says_does_not_change_with_the_day_it_is_asked(desk)
    await a_month_is_the_sum_of_its_days(desk)
    await erasing_leaves_the_figures_as_they_were(desk, time, made)


PIECES = ((1, 1), (2, 8), (9, 9), (10, 20), (21, 30), (31, 31))
SUMS: dict[str, Callable[[Totals], int]] = {
    "registered": lambda t: t.registered,
    "repeats": lambda t: t.repeats.part or 0,
    "accepted": lambda t: t.accepted,
    "withdrawn": lambda t: t.withdrawn,
    "rated": lambda t: t.survey.rated,
    "silent": lambda t: t.survey.silent,
    "solved": lambda t: t.solved.part or 0,
    "closed": lambda t: t.solved.of or 0,
}


async def a_month_is_the_sum_of_its_days(month: Desk) -> None:
    whole = (await told(month)).totals
    pieces = [
        (await told(month, Period.days(MARCH.first.replace(day=a), MARCH.first.replace(day=b))))
        for a, b in PIECES
    ]
    each = [piece.totals for piece in pieces]
    for name, figure in SUMS.items():
        assert figure(whole) == sum(map(figure, each)), name
    for name in ("routing", "acceptance", "completion", "reviewing", "answering"):
        rates = [getattr(t, name) for t in (whole, *each)]
        assert rates[0].due == sum(rate.due for rate in rates[1:]), name
        assert rates[0].in_time == sum(rate.in_time for rate in rates[1:]), name
    for table in whole.tables:
        parts = [counts(t) for line in each for t in line.tables if t.table == table.table]
        assert counts(table) == {k: sum(p.get(k, 0) for p in parts) for k in counts(table)}
    assert all(piece.disagreements == () for piece in pieces)


async def erasing_leaves_the_figures_as_they_were(
    month: Desk, time: Time, made: dict[str, list[Petition]]
) -> None:
    """One of each group: done, under way, late, reported, reviewed, rated."""
    time.now = datetime(2026, 4, 9, 2, tzinfo=UTC)
    scopes = (Scope(), Scope(("jiwei",), reports=True))
    before = [(await told(month, scope=scope)).as_json() for scope in scopes]
    for group in made.values():
        number = group[-1].number
        assert await month.unit(lambda u, n=number: erasing.erase(u, n, "request"))
    assert [(await told(month, scope=scope)).as_json() for scope in scopes] == before
    assert await month.look(lambda u: list(verifying.verify(u, (), None))) == []


# -- what it costs ------------------------------------------------------------------------------

WEEK = Period.of("week", date(2025, 6, 2))
OWN_INDEXES = {"ix_spans_since", "ix_spans_counted", "ix_spans_done", "ix_spans_about"}


async def filled(path: Path, petitions: int) -> Desk:
    """A desk with the spans of so many petitions in 2025, and as many before."""
    database = SqliteDatabase(path)
    await database.open()
    desk = Desk(database, Vault((KEY,)), BOT, Time())
    made = [dict(zip(COLUMNS, row, strict=True)) for row in rows(petitions, an_office())]

    def fill(connection: Connection) -> None:
        schema.prepare(connection)
        connection.execute(insert(spans), made)

    await database.write(fill)
    return desk


async def steps(desk: Desk, period: Period) -> int:
    """How many instructions the database runs through for the report, in hundreds."""
    count = 0

    def counted() -> int:
        nonlocal count
        count += 1
        return 0

    def work(unit: Unit) -> Report:
        raw: Any = unit.connection.connection.driver_connection
        raw.set_progress_handler(counted, 100)
        try:
            return figures.report(unit, an_office(), Scope(), period, date(2026, 1, 5))
        finally:
            raw.set_progress_handler(None, 0)

    assert (await desk.look(work)).totals.registered > 0
    return count


@on_sqlite
async def test_a_report_costs_what_is_in_its_period_and_not_what_is_stored(tmp_path: Path) -> None:
    """Counted in the database's own instructions, so that no busy machine makes it fail."""
    few, many = await filled(tmp_path / "1", 1000), await filled(tmp_path / "2", 4000)
    week = Period.days(WEEK.first, WEEK.last)
    short = Period.days(WEEK.first, WEEK.first)
    try:
        a_week = await steps(few, week)
        assert await steps(many, short) < 1.5 * a_week  # fewer days, four times as many stored
        assert await steps(many, week) < 4.5 * a_week  # linear in what the period holds
        assert await steps(few, Period.of("year", WEEK.first)) > 4 * a_week
    finally:
        await few.database.close()
        await many.database.close()


@on_sqlite
async def test_every_count_is_read_off_an_index_in_its_order(desk: Desk) -> None:
    """Bounded by days, without a look at the rows, and none sorted but few days' at a time."""

    def plan(unit: Unit) -> list[list[str]]:
        asked: dict[str, Any] = {}

        def heard(_c: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
            asked[statement] = values

        event.listen(unit.connection, "before_cursor_execute", heard)
        figures.report(unit, RULES.office, Scope(), MARCH, MADE)
        event.remove(unit.connection, "before_cursor_execute", heard)
        run = unit.connection.exec_driver_sql
        return [[r.detail for r in run(f"EXPLAIN QUERY PLAN {s}", v)] for s, v in asked.items()]

    plans = await desk.look(plan)
    assert len(plans) > 8
    for plan_ in plans:
        (search,) = (step for step in plan_ if " spans " in step)
        index, _, bounds = search.partition("COVERING INDEX ")[2].partition(" ")
        assert index in OWN_INDEXES, plan_
        assert "_on>?" in bounds or "done_on=?" in bounds, plan_
        sorts = [step for step in plan_ if "TEMP B-TREE" in step]
        grouped_inside = any(step.startswith("CO-ROUTINE") for step in plan_)
        assert len(sorts) <= 1, plan_
        assert not grouped_inside or plan_.index(search) < plan_.index(sorts[0])
