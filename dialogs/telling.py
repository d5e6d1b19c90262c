"""What follows from an entry on the record? Who is told what, and what is planned.

One place for citizens, staff groups and the schedule, so that a new move cannot forget one.
"""

from datetime import date

from dialogs import escalating, inquiring, planning
from dialogs.addressing import parcel, to_units
from dialogs.audience import LINES, TOLD, told_as
from dialogs.house import House
from dialogs.notices.scene import card_slot
from petitions import commands as do
from petitions import events as ev
from petitions.access import Actor
from petitions.lifecycle import decide
from petitions.record import Entry, Petition
from storage import posts, record
from storage.messages import Notice, Parcel
from storage.unit import Unit

REDRAWN = (ev.Recounted, ev.Linked)
"""What the card shows although it moves nothing."""


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
    planning.plan(unit, house, petition, entry)
    redraw = entry.event.moves or isinstance(entry.event, REDRAWN)
    return [
        # The cards first: who reads the group's notice finds its buttons fresh.
        *(cards(unit, house, petition) if redraw else []),
        *_to_petitioner(unit, petition, entry),
        *_lines(unit, house, petition, entry),
        *inquiring.follow(unit, house, petition, entry),
    ]


def cards(unit: Unit, house: House, petition: Petition) -> list[Parcel]:
    """Bring every card of the case up to date: those to be shown, and those shown before."""
    prefix = card_slot(petition.id, "")
    before = [slot.removeprefix(prefix) for slot in posts.slots(unit, prefix)]
    wanted = dict.fromkeys((petition.unit, *petition.assisting, *before))
    return [parcel for u in wanted for parcel in card(unit, house, petition, u)]


def card(
    unit: Unit, house: House, petition: Petition, unit_id: str, *, fresh: bool = False
) -> list[Parcel]:
    """The case's card for one unit's group."""
    notice = Notice(kind="card", petition_id=petition.id, unit=unit_id)
    slot = card_slot(petition.id, unit_id)
    return to_units(unit, house, petition, [unit_id], notice, slot=slot, fresh=fresh)


def remind(unit: Unit, house: House, petition: Petition, deadline: str, due: date) -> list[Parcel]:
    """A deadline comes near: the unit's group is told, as a reply to its card."""
    notice = Notice(kind="deadline", petition_id=petition.id, code=f"{deadline} {due}")
    return to_units(unit, house, petition, [petition.unit], notice)


def _to_petitioner(unit: Unit, petition: Petition, entry: Entry) -> list[Parcel]:
    kind = entry.event.kind
    told = told_as(kind) if kind in TOLD else None
    if isinstance(entry.event, ev.Undone) and entry.event.what in TOLD:
        told = "undone"
    if told is None:
        return []
    notice = Notice(kind=told, petition_id=petition.id, seq=entry.seq)
    told_of_step = parcel(unit, petition, petition.petitioner, notice)
    return [told_of_step.model_copy(update={"lasting": True})]


def _lines(unit: Unit, house: House, petition: Petition, entry: Entry) -> list[Parcel]:
    """A line to each group that must notice, and to the people an entry is addressed to."""
    notice = Notice(kind="line", petition_id=petition.id, seq=entry.seq)
    readers = LINES.get(entry.event.kind)
    units = readers(petition, entry, house.office) if readers else ()
    people: tuple[int, ...] = ()
    if isinstance(entry.event, ev.Escalated | ev.Led):
        people = escalating.people_to_tell(unit, house, petition, entry.event)
    if isinstance(entry.event, ev.Escalated) and not people:
        units = escalating.units_to_tell(house, petition, entry.event)
    named = [parcel(unit, petition, person, notice) for person in people]
    return [*to_units(unit, house, petition, units, notice), *named]
