"""Which period does somebody mean? What they typed behind /stats, as people write dates."""

import re
from datetime import date

from petitions.indicators import Period

LONGEST_DAYS = 1100
EARLIEST = 1900
"""A year before is a slip of the pen, and before the first of all there is none to compare with."""
_DATE = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?"
_TO = r"\s*(?:[-~—–至到]|to)?\s*"
_DAYS = re.compile(rf"{_DATE}(?:{_TO}{_DATE})?")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
_QUARTER = re.compile(r"(\d{4})\s*[-/.年]?\s*(?:[Qq]|第)\s*([1-4])\s*(?:季度)?")
_YEAR = re.compile(r"(\d{4})\s*年?")


class NotAPeriod(ValueError):
    """What was typed is no period; `key` says why (`stats.<key>`)."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def typed(text: str, today: date) -> Period:
    """The period: two dates, one date, a month, a quarter or a year. Raises `NotAPeriod`."""
    try:
        period = _read(text.strip())
    except ValueError:  # the thirtieth of February, the thirteenth month
        period = None
    if period is None or period.first.year < EARLIEST:
        raise NotAPeriod("not_dates")
    if period.last < period.first:
        raise NotAPeriod("backwards")
    if period.first > today:
        raise NotAPeriod("future")
    if period.length > LONGEST_DAYS:
        raise NotAPeriod("too_long")
    return period


def _read(text: str) -> Period | None:
    if found := _DAYS.fullmatch(text):
        first, last = (_date(found.groups()[at : at + 3]) for at in (0, 3))
        assert first is not None
        return Period("days", first, last or first)
    if found := _MONTH.fullmatch(text):
        return Period.of("month", date(int(found[1]), int(found[2]), 1))
    if found := _QUARTER.fullmatch(text):
        return Period.of("quarter", date(int(found[1]), int(found[2]) * 3, 1))
    if found := _YEAR.fullmatch(text):
        return Period.of("year", date(int(found[1]), 1, 1))
    return None


def _date(parts: tuple[str | None, ...]) -> date | None:
    if parts[0] is None:
        return None
    year, month, day = (int(part or 0) for part in parts)
    return date(year, month, day)
