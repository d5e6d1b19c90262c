"""处理意见书: what did the unit find and decide, on what basis, and how can it be reviewed?"""

from datetime import date
from typing import Literal

from documents import sheet
from documents.facts import Route, Term, Texts
from documents.paper import Answer
from documents.parts import parts, routes
from documents.voice import Voice
from petitions.events import Outcome


class Opinion(Answer):
    """The written reply (TL 32), with the way to a review (TL 35).

    `request` in the petitioner's words; `found` what the unit established (left out when there
    is none); `basis` the law it rests on, as the officer named it; `reviewer` who reviews ("" is
    the next higher authority), asked until `ask_review`. `routes` are ways outside the petition
    procedure that stay open.
    """

    kind: Literal["opinion"] = "opinion"
    accepted: date | None = None
    request: Texts
    found: Texts = ()
    outcome: Outcome
    opinion: Texts
    basis: str
    reviewer: str = ""
    ask_review: Term
    routes: tuple[Route, ...] = ()

    def lay_out(self, say: Voice) -> sheet.Letter:
        """The reply."""
        accepted = say("paper.opinion.accepted", day=self.accepted) if self.accepted else ""
        decided = sheet.Para(say(f"paper.opinion.{self.outcome}"))
        return self.letter(
            say,
            self.about(say),
            sheet.Para(say.joined(accepted, say("paper.opinion.follows"))),
            *parts(
                say,
                ("paper.part.request", (sheet.quote(self.request),)),
                ("paper.part.found", (sheet.quote(self.found),)),
                ("paper.part.opinion", (decided, sheet.quote(self.opinion))),
                ("paper.part.basis", (sheet.quote((self.basis,)),)),
                ("paper.part.rights", (self._review(say), *routes(say, self.routes))),
            ),
        )

    def _review(self, say: Voice) -> sheet.Para:
        return sheet.Para(
            say(
                "paper.opinion.review",
                reviewer=say.authority(self.reviewer),
                due=say.due(self.ask_review),
                basis=say.basis(self.ask_review.clause),
            )
        )
