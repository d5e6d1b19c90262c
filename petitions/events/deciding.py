"""What can be decided, and asked for review?"""

from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from petitions.deadlines import Deadline
from petitions.events.base import Change, Event
from petitions.states import State

if TYPE_CHECKING:
    from petitions.record import Petition


class Outcome(StrEnum):
    """What the unit decided (处理意见), TL 32."""

    SUPPORTED = "supported"  # 支持
    EXPLAINED = "explained"  # 解释说明
    NOT_SUPPORTED = "not_supported"  # 不予支持


class Finding(StrEnum):
    """What a review decided (复查意见, 复核意见), TL 35, 36."""

    UPHELD = "upheld"  # 维持
    CHANGED = "changed"  # 变更
    REVOKED = "revoked"  # 撤销重办


class Replied(Event):
    """答复: the written reply with outcome and basis (TL 32), and the way to review (TL 35).

    `reviewer` is the unit a review is asked of; None where no level above belongs to this office.
    """

    kind: Literal["replied"] = "replied"
    outcome: Outcome
    text: tuple[str, ...]
    basis: str
    files: tuple[str, ...] = ()
    deadlines: tuple[Deadline, ...]
    reviewer: str | None = None

    def change(self, petition: "Petition") -> Change:
        """Replied; a new reply is rated and reviewed anew. What is looked into still is."""
        inquiry = petition.inquiry
        return {
            "state": State.REPLIED,
            "reply": self,
            "deadlines": self.deadlines,
            "question": (),
            "extension": None,
            "survey_until": None,
            "rating": None,
            "rated_since": False,
            "inquiry": inquiry.with_(asked_again=True) if inquiry and inquiry.open else None,
            "review": None,
            "decision": None,
        }


class SuggestionAnswered(Event):
    """建议意见回复: adopted or not, and why (TL 29)."""

    kind: Literal["suggestion_answered"] = "suggestion_answered"
    adopted: bool
    text: tuple[str, ...]

    def change(self, _petition: "Petition") -> Change:
        """Closed."""
        return {"state": State.ANSWERED, "answer": self, "deadlines": ()}


class ReviewAsked(Event):
    """申请复查 (level 1, TL 35) or 复核 (level 2, TL 36), of the level above."""

    kind: Literal["review_asked"] = "review_asked"
    level: Literal[1, 2]
    unit: str
    text: tuple[str, ...]
    files: tuple[str, ...] = ()
    deadlines: tuple[Deadline, ...]

    def change(self, petition: "Petition") -> Change:
        """The reviewing unit has the case; nobody there holds it yet."""
        state = State.REVIEW if self.level == 1 else State.SECOND_REVIEW
        return {
            "state": state,
            "unit": self.unit,
            "holder": None,
            "review": self,
            "barred": petition.hands,
            "deadlines": self.deadlines,
        }


class HearingHeld(Event):
    """听证: the time it takes is not counted (TL 36)."""

    kind: Literal["hearing_held"] = "hearing_held"
    days: int
    text: tuple[str, ...]
    deadlines: tuple[Deadline, ...]

    def change(self, _petition: "Petition") -> Change:
        """The limit moves by as much."""
        return {"deadlines": self.deadlines}


class ReviewDecided(Event):
    """复查意见 or 复核意见: upheld, changed, or revoked and to be handled again (TL 35, 36).

    `back_to` is the unit that handles it again. After the second review the matter has ended.
    """

    kind: Literal["review_decided"] = "review_decided"
    level: Literal[1, 2]
    finding: Finding
    text: tuple[str, ...]
    basis: str
    back_to: str | None = None
    reviewer: str | None = None
    deadlines: tuple[Deadline, ...] = ()

    def change(self, petition: "Petition") -> Change:
        """Ended, decided for now, or handled again from the beginning."""
        if self.back_to is None:
            state = State.ENDED if self.level == 2 else State.REVIEWED
            return {"state": state, "decision": self, "deadlines": self.deadlines}
        return {
            "state": State.HANDLING,
            "unit": self.back_to,
            "responsible": self.back_to,
            "holder": None,
            "decision": self,
            "deadlines": self.deadlines,
            "simple": False,
            "extended": False,
            "mediation": None,
            # Who sent it back has no part in the new reply, and may review that too.
            "hands": petition.barred,
        }
