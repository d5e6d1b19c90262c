"""Who holds a case, and who could? The office's people, less those who left the unit's group.

And does what is told to the petitioner reach them?
"""

from datetime import datetime

from dialogs.house import House
from petitions.office import Officer
from petitions.record import Petition
from storage import groups, people
from storage.unit import Unit


def orphaned(unit: Unit, house: House, petition: Petition) -> bool:
    """Whether who holds the case is not among the unit's people any more."""
    holder = petition.holder
    if holder is None:
        return False
    left = petition.unit in groups.left_units(unit, holder)
    return left or not house.office.holds_post(holder, petition.unit)


def colleagues(unit: Unit, house: House, petition: Petition) -> list[Officer]:
    """The unit's people who could take the case over."""
    people = next((u.people for u in house.office.units if u.id == petition.unit), ())
    return [
        person
        for person in people
        if person.id not in (petition.holder, petition.petitioner)
        and petition.unit not in groups.left_units(unit, person.id)
    ]


def unreachable_since(unit: Unit, petition: Petition) -> datetime | None:
    """Since when no message reaches the petitioner; None when they do."""
    person = people.find(unit, petition.petitioner)
    return person.blocked_at if person else None
