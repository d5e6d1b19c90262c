"""Which period is told of next, when, and where? Once it is over, at the office's hour."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import cast

from petitions.deadlines import local_date
from petitions.indicators import Period
from petitions.office import Office
from petitions.rhythm import TOLD, Told


def moment(office: Office, period: Period) -> datetime:
    """When this period's digest is told (UTC)."""
    rhythm = {each: getattr(office.digests, each) for each in TOLD}[cast(Told, period.kind)]
    day = period.last + timedelta(days=rhythm.day)
    return datetime.combine(day, rhythm.at, office.tz).astimezone(UTC)


def newest(office: Office, kind: Told, now: datetime) -> Period:
    """The newest period of this kind whose digest is to be told by now."""
    period = Period.ended(kind, local_date(now, office.tz))
    return period if moment(office, period) <= now else period.before()


def after(period: Period) -> Period:
    """The next period of the same kind."""
    return Period.of(period.kind, period.last + timedelta(days=1))


def readers(office: Office) -> Iterator[tuple[Told, str]]:
    """Which unit's group is told of which kind of period.

    A unit that examines reports against people hears nothing of itself: nearly all it works on
    is not to be told in a group (TL 30).
    """
    for kind in TOLD:
        if kind in office.digests.off:
            continue
        for unit in office.units:
            own = kind in office.digests.own and not office.examines(unit.id)
            if own or office.hears_of_all(unit.id):
                yield kind, unit.id
