"""Is it night for the reader?"""

from datetime import UTC, datetime, timedelta

from petitions.office import Office


def quiet_until(now: datetime, office: Office) -> datetime | None:
    """When the quiet hours that `now` (UTC) lies in end (UTC); None outside them."""
    quiet = office.quiet
    local = now.astimezone(office.tz)
    over_midnight = quiet.start > quiet.end
    late = local.time() >= quiet.start
    early = local.time() < quiet.end
    if not (late or early if over_midnight else late and early):
        return None
    morning = datetime.combine(local.date(), quiet.end, office.tz)
    if over_midnight and late:
        morning += timedelta(days=1)
    return morning.astimezone(UTC)
