"""What can be said of how it was handled, and what comes of it when somebody is not satisfied?"""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from petitions.events.base import Change, Event
from petitions.shape import Shape

if TYPE_CHECKING:
    from petitions.record import Petition


class Verdict(StrEnum):
    """One answer of the survey (满意度评价)."""

    GOOD = "good"  # 满意
    FAIR = "fair"  # 基本满意
    BAD = "bad"  # 不满意


class SurveyOpened(Event):
    """满意度评价 begins, until `until` (2014 办法 3-4)."""

    kind: Literal["survey_opened"] = "survey_opened"
    moves: ClassVar[bool] = False
    until: datetime

    def change(self, _petition: "Petition") -> Change:
        """Asked."""
        return {"survey_until": self.until, "rated_since": False}


class Rated(Event):
    """评价: the petition office and the responsible unit, separately; the last rating counts."""

    kind: Literal["rated"] = "rated"
    moves: ClassVar[bool] = False
    office: Verdict
    unit: Verdict
    reason: str | None = None
    comment: str | None = None

    @property
    def low(self) -> bool:
        """Whether either of the two satisfied nobody (不满意)."""
        return Verdict.BAD in (self.office, self.unit)

    def change(self, petition: "Petition") -> Change:
        """The rating as it counts now; the first that is low is looked into, and no second one.

        What is being looked into goes on whatever is answered later: nobody is to have a reason
        to talk a petitioner into another answer. A report's never leaves its examiner (TL 30).
        """
        counts: Change = {"rating": self, "rated_since": True}
        inquiry = petition.inquiry
        if not self.low or petition.secret or (inquiry is not None and not inquiry.open):
            return counts
        if inquiry is None:
            return {**counts, "inquiry": Inquiry(about=self)}
        # Looked into since an earlier reply: what came of it answers for this rating too.
        return {**counts, "inquiry": inquiry.with_(about=self, asked_again=False)}


class Result(StrEnum):
    """What came of looking into it (核查结果)."""

    EXPLAINED = "explained"  # 解释说明
    MORE = "more"  # 督促继续办理: a supervision (督办) has been given
    REVIEW = "review"  # 引导复查复核


class InquiryTaken(Event):
    """核查: who looks into why somebody was not satisfied; `named` by the roster or not."""

    kind: Literal["inquiry_taken"] = "inquiry_taken"
    moves: ClassVar[bool] = False
    officer: int
    named: bool = False

    def change(self, petition: "Petition") -> Change:
        """Somebody's from now on."""
        assert petition.inquiry is not None
        return {"inquiry": petition.inquiry.with_(officer=self.officer)}


class InquiryLeft(Event):
    """回避核查: who looks into it has an interest; the case is kept from them (TL 28)."""

    kind: Literal["inquiry_left"] = "inquiry_left"
    moves: ClassVar[bool] = False
    officer: int

    def change(self, petition: "Petition") -> Change:
        """Nobody's again, and never theirs."""
        assert petition.inquiry is not None
        return {
            "recused": petition.recused | {self.officer},
            "lead": petition.lead.without(self.officer),
            "inquiry": petition.inquiry.with_(officer=None),
        }


class Inquired(Event):
    """核查结果: what came of it, in the words the petitioner reads."""

    kind: Literal["inquired"] = "inquired"
    moves: ClassVar[bool] = False
    result: Result
    text: tuple[str, ...]

    def change(self, petition: "Petition") -> Change:
        """Looked into."""
        assert petition.inquiry is not None
        return {"inquiry": petition.inquiry.with_(found=self)}


class AskedAgain(Event):
    """再次评价: once more after it was looked into, until `until`; this answer is the last."""

    kind: Literal["asked_again"] = "asked_again"
    moves: ClassVar[bool] = False
    until: datetime

    def change(self, petition: "Petition") -> Change:
        """Asked, and not a third time."""
        assert petition.inquiry is not None
        inquiry = petition.inquiry.with_(asked_again=True)
        return {"survey_until": self.until, "rated_since": False, "inquiry": inquiry}


class Inquiry(Shape):
    """不满意件核查 as it stands: about which rating, whose it is, what was found.

    `asked_again`: the petitioner has been asked once more, or a new reply asks by itself.
    """

    about: Rated
    officer: int | None = None
    found: Inquired | None = None
    asked_again: bool = False

    @property
    def open(self) -> bool:
        """Whether the petitioner still waits to hear what came of it."""
        return self.found is None

    def with_(self, **newer: Any) -> "Inquiry":
        """The inquiry with these parts changed."""
        return self.model_copy(update=newer)
