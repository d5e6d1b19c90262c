"""Which units have somebody who could work on a case? No case comes to rest where nobody can.

Nobody works on a petition of their own, on what they withdrew from (TL 28), on a report about
themselves (TL 30); nobody reviews what went through their own hands.
"""

from collections.abc import Iterator
from dataclasses import replace

from petitions.access import DECIDERS, WORKERS, Actor, may_reach, works_on
from petitions.office import Office
from petitions.record import Petition
from petitions.states import RECEIVED, REVIEWING, State

UNDECIDED = RECEIVED | {State.OBJECTED}
"""A registrar of a petition office can still send it on."""
JUDGING = REVIEWING | {State.OBJECTED}
"""It is judged what somebody did: not by themselves."""


def able(petition: Petition, unit_id: str, office: Office) -> bool:
    """Whether somebody of this unit could take the case on, to decide it or to send it on."""
    judged = petition.state in JUDGING
    return _could(petition, unit_id, office, petition.barred if judged else frozenset())


def receives(petition: Petition, unit_id: str, office: Office) -> bool:
    """Whether somebody of this unit could take the case on once it is routed there."""
    return able(replace(petition, state=State.ROUTED), unit_id, office)


def _could(petition: Petition, unit_id: str, office: Office, barred: frozenset[int]) -> bool:
    there = replace(petition, unit=unit_id)
    sends_on = petition.state in UNDECIDED and office.is_petition_office(unit_id)
    decides = petition.state is not State.OBJECTED or office.examines(unit_id)
    return any(
        works_on(actor, there)
        and actor.id not in barred
        and (sends_on or (decides and actor.posts[unit_id] & DECIDERS))
        for actor in _people(unit_id, office)
    )


def _people(unit_id: str, office: Office) -> Iterator[Actor]:
    """The unit's people, each with all the posts the office gives them."""
    for person in next((u.people for u in office.units if u.id == unit_id), ()):
        posts = office.posts_of(person.id)
        yield Actor(person.id, {unit: post.roles for unit, post in posts.items()})


def works_at(unit_id: str, office: Office, petitioner: int | None) -> bool:
    """Whether somebody there could work on what this person files."""
    found = (a for a in _people(unit_id, office) if a.id != petitioner)
    routes = office.is_petition_office(unit_id)
    return any(a.posts[unit_id] & (WORKERS if routes else WORKERS & DECIDERS) for a in found)


def reviewer_of(petition: Petition, office: Office) -> str | None:
    """The next level up that could review what this unit decided (TL 35, 36), or None.

    A level where nobody could, because all have had the case in hand, is passed over.
    """
    up = _above(petition.unit, office)
    return next((u for u in up if _could(petition, u, office, petition.hands)), None)


def heir_of(petition: Petition, office: Office) -> str | None:
    """Who gets a case that nobody of its unit can work on any more, or None.

    A review goes up; what is handled too, else to a petition office; what is not yet accepted
    goes back to who sent it. A report stays with those who examine reports.
    """
    up = tuple(_above(petition.unit, office))
    offices = [u.id for u in office.units if office.is_petition_office(u.id)]
    back = [*([petition.sender] if petition.sender else []), office.default_unit]
    if petition.secret:
        examiners = (u for u in (*up, *(u.id for u in office.units)) if office.examines(u))
        order = [u for u in examiners if may_reach(frozenset({u}), office, petition)]
    elif petition.state in REVIEWING:
        order = list(up)
    elif petition.responsible:
        order = [*up, *back, *offices]
    else:
        order = [*back, *offices, *up]
    return next((u for u in order if u != petition.unit and able(petition, u, office)), None)


def _above(unit_id: str, office: Office) -> Iterator[str]:
    at = office.above(unit_id)
    while at is not None:
        yield at
        at = office.above(at)
