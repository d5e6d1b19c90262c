"""When is it next so late in the office?"""

from datetime import UTC, datetime, time, timedelta, tzinfo


def next_at(hour: time, zone: tzinfo, now: datetime) -> datetime:
    """The next moment after `now` (UTC) when the office's clock shows `hour`."""
    today = now.astimezone(zone).date()
    for day in (today, today + timedelta(days=1)):
        at = datetime.combine(day, hour, zone).astimezone(UTC)
        if at > now:
            return at
    raise AssertionError("one of two days is later")
