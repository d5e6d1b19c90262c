"""What is a report (快报, 通报, 分析)? The figures of a period, for those whose cases they are."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from petitions.indicators.parts import Disagreement, Parts, parts
from petitions.indicators.periods import Period, Step
from petitions.indicators.rates import Change
from petitions.indicators.scopes import Scope
from petitions.indicators.totals import Line, Totals

AGES = (15, 30, 60, 90)
"""Days: up to so many each, and one band for what is older."""
AGE_BANDS = ("15", "30", "60", "90", "older")


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the lines: what happened from `first` to `last`."""

    first: date
    last: date
    registered: int
    replied: int


@dataclass(frozen=True, slots=True)
class Trend:
    """The lines over the period, a point a day, week or month."""

    step: Step
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a period.

    `made_on` is the day it was made: what has not happened by then is not in it. `open` is what a
    unit still owed at the end of the period, by its age in days. `units` are in the order of the
    office file, never by size. `subcategories` has one table for each first-level category that
    was met, named by it.
    """

    period: Period
    made_on: date
    scope: Scope
    least: int  # ratings below which no satisfaction is told
    solved_days: int  # the N of 一次性化解率
    totals: Totals
    before: Totals  # of period.before()
    year_before: Totals  # of period.year_before()
    purposes: Parts
    categories: Parts
    subcategories: tuple[Parts, ...]
    districts: Parts
    units: tuple[Line, ...]
    open: Parts
    trend: Trend

    @property
    def tells_rates(self) -> bool:
        """Whether it is told how satisfied people were, and not only how many said so."""
        return self.scope.tells_rates(self.period, self.made_on)

    @property
    def leaves_out_reports(self) -> bool:
        """Whether reports against people are not counted here, which the page has to say."""
        return not self.scope.reports

    def change(self, figure: str) -> Change:
        """A counted figure of `Totals` (registered, accepted, replied …) beside earlier ones."""
        sides = (getattr(t, figure) for t in (self.totals, self.before, self.year_before))
        now, before, year_before = (s.total if isinstance(s, Parts) else s for s in sides)
        return Change(now, before, year_before)

    @property
    def unit_table(self) -> Parts:
        """What was registered, by the unit in charge: the parts of the whole."""
        counts = {line.unit: line.totals.registered for line in self.units}
        return parts("units", counts, self.totals.registered, [line.unit for line in self.units])

    @property
    def tables(self) -> Iterator[Parts]:
        """Every table with parts and a total."""
        yield from self.totals.tables
        for line in self.units:
            yield from line.totals.tables
        yield from (self.purposes, self.categories, *self.subcategories, self.districts)
        yield from (self.unit_table, self.open, self._trend_table)

    @property
    def _trend_table(self) -> Parts:
        counts = {point.first.isoformat(): point.registered for point in self.trend.points}
        return parts("trend", counts, self.totals.registered, counts)

    @property
    def disagreements(self) -> tuple[Disagreement, ...]:
        """Tables whose parts do not make up their total; said on the page, never hidden."""
        return tuple(found for table in self.tables if (found := table.disagreement))

    def as_json(self) -> dict[str, Any]:
        """Its values as JSON knows them."""
        told: dict[str, Any] = _plain.dump_python(asdict(self), mode="json")
        return told


_plain: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])
