"""What belongs to a case that is led by an official (包案), and what is still missing?

Five things (五个一): a leader, a working group, a plan, a supervisor, a full dossier.
"""

from typing import TYPE_CHECKING

from petitions.shape import Shape

if TYPE_CHECKING:
    from petitions.record import Petition


class Lead(Shape):
    """Who leads, works and watches (messenger ids), and how it is to be solved."""

    leader: int | None = None
    group: tuple[int, ...] = ()
    plan: tuple[str, ...] = ()
    supervisor: int | None = None

    def with_(self, newer: "Lead") -> "Lead":
        """These parts, replaced by whatever the newer one gives."""
        given = {name: value for name, value in newer if value}
        return self.model_copy(update=given)

    def without(self, officer: int) -> "Lead":
        """These parts without somebody who has withdrawn from the case."""
        return Lead(
            leader=self.leader if self.leader != officer else None,
            group=tuple(each for each in self.group if each != officer),
            plan=self.plan,
            supervisor=self.supervisor if self.supervisor != officer else None,
        )

    @property
    def people(self) -> tuple[int, ...]:
        """Everybody who is named, once each."""
        named = (self.leader, *self.group, self.supervisor)
        return tuple(dict.fromkeys(id for id in named if id is not None))

    @property
    def begun(self) -> bool:
        """Whether any part is there."""
        return self != NONE


NONE = Lead()
"""Not a led case."""


def missing(petition: "Petition") -> tuple[str, ...]:
    """Which of the five are missing of a led case; empty for any other."""
    lead = petition.lead
    if not lead.begun:
        return ()
    there = {
        "leader": lead.leader,
        "group": lead.group,
        "plan": lead.plan,
        "supervisor": lead.supervisor,
        "dossier": petition.dossier,
    }
    return tuple(name for name, value in there.items() if not value)
