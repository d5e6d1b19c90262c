"""不予受理告知书: why is a petition not taken, and where can its petitioner turn?"""

from datetime import date
from typing import Literal

from documents import sheet
from documents.facts import Fact, Route, Texts
from documents.paper import Answer, Number
from documents.parts import parts, routes
from documents.voice import Voice

Reason = Literal["under_way", "elsewhere", "ended", "other"]


class UnderWay(Fact):
    """The case of the same matter, being handled or ended: its number; unit and day if known."""

    number: Number
    unit: str = ""
    due: date | None = None


class Decline(Answer):
    """The petition is not taken (TL 19(3), 23(1)).

    `reason`: the same matter is under way (give `under_way`), it belongs elsewhere (give
    `where`), it was ended after a second review (`under_way` is then the case that was), or
    another that `explanation` tells.
    """

    kind: Literal["decline"] = "decline"
    clause: str = "TL 23"
    reason: Reason
    explanation: Texts = ()
    under_way: UnderWay | None = None
    where: tuple[Route, ...] = ()

    def lay_out(self, say: Voice) -> sheet.Letter:
        """The notice."""
        why = (sheet.Para(say(f"paper.decline.{self.reason}")), sheet.quote(self.explanation))
        other = self._other(say)
        which = "paper.part.ended" if self.reason == "ended" else "paper.part.under_way"
        return self.letter(
            say,
            self.about(say),
            sheet.Para(say("paper.decline.decided", clause=say.clause(self.clause))),
            *parts(
                say,
                ("paper.part.reason", why),
                (which, other),
                ("paper.part.where", routes(say, self.where)),
            ),
            sheet.Para(say("paper.close")),
        )

    def _other(self, say: Voice) -> tuple[sheet.Block, ...]:
        other = self.under_way
        if other is None:
            return ()
        due = say("paper.decline.due", due=other.due) if other.due else ""
        text = say("paper.decline.case", number=other.number)
        unit = say("paper.decline.unit", unit=other.unit) if other.unit else ""
        return (sheet.Para(say.joined(text, unit, due)),)
