"""What follows from an entry on the record? Who is told what, and what is planned.

One place for citizens, staff groups and the schedule, so that a new move cannot forget one.
"""

from datetime import timedelta

from dialogs.house import House
from petitions import commands as do
from petitions import events as ev
from petitions.access import Actor
from petitions.lifecycle import decide
from petitions.record import Entry, Petition
from storage import due, groups, posts, record
from storage.messages import Notice, Parcel
from storage.unit import Unit

TOLD = {
    "accepted": "accepted",
    "supplement_asked": "asked",
    "replied": "replied",
    "survey_opened": "survey",
}
"""Event → the notice the petitioner gets of it."""


def act(
    unit: Unit, house: House, petition: Petition, command: do.Command, actor: Actor
) -> tuple[Petition, list[Parcel]]:
    """Let the rules decide, write the entry, and say who is told. Raises `lifecycle.Refused`."""
    event = decide(petition, command, actor, unit.now, house.rules)
    after = record.append(unit, petition, event, actor.party(petition))
    return after, follow(unit, house, after)


def follow(unit: Unit, house: House, petition: Petition) -> list[Parcel]:
    """Everything that follows from the petition's newest entry."""
    entry = petition.entries[-1]
    _plan(unit, house, petition, entry)
    return [
        # The card first: who reads the group's notice finds its buttons fresh.
        *(card(unit, house, petition) if entry.event.moves else []),
        *_to_petitioner(unit, petition, entry),
        *_to_staff(unit, house, petition, entry),
        *_to_supervisors(unit, house, petition, entry),
    ]


def card(unit: Unit, house: House, petition: Petition, *, fresh: bool = False) -> list[Parcel]:
    """Bring the case's card in the unit's group up to date."""
    group = groups.chat_of(unit, petition.unit, house.office)
    notice = Notice(kind="card", petition_id=petition.id)
    slot = f"card:{petition.id}"
    return [_notice(unit, petition, group, notice, slot=slot, fresh=fresh)] if group else []


def _plan(unit: Unit, house: House, petition: Petition, entry: Entry) -> None:
    survey = house.office.survey
    match entry.event:
        case ev.Replied():
            due.plan(unit, "survey", petition.id, entry.at + timedelta(hours=survey.after_hours))
        case ev.SurveyOpened():
            at = entry.at + timedelta(hours=survey.remind_hours)
            due.plan(unit, "survey_reminder", petition.id, at)
        case ev.Rated() | ev.Undone():
            due.drop(unit, "survey", petition.id)
            due.drop(unit, "survey_reminder", petition.id)


def _to_petitioner(unit: Unit, petition: Petition, entry: Entry) -> list[Parcel]:
    kind = TOLD.get(entry.event.kind)
    if isinstance(entry.event, ev.Undone) and entry.event.what in TOLD:
        kind = "undone"
    if kind is None:
        return []
    notice = Notice(kind=kind, petition_id=petition.id, seq=entry.seq)
    return [_notice(unit, petition, petition.petitioner, notice)]


def _to_staff(unit: Unit, house: House, petition: Petition, entry: Entry) -> list[Parcel]:
    if not isinstance(entry.event, ev.Supplemented):
        return []
    group = groups.chat_of(unit, petition.unit, house.office)
    notice = Notice(kind="supplemented", petition_id=petition.id, seq=entry.seq)
    return [_notice(unit, petition, group, notice)] if group else []


def _to_supervisors(unit: Unit, house: House, petition: Petition, entry: Entry) -> list[Parcel]:
    """不满意 goes to the supervisors; a report against people or units never does (TL 30)."""
    event = entry.event
    if not isinstance(event, ev.Rated) or petition.filing.purpose is ev.Purpose.ACCUSATION:
        return []
    slot = f"low:{petition.id}"
    low = ev.Verdict.BAD in (event.office, event.unit)
    group = groups.chat_of(unit, house.office.supervision_unit, house.office)
    if group is None or not (low or posts.find(unit, slot)):
        return []
    notice = Notice(kind="low_rating", petition_id=petition.id)
    return [_notice(unit, petition, group, notice, slot=slot)]


def _notice(
    unit: Unit,
    petition: Petition,
    chat_id: int,
    notice: Notice,
    slot: str | None = None,
    fresh: bool = False,
) -> Parcel:
    return Parcel(
        chat_id=chat_id,
        notice=notice,
        slot=slot,
        fresh=fresh,
        petition_id=petition.id,
        key_id=record.key_of(unit, petition.id),
        urgent=False,
    )
