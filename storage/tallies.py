"""How is a period counted? By the database, in the order of its indexes, so memory stays flat.

What each query counts stands in docs/reference/indicators.md. Rows are grouped by their day
first, for that is how an index holds them, and the days are added up outside: a database that
sorts a year's rows to group them would hold them all.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, cast, func, select

from petitions.indicators import Period, Scope
from petitions.indicators.report import AGE_BANDS, AGES
from petitions.office import Office
from petitions.spans import REPORT
from storage import scope as policy
from storage.tables import spans
from storage.unit import Unit

DAYS_AT_ONCE = 7
"""Of what is grouped in no index's order: so few days' rows are sorted at a time."""
Line = tuple[str, str, tuple[int, ...]]
"""Unit, how, and the sums."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days that are counted, for whom. `until` is the last of them that has begun.

    `over` is the last day that is over: what was due by then and is not done is late.
    """

    unit: Unit
    office: Office
    scope: Scope
    first: date
    until: date
    over: date

    @classmethod
    def of(cls, unit: Unit, office: Office, scope: Scope, period: Period, today: date) -> "Window":
        """The part of the period that can be told of today."""
        until = min(period.last, today)
        over = min(period.last, today - timedelta(days=1))
        return cls(unit, office, scope, period.first, until, over)

    def where(self, kind: str) -> tuple[ColumnElement[bool], ...]:
        """The spans of this kind that may be counted for whom this is made."""
        full = REPORT + kind if self.scope.reports else kind
        allowed = policy.counted_for(self.scope, self.office)
        return (spans.c.bot_id == self.unit.bot_id, spans.c.kind == full, *allowed)

    def lines(self, kind: str, day: str, sums: Mapping[str, Any], back: int = 0) -> Iterator[Line]:
        """Sums of the spans whose `day` column is in the window (or so many days `back`)."""
        on = spans.c[day]
        shift = timedelta(days=back)
        within = _within(on, self.first - shift, self.until - shift)
        inner = (
            select(spans.c.unit_id, spans.c.how, *(e.label(n) for n, e in sums.items()))
            .where(*self.where(kind), within)
            .group_by(on, spans.c.unit_id, spans.c.how)
            .subquery()
        )
        keys = (inner.c.unit_id, inner.c.how)
        whole = (cast(func.sum(inner.c[name]), Integer) for name in sums)
        for unit_id, how, *found in self.unit.run(select(*keys, *whole).group_by(*keys)):
            yield unit_id, how or "", tuple(found)


def _within(day: ColumnElement[Any], first: date, last: date) -> ColumnElement[bool]:
    """Not BETWEEN: PostgreSQL reads no collated value in that."""
    return and_(day >= first.isoformat(), day <= last.isoformat())


def number() -> ColumnElement[int]:
    """How many."""
    return func.count()


def number_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many of which this is so."""
    return func.sum(case((condition, 1), else_=0))


def timely(window: Window) -> dict[str, ColumnElement[int]]:
    """The three buckets of what came due: in time, late, late and still open."""
    due, done = spans.c.due_on, spans.c.done_on
    in_time, by_now = done <= due, done <= window.until.isoformat()
    missed = due <= window.over.isoformat()
    return {
        "in_time": number_if(in_time),
        "late": func.sum(case((in_time, 0), (by_now, 1), else_=0)),
        "open": func.sum(case((in_time, 0), (by_now, 0), (missed, 1), else_=0)),
    }


def registered(window: Window) -> int:
    """How many were registered, counted by themselves."""
    within = _within(spans.c.since_on, window.first, window.until)
    found = window.unit.run(select(func.count()).where(*window.where("registered"), within))
    return int(found.scalar_one())


def by_day(window: Window, kind: str, day: str, *hows: str) -> Counter[date]:
    """How many a day; of these outcomes alone, if any are named."""
    on = spans.c[day]
    within = _within(on, window.first, window.until)
    chosen = [spans.c.how.in_(hows)] if hows else []
    wanted = select(on, func.count()).where(*window.where(kind), within, *chosen).group_by(on)
    return Counter({date.fromisoformat(each): n for each, n in window.unit.run(wanted)})


def about(window: Window, column: str) -> Counter[str]:
    """What was registered, by purpose, category or district; "" where none was given."""
    what, found = spans.c[column], Counter[str]()
    at = window.first
    while at <= window.until:
        to = min(at + timedelta(days=DAYS_AT_ONCE - 1), window.until)
        wanted = (
            select(what, func.count())
            .where(
                *window.where("registered"),
                _within(spans.c.since_on, at, to),
                spans.c.purpose.is_not(None),  # as their index says
            )
            .group_by(what)
        )
        for key, n in window.unit.run(wanted):
            found[key or ""] += n
        at = to + timedelta(days=1)
    return found


def still_open(window: Window) -> Counter[str]:
    """What a unit still owed when the window closed, by its age in days."""
    since, until = spans.c.since_on, window.until
    oldest = [(until - timedelta(days=age)).isoformat() for age in AGES]
    band = case(
        *zip((since >= day for day in oldest), AGE_BANDS, strict=False), else_=AGE_BANDS[-1]
    )
    found: Counter[str] = Counter()
    for kind in ("registered", "reopened"):
        for then in (spans.c.done_on.is_(None), spans.c.done_on > until.isoformat()):
            # Not found by its index: that would read all that was ever begun.
            begun = since.concat("") <= until.isoformat()
            wanted = select(band, func.count()).where(*window.where(kind), then, begun)
            found.update(dict(window.unit.run(wanted.group_by(band)).all()))
    return found
