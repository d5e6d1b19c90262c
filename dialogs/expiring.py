"""When is the time of what was closed over? By the office's own rule, and only where it has one.

What has come to its end is named in the log first, and erased a week later if it is still so:
neither a wrong clock nor a slip in the office file erases anything on the same day.
"""

from datetime import datetime, time, timedelta

import structlog

from dialogs.daily import next_at
from dialogs.house import House
from storage import due, erasing, expired, record
from storage.due import Duty
from storage.messages import Parcel
from storage.unit import Unit

log = structlog.get_logger(__name__)

EXPIRY, ERASURE = "expiry", "erasure"
OFFICE = "office"
"""The subject of what concerns no single case."""
AT = time(4, 0)
NOTICE = timedelta(days=7)
LIMIT = 100


def begin(unit: Unit, house: House) -> None:
    """Have the office's archive looked through every day."""
    due.ensure(unit, EXPIRY, OFFICE, next_at(AT, house.office.tz, unit.now))


def expiry(unit: Unit, house: House, _duty: Duty) -> list[Parcel]:
    """Name what is to be erased in a week; a hundred at a time."""
    at = next_at(AT, house.office.tz, unit.now)
    before = _before(house, unit.now)
    if before is not None:
        found = expired.untouched(unit, before, ERASURE, LIMIT)
        for number in found:
            due.plan(unit, ERASURE, number, unit.now + NOTICE)
            log.warning("petition.expires", number=number, days=NOTICE.days)
        if len(found) == LIMIT:
            at = unit.now
    due.plan(unit, EXPIRY, OFFICE, at)
    return []


def erasure(unit: Unit, house: House, duty: Duty) -> list[Parcel]:
    """Erase one petition, by its number, unless somebody took it up again or the rule has gone."""
    before = _before(house, unit.now)
    found = record.by_number(unit, duty.subject)
    if before is None or found is None:
        return []
    petition, _ = found
    if petition.duties or petition.entries[-1].at >= before:
        return []
    erasing.erase(unit, duty.subject, "expired")
    log.warning("petition.expired", number=duty.subject)
    return []


def _before(house: House, now: datetime) -> datetime | None:
    """What was touched last before this has come to its end; None where nothing ever does."""
    years = house.office.keeping.petition_years
    if years is None:
        return None
    day = now.astimezone(house.office.tz)
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
