"""Are the working days known for as long as deadlines run?"""

from collections.abc import Iterator
from datetime import date

from bot.doctor.finding import Finding, care, note, well
from petitions.deadlines import Calendar
from storage import staffing
from storage.unit import Unit

CALENDAR = "calendar"
ANNOUNCED = (12, 1)
"""By then the State Council has announced next year's arrangement (国务院办公厅, October to
December); before, nobody can know it."""
DO = (
    "upgrade the package chinesecalendar, or write the arrangement into working_days and "
    "complete_years of the office file (docs/reference/office.md)"
)


def known(today: date, calendar: Calendar) -> Iterator[Finding]:
    """Whether this year is known, and the coming one once it can be."""
    until = calendar.known_until(today)
    if until < today:
        yield care(CALENDAR, f"the working days of {today.year} are not known", DO)
    elif until.year > today.year:
        yield well(CALENDAR, f"the working days are known until {until}")
    elif (today.month, today.day) >= ANNOUNCED:
        yield care(CALENDAR, f"the working days of {today.year + 1} are not known", DO)
    else:
        yield well(CALENDAR, f"the working days are known until {until}; more is not announced")


def provisional(unit: Unit) -> Iterator[Finding]:
    """Deadlines that were counted without knowing, and are counted again once it is known."""
    count, first = staffing.provisional(unit)
    if count:
        yield note(CALENDAR, f"{count} cases have provisional dates, the first on {first}")
