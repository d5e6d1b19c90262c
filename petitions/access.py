"""May this actor see this, or do this? The one policy every query and every button asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from petitions.events import Purpose
from petitions.office import Office
from petitions.record import Party, Petition


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
        unit = petition.unit if petition.unit in self.posts else next(iter(self.posts), None)
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

    The petitioner sees the timeline of their own, never the staff's card. The unit's people see
    the unit's cases, except their own petitions. Supervisors see card and rating of any case,
    except that nothing of a report against people or units leaves the unit that examines it
    (TL 30, 46(5)).
    """
    if actor.id is None:
        return True
    if actor.id == petition.petitioner:
        return sight is Sight.TIMELINE
    if sight in (Sight.CARD, Sight.DETAILS) and petition.unit in actor.posts:
        return True
    secret = petition.filing.purpose is Purpose.ACCUSATION
    return actor.supervises and not secret and sight in (Sight.CARD, Sight.RATING)


def works_on(actor: Actor, petition: Petition) -> bool:
    """Whether `actor` is one of the people of the unit that has the case.

    Nobody works on a petition of their own (TL 28: an officer with an interest withdraws).
    """
    return petition.unit in actor.posts and actor.id != petition.petitioner


def leads(actor: Actor, petition: Petition) -> bool:
    """Whether `actor` heads the unit that has the case."""
    return works_on(actor, petition) and "head" in actor.posts[petition.unit]
