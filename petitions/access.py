"""May this actor see this, or do this? The one policy every query and every button asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from petitions import events as ev
from petitions.concerned import apart, has_inquiry, inquirers
from petitions.concerned import units_of as units_of
from petitions.concerned import working_units as working_units
from petitions.office import Office
from petitions.record import Entry, Party, Petition

WORKERS = frozenset({"registrar", "handler", "head"})
"""Roles whose people work on their unit's cases; reports need `discipline` (TL 30)."""
DECIDERS = frozenset({"handler", "head", "discipline"})
"""Roles that may decide what they hold; a registrar alone may not."""
INQUIRING = frozenset({"inquiry_taken", "inquiry_left", "inquired", "asked_again"})
"""What is put on record while a low rating is looked into."""
READERS = WORKERS | {"supervisor"}
"""Roles whose people see their unit's cases; an `admin` looks after the groups alone."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a person of the messenger with their posts (unit id → roles), or the desk."""

    id: int | None = None
    posts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    supervises: bool = False  # is one of the supervision unit's people

    def party(self, petition: Petition | None) -> Party:
        """This actor as the record names them in this case."""
        if self.id is None:
            return Party("desk")
        if petition is None or petition.petitioner == self.id:
            return Party("petitioner", self.id)
        concerned = (petition.unit, petition.responsible, *petition.assisting, *self.posts)
        unit = next((u for u in concerned if u in self.posts), None)
        return Party("officer", self.id, unit)


DESK = Actor()
"""The desk itself: the clock, when something falls due."""


class Sight(StrEnum):
    """What there is to see of a petition."""

    CARD = "card"  # number, category, district, state, holder: no personal data
    DETAILS = "details"  # everything the petitioner entrusted to us
    TIMELINE = "timeline"  # the dated steps, for the petitioner
    RATING = "rating"  # why somebody was not satisfied, for who looks into it


def actor_of(user_id: int, office: Office, left: frozenset[str] = frozenset()) -> Actor:
    """This person with the posts the office gives them, less the units whose group they `left`."""
    posts = {u: p.roles for u, p in office.posts_of(user_id).items() if u not in left}
    return Actor(user_id, posts, supervises=office.supervision_unit in posts)


def may_see(actor: Actor, sight: Sight, petition: Petition) -> bool:
    """Whether `actor` may see this much of the petition.

    The petitioner sees the timeline of their own, never the staff's card. Who is reported, and
    who has withdrawn for an interest (TL 28), sees nothing. The people of the units concerned
    see card and details; supervisors see card and rating of any case they had no part in, and who
    looks into a rating sees the details too until it is done. A report against people or units
    is seen by those who examine it now, and by nobody else (TL 30, 46(5)).
    """
    if actor.id is None:
        return True
    if actor.id == petition.petitioner:
        return sight is Sight.TIMELINE
    if sight is Sight.TIMELINE or is_kept_from(actor, petition):
        return False
    if petition.secret:
        return sight is not Sight.RATING and works_on(actor, petition)
    looking = has_inquiry(actor.id, petition)
    if sight is Sight.RATING:
        # Who had a part in it does not look into why it satisfied nobody (2014 办法).
        return (actor.supervises or looking) and apart(actor.id, actor.posts, petition)
    units = units_of(petition) if sight is Sight.CARD else working_units(petition)
    concerned = any(actor.posts.get(unit, frozenset()) & READERS for unit in units)
    named = looking or actor.id in petition.lead.people
    return concerned or named or (actor.supervises and sight is Sight.CARD)


def may_read(actor: Actor, entry: Entry, petition: Petition) -> bool:
    """Whether `actor`, who may see the details, may learn that this entry is on the record.

    That the petitioner rated, on which day and how often, is not for those whom it is about:
    beside the figures of that day it would tell them how. Nor that it is looked into, and by whom.
    """
    taken = (e.event for e in petition.entries if isinstance(e.event, ev.InquiryTaken))
    looked = entry.event.kind == "looked" and entry.by.id in {each.officer for each in taken}
    kept = INQUIRING | {"rated"}
    if not looked and entry.event.kind not in kept and not _read_rating(entry):
        return True
    return may_see(actor, Sight.RATING, petition)


def _read_rating(entry: Entry) -> bool:
    return isinstance(entry.event, ev.Looked) and entry.event.what == "rating"


def ties(petition: Petition) -> frozenset[tuple[str, str]]:
    """Whom the case concerns and whom it is kept from, as (how, unit or person) for a query.

    With the row's petitioner and purpose this is all that `may_see` rests on, so that a list can
    leave out at the database what its reader may not see.
    """
    return frozenset(
        {
            *(("unit", unit) for unit in units_of(petition)),
            *(("led", str(person)) for person in petition.lead.people),
            *(("led", str(person)) for person in inquirers(petition)),
            *(("kept_unit", unit) for unit in petition.shielded_units),
            *(("kept", str(who)) for who in petition.shielded_people | petition.recused),
        }
    )


def is_kept_from(actor: Actor, petition: Petition) -> bool:
    """Whether the case must not reach this officer: reported in it, or withdrawn from it."""
    return (
        actor.id in petition.shielded_people
        or actor.id in petition.recused
        or any(unit in actor.posts for unit in petition.shielded_units)
    )


def may_reach(units: frozenset[str], office: Office, petition: Petition) -> bool:
    """Whether something of this case may go to the group that these units share.

    Not when one of them, one of their people, or a unit where one of these serves too, is
    reported in it (TL 30, 46(5)).
    """
    if not (petition.shielded_units or petition.shielded_people):
        return True
    people = {p.id for unit in office.units if unit.id in units for p in unit.people}
    serving = {unit for person in people for unit in office.posts_of(person)}
    reported = (units | serving) & petition.shielded_units
    return not (reported or people & petition.shielded_people)


def works_on(actor: Actor, petition: Petition) -> bool:
    """Whether `actor` is one of the people of the unit that has the case.

    Nobody works on a petition of their own, nor after withdrawing from it (TL 28), nor on a
    report about themselves; reports are for the role `discipline` (TL 30).
    """
    roles = actor.posts.get(petition.unit, frozenset())
    needed = frozenset({"discipline"}) if petition.secret else WORKERS
    return (
        bool(roles & needed)
        and actor.id != petition.petitioner
        and not is_kept_from(actor, petition)
    )


def leads(actor: Actor, petition: Petition) -> bool:
    """Whether `actor` heads the unit that has the case."""
    return works_on(actor, petition) and "head" in actor.posts[petition.unit]
