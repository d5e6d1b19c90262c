"""延期告知书: why does the reply take longer, and until when?"""

from datetime import date
from typing import Literal

from documents import sheet
from documents.facts import Term, Texts
from documents.paper import Answer
from documents.voice import Voice


class Extension(Answer):
    """The time for the reply is extended, once, and the petitioner is told why (TL 34).

    `was` is the old last day, if it is known; `handle` the new one.
    """

    kind: Literal["extension"] = "extension"
    reason: Texts
    was: date | None = None
    handle: Term

    def lay_out(self, say: Voice) -> sheet.Letter:
        """The notice."""
        late = say("paper.extension.limit")
        if self.was:
            late = say("paper.extension.was", was=self.was)
        decided = say(
            "paper.extension.decided",
            due=say.due(self.handle),
            clause=say.clause(self.handle.clause),
        )
        return self.letter(
            say,
            self.about(say),
            sheet.Para(say.joined(late, decided)),
            sheet.Para(say("paper.extension.reason")),
            sheet.quote(self.reason),
            sheet.Para(say("paper.close")),
        )
