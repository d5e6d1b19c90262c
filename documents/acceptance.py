"""受理告知书: who is told that a petition was accepted, and by when they get a reply?"""

from typing import Literal

from documents import sheet
from documents.facts import Route, Term
from documents.paper import Answer
from documents.parts import routes
from documents.voice import Voice


class Acceptance(Answer):
    """The unit accepts (TL 23). `handle` is the day of the reply; `simple` the simple track.

    `routes` are the petitioner's own deadlines elsewhere, which run on meanwhile.
    """

    kind: Literal["acceptance"] = "acceptance"
    clause: str = "TL 23"
    handle: Term
    simple: bool = False
    routes: tuple[Route, ...] = ()

    def lay_out(self, say: Voice) -> sheet.Letter:
        """The notice."""
        decided = say("paper.acceptance.decided", clause=say.clause(self.clause))
        track = say("paper.acceptance.simple") if self.simple else ""
        handled = say(
            "paper.acceptance.handle",
            due=say.due(self.handle),
            basis=say.basis(self.handle.clause),
        )
        elsewhere: tuple[sheet.Block, ...] = ()
        if self.routes:
            hint = sheet.Para(say("paper.acceptance.routes"))
            elsewhere = (hint, *routes(say, self.routes))
        return self.letter(
            say,
            self.about(say),
            sheet.Para(say.joined(decided, track)),
            sheet.Para(handled),
            *elsewhere,
            sheet.Para(say("paper.follow")),
            sheet.Para(say("paper.close")),
        )
