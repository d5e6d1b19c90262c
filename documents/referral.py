"""导入法定途径告知书: which procedure of law is the matter for, where, and by when?"""

from typing import Annotated, Literal

from pydantic import Field

from documents import sheet
from documents.facts import Route, Texts
from documents.paper import Answer
from documents.parts import parts, routes
from documents.voice import Voice


class Referral(Answer):
    """The matter is for a procedure of law (TL 31(1)-(5)): court, arbitration, review, …

    `routes` say where and by when, the likeliest first; `explanation` why this one.
    """

    kind: Literal["referral"] = "referral"
    clause: str = "TL 31"
    explanation: Texts = ()
    routes: Annotated[tuple[Route, ...], Field(min_length=1)]

    def lay_out(self, say: Voice) -> sheet.Letter:
        """The notice."""
        warning = sheet.Para(say("paper.referral.deadlines"))
        return self.letter(
            say,
            self.about(say),
            sheet.Para(say("paper.referral.decided", clause=say.clause(self.clause))),
            *parts(
                say,
                ("paper.part.reason", (sheet.quote(self.explanation),)),
                ("paper.part.routes", (*routes(say, self.routes), warning)),
            ),
            sheet.Para(say("paper.close")),
        )
