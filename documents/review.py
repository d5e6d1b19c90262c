"""复查意见书、复核意见书: does the opinion stand, and is there anything left to ask for?"""

from abc import abstractmethod
from datetime import date
from typing import Literal

from pydantic import model_validator

from documents import sheet
from documents.facts import Route, Term, Texts
from documents.paper import Answer
from documents.parts import parts, routes
from documents.voice import Voice

Decision = Literal["upheld", "changed", "revoked"]


class _Decided(Answer):
    """What both reviews tell: what was reviewed, what was found, what was decided and why.

    `unit` gave the opinion under review on the day `given`, `opinion` are its words. A decision
    that revokes it has the unit handle the matter again, by the day of `redo` if there is one,
    and what it finds then can be reviewed anew.
    """

    unit: str
    given: date
    asked: date
    request: Texts
    opinion: Texts
    found: Texts = ()
    decision: Decision
    reasons: Texts
    basis: str
    redo: Term | None = None
    routes: tuple[Route, ...] = ()

    def lay_out(self, say: Voice) -> sheet.Letter:
        """The decision."""
        follows = say(
            f"paper.{self.kind}.follows", unit=self.unit, given=self.given, day=self.asked
        )
        return self.letter(
            say,
            self.about(say),
            sheet.Para(follows),
            *parts(
                say,
                ("paper.part.asked", (sheet.quote(self.request),)),
                (f"paper.{self.kind}.reviewed", (sheet.quote(self.opinion),)),
                ("paper.part.found", (sheet.quote(self.found),)),
                (f"paper.{self.kind}.decision", (self._decision(say), sheet.quote(self.reasons))),
                ("paper.part.basis", (sheet.quote((self.basis,)),)),
                ("paper.part.rights", (self._rights(say), *routes(say, self.routes))),
            ),
        )

    def _decision(self, say: Voice) -> sheet.Para:
        decided = say(f"paper.decision.{self.decision}", unit=self.unit)
        redo = say("paper.decision.redo", due=say.due(self.redo)) if self.redo else ""
        return sheet.Para(say.joined(decided, redo))

    def _rights(self, say: Voice) -> sheet.Para:
        if self.decision == "revoked":
            return sheet.Para(say("paper.decision.anew"))
        return sheet.Para(self.next(say))

    @abstractmethod
    def next(self, say: Voice) -> str:
        """What can be done about a decision that stands."""


class Review(_Decided):
    """复查 (TL 35); `reviewer` ("" is the next higher authority) is asked for a second review
    until `ask_second_review`, which a decision that revokes does not need.
    """

    kind: Literal["review"] = "review"
    reviewer: str = ""
    ask_second_review: Term | None = None

    @model_validator(mode="after")
    def _says_by_when(self) -> "Review":
        if self.decision != "revoked" and self.ask_second_review is None:
            raise ValueError("ask_second_review: a decision that stands says by when")
        return self

    def next(self, say: Voice) -> str:
        """A second review."""
        assert self.ask_second_review is not None
        return say(
            "paper.review.next",
            reviewer=say.authority(self.reviewer),
            due=say.due(self.ask_second_review),
            basis=say.basis(self.ask_second_review.clause),
        )


class SecondReview(_Decided):
    """复核 (TL 36): it ends the matter; the same facts and reasons are not taken again."""

    kind: Literal["second_review"] = "second_review"
    clause: str = "TL 36(3)"

    def next(self, say: Voice) -> str:
        """Nothing with the same facts."""
        return say("paper.second_review.ends", basis=say.basis(self.clause))
