"""What are the figures of a period? Counted by the database, told by `petitions.indicators`."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

from petitions.indicators import (
    AGE_BANDS,
    Line,
    Parts,
    Period,
    Point,
    Report,
    Scope,
    Totals,
    Trend,
    lines,
    parts,
    totals,
)
from petitions.indicators.totals import OUTCOMES
from petitions.office import Office
from storage import tallies
from storage.tables import spans
from storage.tallies import Window, number, number_if, timely
from storage.unit import Unit

TIMELY = {
    "accept": "acceptance",
    "route": "routing",
    "handle": "completion",
    "rehandle": "completion",
    "review": "reviewing",
    "supervise": "answering",
}
"""The kind of span → the figure that says how many were done in time."""
LET_GO = frozenset({"withdrawn", "erased"})
"""How a handling ends that was not done: it is on neither side of 办结率."""

Found = Iterator[tuple[str, tuple[str, str], int]]
"""Unit, figure and part, how many."""


def report(unit: Unit, office: Office, scope: Scope, period: Period, today: date) -> Report:
    """The report of `period` for whoever `scope` was made for, as it stands on `today`.

    `today` is the office's date: what happened later is not counted.
    """

    def window(of: Period) -> Window:
        return Window.of(unit, office, scope, of, today)

    now = window(period)
    rules, whole = office.reports, tallies.registered(now)
    told = scope.tells_rates(period, today)
    by_unit = _by_unit(now)
    before = _totals(window(period.before()), told)
    same = period.year_before() == period.before()
    categories = tallies.about(now, "category")
    order = [each.id for each in office.districts]
    return Report(
        period=period,
        made_on=today,
        scope=scope,
        least=rules.least_ratings,
        solved_days=rules.solved_days,
        totals=totals(_sum(by_unit), rules.least_ratings, whole, told=told),
        before=before,
        year_before=before if same else _totals(window(period.year_before()), told),
        purposes=parts("purposes", tallies.about(now, "purpose"), whole),
        categories=parts("categories", _fields(categories), whole),
        subcategories=_below(categories),
        districts=parts("districts", tallies.about(now, "district"), whole, order),
        units=_lines(by_unit, office, told),
        open=parts("open", tallies.still_open(now), order=AGE_BANDS),
        trend=_trend(now, period),
    )


def _totals(window: Window, told: bool) -> Totals:
    least, whole = window.office.reports.least_ratings, tallies.registered(window)
    return totals(_sum(_by_unit(window)), least, whole, told=told)


def _lines(
    by_unit: dict[str, Counter[tuple[str, str]]], office: Office, told: bool
) -> tuple[Line, ...]:
    """The units in the order of the office file, then those that it lists no more."""
    known = [each.id for each in office.units if each.id in by_unit]
    gone = sorted(by_unit.keys() - set(known))
    found = {each: by_unit[each] for each in known + gone}
    return lines(found, office.reports.least_ratings, told=told)


def _by_unit(window: Window) -> dict[str, Counter[tuple[str, str]]]:
    found: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for count in (_begun, _came_due, _done, _rated, _solved):
        for unit_id, part, n in count(window):
            if n:
                found[unit_id][part] += n
    return dict(found)


def _sum(by_unit: dict[str, Counter[tuple[str, str]]]) -> Counter[tuple[str, str]]:
    whole: Counter[tuple[str, str]] = Counter()
    for counts in by_unit.values():
        whole.update(counts)
    return whole


def _begun(window: Window) -> Found:
    """What was registered, accepted, asked for or supervised in the period."""
    for unit, how, (n,) in window.lines("registered", "since_on", {"n": number()}):
        origin, _, again = how.partition(".")
        yield unit, ("origins", origin), n
        if again or origin == "repeat":
            yield unit, ("repeats", ""), n
    ended = {"n": number(), "ended": number_if(spans.c.done_on <= window.until.isoformat())}
    for unit, how, (n, ended_by_now) in window.lines("handle", "since_on", ended):
        yield unit, ("accepted", "withdrawn" if how in LET_GO else "done"), ended_by_now
        yield unit, ("accepted", "open"), n - ended_by_now
    for kind, figure in (("appeal", "reviews"), ("supervise", "supervisions")):
        for unit, how, (n,) in window.lines(kind, "since_on", {"n": number()}):
            yield unit, (figure, how.partition(".")[0]), n


def _came_due(window: Window) -> Found:
    for kind, figure in TIMELY.items():
        for unit, _, (in_time, late, still) in window.lines(kind, "counted_on", timely(window)):
            yield unit, (figure, "in_time"), in_time
            yield unit, (figure, "late"), late
            yield unit, (figure, "open"), still


def _done(window: Window) -> Found:
    """What was decided in the period: how petitions ended, replies, reviews."""
    for kind in ("accept", "handle", "rehandle"):
        for unit, how, (n,) in window.lines(kind, "done_on", {"n": number()}):
            figure, _, part = how.partition(".")
            if how in OUTCOMES:
                yield unit, ("outcomes", how), n
            elif part or how == "withdrawn":
                yield unit, (figure, part), n
    for unit, how, (n,) in window.lines("appeal", "done_on", {"n": number()}):
        yield unit, ("findings", how.partition(".")[2]), n


def _rated(window: Window) -> Found:
    """The surveys that ended in the period, by an answer or by their last day."""
    for unit, how, (in_time, late, silent) in window.lines("rate", "counted_on", timely(window)):
        yield unit, ("silent", ""), silent
        if how:
            office, _, responsible = how.partition(".")
            yield unit, ("rated_office", office), in_time + late
            yield unit, ("rated_unit", responsible), in_time + late


def _solved(window: Window) -> Found:
    """What was closed N days before: enough time has passed to know."""
    most = window.office.reports.solved_days
    sums = {"n": number(), "again": number_if(spans.c.days <= most)}
    for unit, _, (n, again) in window.lines("closed", "since_on", sums, back=most):
        yield unit, ("solved", "yes"), n - again
        yield unit, ("solved", "no"), again


def _fields(categories: Counter[str]) -> Counter[str]:
    """By the first level alone."""
    found: Counter[str] = Counter()
    for category, n in categories.items():
        found[category.partition(".")[0]] += n
    return found


def _below(categories: Counter[str]) -> tuple[Parts, ...]:
    """A table of second-level categories for each field, the largest field first."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for category, n in categories.items():
        if category:
            found[category.partition(".")[0]][category] += n
    order = sorted(found, key=lambda field: (-found[field].total(), field))
    return tuple(parts(field, found[field]) for field in order)


def _trend(window: Window, period: Period) -> Trend:
    begun = tallies.by_day(window, "registered", "since_on")
    replied: Counter[date] = Counter()
    for kind in ("handle", "rehandle"):
        replied += tallies.by_day(window, kind, "done_on", *OUTCOMES)
    points = (
        Point(
            step.first,
            step.last,
            sum(begun[day] for day in step),
            sum(replied[day] for day in step),
        )
        for step in period.steps()
        if step.first <= window.until
    )
    return Trend(period.step, tuple(points))
