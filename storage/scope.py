"""Which rows may this viewer see? `access.may_see` as a condition of a query.

Every query that shows petitions to somebody asks here, so that a list, its count and its pages
leave out the same rows; a test holds both against each other.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, false, or_, true

from petitions.access import READERS, Actor
from petitions.events import Purpose
from petitions.indicators import Scope
from petitions.office import Office
from storage.tables import petitions, spans, ties


def cards_of(viewer: Actor) -> ColumnElement[bool]:
    """The petitions whose card this viewer may see."""
    if viewer.id is None:
        return true()
    secret = petitions.c.purpose == Purpose.ACCUSATION
    examines = [unit for unit, roles in viewer.posts.items() if "discipline" in roles]
    reads = [unit for unit, roles in viewer.posts.items() if roles & READERS]
    concerned = or_(
        true() if viewer.supervises else false(),
        _tied("unit", reads),
        _tied("led", [str(viewer.id)]),
    )
    return and_(
        petitions.c.petitioner_id != viewer.id,
        ~_tied("kept_unit", list(viewer.posts)),
        ~_tied("kept", [str(viewer.id)]),
        or_(and_(secret, petitions.c.unit_id.in_(examines)), and_(~secret, concerned)),
    )


def shown_in(group: Collection[str], *, everywhere: bool) -> ColumnElement[bool]:
    """What may be said in the group that these units share, whoever asks for it there.

    Their own cases; where `everywhere` (the supervisors' group) any other, but never a report
    against people or units (TL 30).
    """
    # Not found by its index: that would read all that the unit ever had.
    own = petitions.c.unit_id.concat("").in_(group)
    return or_(own, petitions.c.purpose != Purpose.ACCUSATION) if everywhere else own


def counted_for(scope: Scope, office: Office) -> tuple[ColumnElement[bool], ...]:
    """Of the spans of its kinds, those that may be counted for these units (TL 30, 46(5)).

    Of reports against people: those that one of the units examines now, unless they are about
    one of them, one of their people, or a unit where one of these serves too (`may_reach`), or
    one of their people has withdrawn from them (TL 28).
    """
    if not scope.reports:
        return () if scope.units is None else (spans.c.unit_id.in_(scope.units),)
    units = scope.units or ()
    examining = [unit for unit in units if office.examines(unit)]
    people = {p.id for unit in office.units if unit.id in units for p in unit.people}
    serving = {unit for person in people for unit in office.posts_of(person)}
    about = or_(
        and_(ties.c.kind == "kept_unit", ties.c.who.in_({*units, *serving})),
        and_(ties.c.kind == "kept", ties.c.who.in_({str(person) for person in people})),
    )
    kept = exists().where(ties.c.petition_id == spans.c.petition_id, about)
    return (spans.c.unit_id.in_(examining), ~kept)


def _tied(kind: str, who: list[str]) -> ColumnElement[bool]:
    """Whether the row is tied in this way to one of these."""
    if not who:
        return false()
    return exists().where(
        ties.c.petition_id == petitions.c.id, ties.c.kind == kind, ties.c.who.in_(who)
    )
