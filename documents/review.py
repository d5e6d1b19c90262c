"""复查意见书、复核意见书: does the opinion stand, and is there anything left to ask for?"""

from datetime import date
from typing import Literal

from documents import sheet
from documents.facts import Route, Term, Texts
from documents.paper import Answer
from documents.parts import parts, routes
from documents.voice import Voice

Decision = Literal["upheld", "changed", "revoked"]


class _Decided(Answer):
    """What both reviews tell: what was reviewed, what was found, what was decided and why.

    `unit` gave the opinion under review on the day `given`, `opinion` are its words; `redo` is
    the day by which the unit handles the matter again, where the decision revokes the opinion.
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

    def _lay_out(self, say: Voice, rights: str) -> sheet.Letter:
        follows = say(
            f"paper.{self.kind}.follows", unit=self.unit, given=self.given, day=self.asked
        )
        return self.letter(
            say,
            self.about(say),
            sheet.Para(follows),
            *parts(
                say,
                ("paper.part.request", (sheet.quote(self.request),)),
                (f"paper.{self.kind}.reviewed", (sheet.quote(self.opinion),)),
                ("paper.part.found", (sheet.quote(self.found),)),
                (f"paper.{self.kind}.decision", (self._decision(say), sheet.quote(self.reasons))),
                ("paper.part.basis", (sheet.quote((self.basis,)),)),
                ("paper.part.rights", (sheet.Para(rights), *routes(say, self.routes))),
            ),
        )

    def _decision(self, say: Voice) -> sheet.Para:
        decided = say(f"paper.decision.{self.decision}", unit=self.unit)
        redo = say("paper.decision.redo", due=say.due(self.redo)) if self.redo else ""
        return sheet.Para(say.joined(decided, redo))


class Review(_Decided):
    """复查 (TL 35); a second review is asked of `reviewer` until `ask_second_review`."""

    kind: Literal["review"] = "review"
    reviewer: str
    ask_second_review: Term

    def lay_out(self, say: Voice) -> sheet.Letter:
        """The decision."""
        rights = say(
            "paper.review.next",
            reviewer=self.reviewer,
            due=say.due(self.ask_second_review),
            basis=say.basis(self.ask_second_review.clause),
        )
        return self._lay_out(say, rights)


class SecondReview(_Decided):
    """复核 (TL 36): it ends the matter; the same facts and reasons are not taken again."""

    kind: Literal["second_review"] = "second_review"
    clause: str = "TL 36(3)"

    def lay_out(self, say: Voice) -> sheet.Letter:
        """The decision."""
        return self._lay_out(say, say("paper.second_review.ends", basis=say.basis(self.clause)))
