"""Which days does a report speak of, and with which is it compared?

Every day here is a date of the office. 环比 compares with the period just before, 同比 with the
same period of last year.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Kind = Literal["week", "month", "quarter", "year", "days"]
Step = Literal["day", "week", "month"]

WEEK = 7
WEEKS_OF_A_YEAR = 52
"""A week is compared with the one 52 weeks earlier: it has the same seven days of the week."""
MOST_DAYS, MOST_WEEKS = 45, 26
"""Points of a line up to which its steps are days, and weeks."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both counted; made by `of` or `days`."""

    kind: Kind
    first: date
    last: date

    @classmethod
    def of(cls, kind: Kind, day: date) -> "Period":
        """The week (Monday to Sunday), month, quarter or year that this day is in."""
        match kind:
            case "week":
                monday = day - timedelta(days=day.weekday())
                return cls(kind, monday, monday + timedelta(days=WEEK - 1))
            case "month":
                return cls(kind, day.replace(day=1), _month_on(day, 1) - _DAY)
            case "quarter":
                first = date(day.year, day.month - (day.month - 1) % 3, 1)
                return cls(kind, first, _month_on(first, 3) - _DAY)
            case "year":
                return cls(kind, date(day.year, 1, 1), date(day.year, 12, 31))
            case "days":
                return cls(kind, day, day)

    @classmethod
    def days(cls, first: date, last: date) -> "Period":
        """Any days. ValueError when they end before they begin."""
        if last < first:
            raise ValueError("a period ends before it begins")
        return cls("days", first, last)

    @classmethod
    def ended(cls, kind: Kind, today: date) -> "Period":
        """The newest one of its kind that is over: what a digest of this day speaks of."""
        return cls.of(kind, cls.of(kind, today).first - _DAY)

    @property
    def length(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range(self.length))

    def is_settled(self, today: date) -> bool:
        """Whether it is a month, quarter or year of the calendar that is over.

        Of these none can be taken from another so that single days are left.
        """
        return self.kind in ("month", "quarter", "year") and self.last < today

    def before(self) -> "Period":
        """The one just before it (环比): as long, for days that are no calendar's period."""
        if self.kind == "days":
            back = timedelta(days=self.length)
            return Period("days", self.first - back, self.last - back)
        return Period.of(self.kind, self.first - _DAY)

    def year_before(self) -> "Period":
        """The same one a year earlier (同比)."""
        if self.kind == "week":
            return Period.of("week", self.first - timedelta(weeks=WEEKS_OF_A_YEAR))
        if self.kind == "days":
            return Period("days", _year_back(self.first), _year_back(self.last))
        return Period.of(self.kind, _year_back(self.first))

    @property
    def step(self) -> Step:
        """What one point of a line over this period stands for."""
        if self.length <= MOST_DAYS:
            return "day"
        return "week" if self.length <= MOST_WEEKS * WEEK else "month"

    def steps(self) -> tuple["Period", ...]:
        """The days, weeks or months it is made of; the first and last may be cut short."""
        found: list[Period] = []
        at = self.first
        while at <= self.last:
            whole = at if self.step == "day" else Period.of(self.step, at).last
            found.append(Period("days", at, min(whole, self.last)))
            at = found[-1].last + _DAY
        return tuple(found)


def _month_on(day: date, months: int) -> date:
    """The first of the month so many months after this day's."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _year_back(day: date) -> date:
    """The same day of last year; 29 February is the 28th there."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
