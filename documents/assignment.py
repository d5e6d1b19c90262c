"""指派通知单: what is a unit asked to do, and by when? It holds no personal data."""

from typing import Annotated, Literal

from pydantic import Field

from documents import sheet
from documents.facts import Term
from documents.paper import Letter
from documents.parts import parts, term_grid
from documents.voice import Voice

Task = Literal["accept", "object", "reply", "report", "protect"]
"""What can be asked; fixed sentences, because free words could name the petitioner."""


class Assignment(Letter):
    """The sheet that goes to a unit's group. It has no field for a name, a telephone number, a
    title or a text, so it cannot tell them: the unit's officers open those in private.

    `to` is the lead unit, `assisting` those that help it; `category` and `district` are names.
    A report against people or units (检举控告) is given without its district, as on its card.
    """

    kind: Literal["assignment"] = "assignment"
    how: Literal["routed", "ordered"] = "routed"
    clause: str = "TL 22"
    category: str
    district: str = ""
    assisting: tuple[str, ...] = ()
    urgent: bool = False
    terms: tuple[Term, ...]
    tasks: Annotated[tuple[Task, ...], Field(min_length=1)]

    def lay_out(self, say: Voice) -> sheet.Letter:
        """The sheet."""
        asked = say(f"paper.assignment.{self.how}", clause=say.clause(self.clause))
        urgent = say("paper.assignment.urgent") if self.urgent else ""
        return self.letter(
            say,
            sheet.Para(say.joined(asked, urgent)),
            sheet.Grid((), self._facts(say), (1, 3)),
            *parts(
                say,
                ("paper.part.tasks", self._tasks(say)),
                ("paper.part.terms", (term_grid(say, self.terms),)),
            ),
            sheet.Note(say("paper.assignment.private")),
        )

    def _facts(self, say: Voice) -> tuple[tuple[str, str], ...]:
        return (
            (say("paper.field.number"), self.number),
            (say("paper.field.category"), self.category),
            (say("paper.field.district"), self.district or "—"),
            (say("paper.field.lead"), self.to),
            (say("paper.field.assisting"), say.listed(self.assisting) or "—"),
        )

    def _tasks(self, say: Voice) -> tuple[sheet.Block, ...]:
        said = (say(f"paper.task.{task}") for task in self.tasks)
        return tuple(
            sheet.Para(say("paper.item", number=n, text=text)) for n, text in enumerate(said, 1)
        )
