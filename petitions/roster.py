"""Who looks into why somebody was not satisfied, when nobody takes it? The roster says, fairly."""

from collections.abc import Iterator, Mapping

from petitions.concerned import apart
from petitions.office import Office
from petitions.record import Petition
from petitions.units import Officer

DO_IT = frozenset({"handler", "head", "supervisor"})
"""Roles whose people can be named; who only registers or looks after the groups is not."""


def inquirer_for(
    petition: Petition,
    office: Office,
    loads: Mapping[int, int],
    gone: frozenset[tuple[int, str]] = frozenset(),
) -> int | None:
    """The one with the fewest inquiries (`loads`), then the first in the office file; or None.

    One of the supervision unit who had no part in the case; where all had, of the next unit up.
    `gone`: who left which unit's group.
    """
    for unit in units_in_turn(petition, office):
        fitting = [p.id for p in _people(unit, office, gone) if _fits(p, petition, office)]
        if fitting:
            return min(fitting, key=lambda officer: loads.get(officer, 0))
    return None


def all_barred(
    petition: Petition, office: Office, gone: frozenset[tuple[int, str]] = frozenset()
) -> bool:
    """Whether nobody of the supervision unit may take it, so that waiting for one is in vain."""
    people = _people(office.supervision_unit, office, gone)
    return not any(_fits(person, petition, office) for person in people)


def units_in_turn(petition: Petition, office: Office) -> tuple[str, ...]:
    """The supervision unit, those above it, above the petition office, above who answered."""
    return units_for(petition.responsible, office)


def units_for(responsible: str | None, office: Office) -> tuple[str, ...]:
    """The same of any case that this unit answers for."""
    starts = (office.supervision_unit, office.default_unit, responsible)
    up = [unit for start in starts if start for unit in _above(start, office)]
    others = (u.id for u in office.units if office.is_petition_office(u.id))
    return tuple(dict.fromkeys((office.supervision_unit, *up, *others)))


def _above(unit_id: str, office: Office) -> Iterator[str]:
    at = office.above(unit_id)
    while at is not None:
        yield at
        at = office.above(at)


def _people(unit_id: str, office: Office, gone: frozenset[tuple[int, str]]) -> tuple[Officer, ...]:
    listed = next((u.people for u in office.units if u.id == unit_id), ())
    return tuple(p for p in listed if (p.id, unit_id) not in gone)


def _fits(person: Officer, petition: Petition, office: Office) -> bool:
    return bool(person.roles & DO_IT) and apart(person.id, office.posts_of(person.id), petition)
