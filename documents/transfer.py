"""转送告知书: which unit has the petition now, and by when does it say whether it takes it?"""

from typing import Literal

from documents import sheet
from documents.facts import Term
from documents.paper import Answer
from documents.voice import Voice


class Transfer(Answer):
    """The petition went to the unit that answers for it (TL 22).

    `how`: 转送, or 交办, which asks the unit to report the result. `accept` is the day by which
    the unit tells whether it accepts.
    """

    kind: Literal["transfer"] = "transfer"
    clause: str = "TL 22"
    unit: str
    how: Literal["routed", "ordered"] = "routed"
    accept: Term

    def lay_out(self, say: Voice) -> sheet.Letter:
        """The notice."""
        went = say(f"paper.transfer.{self.how}", unit=self.unit, clause=say.clause(self.clause))
        answered = say(
            "paper.transfer.accept",
            unit=self.unit,
            due=say.due(self.accept),
            basis=say.basis(self.accept.clause),
        )
        return self.letter(
            say,
            self.about(say),
            sheet.Para(went),
            sheet.Para(answered),
            sheet.Para(say("paper.follow")),
            sheet.Para(say("paper.close")),
        )
