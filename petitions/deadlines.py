"""By when must each step of a petition be done?

Every day here is a date in the office's own zone. How many days a step has comes from a
procedure profile, each limit with the clause it rests on. How days are counted: day one is
not counted (民法典 201), and a last day that is a day off moves to the next working day
(民法典 203); 《信访工作条例》 (TL) is silent on both, so they are used by analogy.

Which days are working days is announced a year at a time. What falls in a year not yet
announced is marked provisional and is to be computed again once the year is known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

import chinese_calendar

from petitions.profiles import DayKind, Limit, Profile, ProfileError, parse_profile

__all__ = [
    "Calendar",
    "DayKind",
    "Deadline",
    "Limit",
    "Profile",
    "ProfileError",
    "deadline",
    "deadlines_after",
    "local_date",
    "named",
    "parse_profile",
    "prolonged",
    "recounted",
]

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day (office's date, inclusive) on which a step is still in time.

    `since`, `days` and `more` (days added later, by extension or hearing) say how it was
    counted, so that a provisional one can be counted again.
    """

    name: str
    due: date
    kind: DayKind
    clause: str
    provisional: bool
    since: date | None = field(default=None, compare=False)
    days: int = field(default=0, compare=False)
    more: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Calendar:
    """Working days: the office's `overrides` (True = working), then the official arrangement.

    `complete` names years whose announced arrangement the office has typed in full, so that a
    day it does not mention is an ordinary one. A single override does not make a year known.
    """

    overrides: Mapping[date, bool] = field(default_factory=dict)
    complete: frozenset[int] = frozenset()

    def working(self, day: date) -> bool | None:
        """Is this a working day? None when its year is not known."""
        known = self.overrides.get(day)
        if known is None:
            known = _announced(day)
        if known is None and day.year in self.complete:
            known = day.weekday() < _SATURDAY
        return known

    def known_until(self, day: date) -> date:
        """The last day up to which every day from this one on is known; the day before if none."""
        while self.working(day) is not None:
            day += _DAY
        return day - _DAY


@lru_cache(maxsize=4096)
def _announced(day: date) -> bool | None:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # a year outside the library's table
        return None


def named(deadlines: Iterable[Deadline], name: str) -> Deadline:
    """The deadline of this name. KeyError when it is not among them."""
    for each in deadlines:
        if each.name == name:
            return each
    raise KeyError(name)


def local_date(moment: datetime, zone: tzinfo) -> date:
    """The office's date at a moment. ValueError when the moment has no zone of its own."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone has no local date")
    return moment.astimezone(zone).date()


def deadline(limit: Limit, on: date, calendar: Calendar) -> Deadline:
    """The deadline of a limit that starts on a day; the day itself is not counted."""
    if isinstance(on, datetime):  # a date by type, but perhaps another zone's
        raise TypeError("deadlines count from a local date, not from a moment")
    count = _working_days if limit.kind is DayKind.WORKING else _calendar_days
    due, provisional = count(on, limit.days, calendar)
    return Deadline(limit.name, due, limit.kind, limit.clause, provisional, on, limit.days)


def prolonged(limit: Limit, running: Deadline, calendar: Calendar) -> Deadline:
    """The running deadline, later by a limit that counts from the old last day (TL 34).

    It keeps its name. An approval of fewer days is the limit with fewer days.
    """
    later = deadline(limit, running.due, calendar)
    return replace(
        running,
        due=later.due,
        kind=later.kind,
        clause=later.clause,
        provisional=running.provisional or later.provisional,
        more=(*running.more, limit.days),
    )


def recounted(running: Deadline, calendar: Calendar) -> Deadline:
    """The deadline counted again from its first day, with what is known of the years today."""
    if running.since is None:
        return running
    limit = Limit(running.name, running.days, running.kind, running.clause)
    again = deadline(limit, running.since, calendar)
    for days in running.more:
        again = prolonged(replace(limit, days=days), again, calendar)
    return again


def deadlines_after(
    profile: Profile, event: str, on: date, calendar: Calendar, running: Iterable[Deadline] = ()
) -> list[Deadline]:
    """The deadlines an event of that day starts; none when the profile knows no limit for it.

    An extension needs the `running` deadlines and replaces one of them, by name. ValueError
    when the one it prolongs is not among them.
    """
    old = {each.name: each for each in running}
    result = []
    for limit in profile.limits.get(event, ()):
        if not limit.prolongs:
            result.append(deadline(limit, on, calendar))
        elif limit.prolongs in old:
            result.append(prolonged(limit, old[limit.prolongs], calendar))
        else:
            raise ValueError(f"{limit.name}: no running deadline {limit.prolongs!r} to prolong")
    return result


def _calendar_days(on: date, days: int, calendar: Calendar) -> tuple[date, bool]:
    last = on + timedelta(days=days)
    while (working := calendar.working(last)) is False:
        last += _DAY
    return last, working is None


def _working_days(on: date, days: int, calendar: Calendar) -> tuple[date, bool]:
    last, provisional = on, False
    while days:
        last += _DAY
        working = calendar.working(last)
        if working is None:
            working, provisional = last.weekday() < _SATURDAY, True
        days -= working
    return last, provisional
