"""Is it night for the reader? Their own quiet hours in their own zone, else the office's.

A night is a stretch of time and not a reading of the clock: where a zone skips or doubles an
hour, it still begins once and ends once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from petitions.office import Office, QuietHours
from petitions.zones import zone_of

OFF = "off"
"""What is kept for somebody who wants no quiet hours."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """From when till when it is quiet, by which clock; with `start == end` it never is."""

    start: time
    end: time
    zone: tzinfo

    def until(self, now: datetime) -> datetime | None:
        """When the quiet hours that `now` (UTC) lies in end (UTC); None outside them."""
        found = None
        for begins, ends in self._nights(now.astimezone(self.zone).date()):
            # Where the time to be awake in falls into what is skipped, one night joins the next.
            if begins <= (found or now) < ends:
                found = ends
        return found

    def _nights(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The nights that this day of the reader's has a part in (UTC).

        One more on either side: where a day is skipped, the night before it reaches further.
        """
        over_midnight = timedelta(days=self.start > self.end)
        if self.start == self.end:
            return
        for offset in (-2, -1, 0, 1):
            first = day + timedelta(days=offset)
            begins, _ = _moments(datetime.combine(first, self.start), self.zone)
            _, ends = _moments(datetime.combine(first + over_midnight, self.end), self.zone)
            yield begins, ends


def quiet_of(chosen: str | None, zone: str | None, office: Office) -> Quiet:
    """The quiet hours of somebody who chose these (None: the office's) in this zone (likewise)."""
    tz = zone_of(zone, office.tz)
    if chosen == OFF:
        return Quiet(time(0), time(0), tz)
    hours = read_hours(chosen) or office.quiet
    return Quiet(hours.start, hours.end, tz)


def read_hours(kept: str | None) -> QuietHours | None:
    """The hours that are kept as `22:00-07:00`; None where nothing of the kind is."""
    start, _, end = (kept or "").partition("-")
    try:
        return QuietHours(start=time.fromisoformat(start), end=time.fromisoformat(end))
    except ValueError:
        return None


def keep_hours(hours: QuietHours) -> str:
    """These hours as they are kept."""
    return f"{hours.start:%H:%M}-{hours.end:%H:%M}"


def _moments(wall: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """When the clock on the wall shows this, the first time and the last (UTC).

    Where it never does, because the clock was put forward, the moment when that was done.
    """
    before, after = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if before <= after:
        return before, after
    jump = _jump(after, before, zone)
    return jump, jump


def _jump(early: datetime, late: datetime, zone: tzinfo) -> datetime:
    """The moment between these two (UTC) from which the zone has its later offset."""
    offset = late.astimezone(zone).utcoffset()
    while late - early > timedelta(microseconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            late = middle
        else:
            early = middle
    return late
