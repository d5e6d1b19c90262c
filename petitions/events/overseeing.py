"""What can happen beside the case's own way: looks, supervision, a leading official, the clock?"""

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Literal

from petitions.deadlines import Deadline
from petitions.events.base import Change, Event
from petitions.lead import Lead
from petitions.states import State

if TYPE_CHECKING:
    from petitions.record import Petition


class Undone(Event):
    """撤销: the officer took back their own last step before anybody else had acted."""

    kind: Literal["undone"] = "undone"
    of: int
    what: str


class Looked(Event):
    """查看: an officer opened the personal details; a look is itself on the record."""

    kind: Literal["looked"] = "looked"
    moves: ClassVar[bool] = False
    what: Literal["details", "rating", "dossier"] = "details"

    def change(self, petition: "Petition") -> Change:
        """Whoever asked for the dossier has it made."""
        return {"dossier": petition.dossier or self.what == "dossier"}


class Method(StrEnum):
    """How the petition office supervises (督办方式)."""

    LETTER = "letter"  # 发函
    PHONE = "phone"  # 电话
    VISIT = "visit"  # 联合实地


class Supervised(Event):
    """督办: overdue, or a poor reply; the unit must answer by a date (TL 40)."""

    kind: Literal["supervised"] = "supervised"
    method: Method
    unit: str
    text: tuple[str, ...]
    deadline: Deadline

    def change(self, petition: "Petition") -> Change:
        """To be answered."""
        return {"supervisions": (*petition.supervisions, self)}


class SupervisionAnswered(Event):
    """督办回复: what the unit has to say to every supervision of it that is open."""

    kind: Literal["supervision_answered"] = "supervision_answered"
    unit: str | None = None
    text: tuple[str, ...]

    def change(self, petition: "Petition") -> Change:
        """What another unit was asked stays open."""
        others = tuple(s for s in petition.supervisions if s.unit != self.unit)
        return {"supervisions": others if self.unit else ()}


class Led(Event):
    """包案: the case is led by an official; parts that are given replace earlier ones."""

    kind: Literal["led"] = "led"
    lead: Lead

    def change(self, petition: "Petition") -> Change:
        """What was given before stays."""
        return {"lead": petition.lead.with_(self.lead)}


BEYOND = frozenset({"supervisor", "leader"})
"""Who hears of what is late beyond the unit that has it."""


class Escalated(Event):
    """逐级提醒: a deadline has passed, and the next in line is told."""

    kind: Literal["escalated"] = "escalated"
    moves: ClassVar[bool] = False
    deadline: str
    due: date
    to: Literal["head", "supervisor", "leader"]

    def change(self, petition: "Petition") -> Change:
        """Told once a level and deadline; the same limit started again has another last day."""
        return {"escalations": petition.escalations | {(self.deadline, self.due, self.to)}}


class Recounted(Event):
    """期限重算: a year's holidays became known, so provisional dates are final now.

    `supervisions` are the dates to answer the open supervisions by, in their order.
    """

    kind: Literal["recounted"] = "recounted"
    moves: ClassVar[bool] = False
    deadlines: tuple[Deadline, ...]
    supervisions: tuple[Deadline, ...]

    def change(self, petition: "Petition") -> Change:
        """The dates as they are now; those of the reply too while they run.

        A step taken back afterwards takes its own dates along: each date replaces its like.
        """
        again = {d.name: d for d in self.deadlines}
        deadlines = tuple(_newer(d, again.get(d.name)) for d in petition.deadlines)
        asked = zip(petition.supervisions, self.supervisions, strict=True)
        reply = petition.reply
        if reply is not None and reply.deadlines == petition.deadlines:
            reply = reply.model_copy(update={"deadlines": deadlines})
        return {
            "deadlines": deadlines,
            "supervisions": tuple(s.model_copy(update={"deadline": d}) for s, d in asked),
            "reply": reply,
        }


def _newer(running: Deadline, again: Deadline | None) -> Deadline:
    """The date counted again, when it is this one's: counted from the same day."""
    same = again is not None and running.since in (None, again.since)
    return again if again is not None and same else running


Why = Literal["request", "order", "expired"]
"""Why content was erased: the petitioner asked, an authority ordered it, its time was over."""


class Erased(Event):
    """删除: what the petitioner entrusted is gone for good; that it was, and why, stays."""

    kind: Literal["erased"] = "erased"
    why: Why = "request"

    def change(self, _petition: "Petition") -> Change:
        """Nothing is left to do."""
        return {
            "state": State.ERASED,
            "holder": None,
            "deadlines": (),
            "question": (),
            "supervisions": (),
            "inquiry": None,
        }
