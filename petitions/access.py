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

    CARD = "card"  # number, category, district, state: no personal data
    DETAILS = "details"  # everything the petitioner entrusted to us
    TIMELINE = "timeline"  # the dated steps, for the petitioner


def actor_of(user_id: int, office: Office, left: frozenset[str] = frozenset()) -> Actor:
    """This person with the posts the office gives them, less the units whose group they `left`."""
    posts = {u: p.roles for u, p in office.posts_of(user_id).items() if u not in left}
    return Actor(user_id, posts)


def may_see(actor: Actor, sight: Sight, petition: Petition, office: Office) -> bool:
    """Whether `actor` may see this much of the petition.

    The petitioner sees their own. The unit's people see the unit's cases. Supervisors see
    the card of any case, except that nothing of a report against people or units leaves the
    unit that examines it (TL 30, 46(5)).
    """
    if actor.id is None or actor.id == petition.petitioner:
        return True
    if sight is Sight.TIMELINE:
        return False
    if petition.unit in actor.posts:
        return True
    if petition.filing.purpose is Purpose.ACCUSATION or sight is not Sight.CARD:
        return False
    return office.supervision_unit in actor.posts


def works_on(actor: Actor, petition: Petition) -> bool:
    """Whether `actor` is one of the people of the unit that has the case.

    Nobody works on a petition of their own (TL 28: an officer with an interest withdraws).
    """
    return petition.unit in actor.posts and actor.id != petition.petitioner


def leads(actor: Actor, petition: Petition) -> bool:
    """Whether `actor` heads the unit that has the case."""
    return works_on(actor, petition) and "head" in actor.posts[petition.unit]
