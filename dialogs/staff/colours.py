"""Which colour does a case have? That of its next deadline."""

from datetime import datetime

from dialogs.house import House
from petitions.deadlines import local_date
from petitions.record import Petition


def colour(house: House, petition: Petition, now: datetime) -> str:
    """Green, yellow from the profile's first warning, red on the last day, black when overdue."""
    next_one = next(iter(petition.duties), None)
    if next_one is None:
        return "⚪"
    left = (next_one.due - local_date(now, house.office.tz)).days
    if left < 0:
        return "⚫"
    if left == 0:
        return "🔴"
    return "🟡" if left <= max(house.rules.profile.warnings.before, default=0) else "🟢"
