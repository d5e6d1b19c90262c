"""Whom does a case concern, and who has had no part in it?"""

from collections.abc import Collection

from petitions.record import Petition

BESIDE = frozenset({"looked", "supervised", "led", "linked", "inquiry_taken", "inquired"})
"""What is done beside the case's own way: who did no more than this had no part in it."""


def working_units(petition: Petition) -> tuple[str, ...]:
    """The units that work on a case: who has it, who answers for it, reviews it, assists."""
    review = petition.review.unit if petition.review else None
    named = (petition.unit, petition.responsible, review, *petition.assisting)
    return tuple(dict.fromkeys(unit for unit in named if unit))


def units_of(petition: Petition) -> tuple[str, ...]:
    """All the units a case concerns: those that work on it, sent it, objected, or owe an answer."""
    asked = (supervision.unit for supervision in petition.supervisions)
    named = (*working_units(petition), petition.sender, petition.objector, *asked)
    return tuple(dict.fromkeys(unit for unit in named if unit))


def apart(officer: int, posts: Collection[str], petition: Petition) -> bool:
    """Whether this officer had no part in the case, so that they may look into how it was handled.

    Not who held, sent, handled, reviewed or led it, nor anybody of a unit that works on it, nor
    who has an interest in it (TL 28; 2014 办法: not by who closed it).
    """
    lead = petition.lead
    had = petition.hands | petition.barred | {lead.leader, *lead.group, petition.petitioner}
    kept = petition.recused | petition.shielded_people
    acted = any(e.by.id == officer and e.event.kind not in BESIDE for e in petition.entries)
    theirs = {*working_units(petition)} | petition.shielded_units
    return not acted and officer not in had | kept and theirs.isdisjoint(posts)


def has_inquiry(officer: int, petition: Petition) -> bool:
    """Whether this officer looks into the case's rating now."""
    return officer in inquirers(petition)


def inquirers(petition: Petition) -> tuple[int, ...]:
    """Who looks into the case's rating: one person, or nobody."""
    inquiry = petition.inquiry
    if inquiry is None or not inquiry.open or inquiry.officer is None:
        return ()
    return (inquiry.officer,)
