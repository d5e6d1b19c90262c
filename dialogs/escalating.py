"""Who hears that a deadline has passed? The head, then the supervisors, then the leader (TL 40).

And who hears that a case led by an official (包案) names them.
"""

from collections.abc import Iterable

from dialogs.house import House
from petitions import events as ev
from petitions.access import Sight, actor_of, is_kept_from, may_see
from petitions.record import Petition
from storage import groups, people
from storage.unit import Unit


def people_named(house: House, petition: Petition, event: ev.Escalated) -> tuple[int, ...]:
    """The officers an escalation is addressed to: the unit's heads, or who leads the case.

    Without a leader it is the heads of the unit above.
    """
    if event.to == "supervisor":
        return ()
    if event.to == "leader" and petition.lead.leader is not None:
        return (petition.lead.leader,)
    above = house.office.above(petition.unit)
    unit_id = petition.unit if event.to == "head" else above
    listed = next((u.people for u in house.office.units if u.id == unit_id), ())
    return tuple(p.id for p in listed if "head" in p.roles)


def people_to_tell(
    unit: Unit, house: House, petition: Petition, event: ev.Escalated | ev.Led
) -> tuple[int, ...]:
    """Those an escalation is addressed to, or whom a led case names, as far as they can be told.

    The bot may write to them, they still belong there and may know of the case.
    """
    if isinstance(event, ev.Led):
        return _reachable(unit, house, petition, event.lead.people)
    return _reachable(unit, house, petition, people_named(house, petition, event))


def _reachable(
    unit: Unit, house: House, petition: Petition, officers: Iterable[int]
) -> tuple[int, ...]:
    found = []
    for officer in officers:
        person = people.find(unit, officer)
        actor = actor_of(officer, house.office, groups.left_units(unit, officer))
        kept = is_kept_from(actor, petition) or officer == petition.petitioner
        # A head hears that something is late even who sees no card; of a report only who
        # examines it may know that it exists (TL 30).
        kept = kept or (petition.secret and not may_see(actor, Sight.CARD, petition))
        if person is not None and person.started and not person.blocked and not kept:
            found.append(officer)
    return tuple(found)


def units_to_tell(house: House, petition: Petition, event: ev.Escalated) -> tuple[str, ...]:
    """The groups that hear of it where no person can be reached."""
    if event.to == "head":
        return (petition.unit,)
    if event.to == "supervisor":
        return (house.office.supervision_unit,)
    return (house.office.above(petition.unit) or house.office.supervision_unit,)
