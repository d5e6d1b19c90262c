"""When does a petitioner hear that the time to ask for a review is nearly over (TL 35, 36)?

Some days before the last one, in the morning; not who has asked, and not of a decision that was
taken back. Both are asked once more when the notice is sent.
"""

from datetime import UTC, datetime, timedelta

from dialogs.citizen.windows import Window, window
from dialogs.house import House
from petitions.record import Petition
from petitions.reminding import MORNING
from storage import due
from storage.due import Duty
from storage.messages import Notice, Parcel
from storage.unit import Unit

CLOSING = "review_closing"


def next_time(unit: Unit, house: House, petition: Petition) -> datetime | None:
    """When to tell of it next (UTC); None where no review can be asked for."""
    found = window(petition, house.rules, unit.now)
    if found is None:
        return None
    later = (at for at in _mornings(house, found) if at > unit.now)
    return next((at for at in later if not _told(unit, petition, found, at)), None)


def remind(unit: Unit, house: House, petition: Petition, duty: Duty, key_id: str) -> list[Parcel]:
    """The notice that is due now; of several that came while the desk was down, one."""
    found = window(petition, house.rules, unit.now)
    parcels = []
    if found is not None and found.left >= 0:
        came = [at for at in _mornings(house, found) if duty.due_at <= at <= unit.now]
        fresh = [at for at in came if not _told(unit, petition, found, at)]
        for at in fresh:
            due.note(unit, CLOSING, petition.id, mark(found), at)
        if fresh:
            notice = Notice(kind=CLOSING, petition_id=petition.id, code=mark(found))
            parcels = [
                Parcel(
                    chat_id=petition.petitioner,
                    notice=notice,
                    petition_id=petition.id,
                    key_id=key_id,
                    urgent=False,
                )
            ]
    return parcels


def mark(found: Window) -> str:
    """Which window it is: a decision made anew opens another."""
    return f"{found.level} {found.until.due}"


def _mornings(house: House, found: Window) -> list[datetime]:
    """When to tell of it (UTC), the first time first."""
    days = sorted(set(house.office.review.remind_days), reverse=True)
    last = datetime.combine(found.until.due, MORNING, house.office.tz)
    return [(last - timedelta(days=before)).astimezone(UTC) for before in days]


def _told(unit: Unit, petition: Petition, found: Window, at: datetime) -> bool:
    return due.noted(unit, CLOSING, petition.id, mark(found), at)
