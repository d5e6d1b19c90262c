"""What have all papers in common? A number, who issues it, when; a way to be laid out."""

from abc import abstractmethod
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from documents import sheet
from documents.facts import Fact
from documents.voice import Voice
from petitions import numbers

Number = Annotated[str, AfterValidator(numbers.show)]
"""A tracking number in any spelling; kept and printed in groups."""


class Paper(Fact):
    """A paper; every subclass has a `kind` of its own and is listed in `documents.registry`.

    Names of units and authorities, and what is said in free words, come in the reader's
    language. `issued` is the day in the office's zone.
    """

    kind: str
    number: Number
    issuer: str
    issued: date

    @abstractmethod
    def lay_out(self, say: Voice) -> sheet.Sheet:
        """What stands on it, in the language of `say`."""

    def title(self, say: Voice) -> str:
        """What the paper is called."""
        return say(f"paper.{self.kind}.title")


class Letter(Paper):
    """A paper to somebody, set like an official letter.

    `to` is the addressee; `nth` counts papers of one kind in one case, so that two of them have
    two numbers; `contact` is where to ask (telephone, address, hours).
    """

    to: str
    nth: int = Field(1, ge=1)
    contact: str = ""

    def letter(self, say: Voice, *blocks: sheet.Block) -> sheet.Letter:
        """These blocks between the letter's head and its foot."""
        return sheet.Letter(
            title=self.title(say),
            issuer=self.issuer,
            mark=self._mark(say),
            to=say("paper.to", name=self.to),
            blocks=blocks,
            contact=say("paper.contact", contact=self.contact) if self.contact else "",
            dated=say("paper.day", day=self.issued),
            small=say("paper.small", number=self.number),
            page=say("paper.page", page="{page}", pages="{pages}"),
            day=self.issued,
        )

    def _mark(self, say: Voice) -> str:
        """信受〔2026〕20260302-00001号: the paper's own number, after the case's."""
        _, day, serial, _ = self.number.split("-")
        again = say("paper.again", nth=self.nth) if self.nth > 1 else ""
        return say(
            f"paper.mark.{self.kind}", year=str(self.issued.year), serial=f"{day}-{serial}{again}"
        )


class Answer(Letter):
    """A letter about what somebody filed: its title, and the day it was registered."""

    subject: str
    registered: date

    def about(self, say: Voice) -> sheet.Para:
        """The opening: what was filed, and when."""
        return sheet.Para(
            say("paper.about", day=self.registered, subject=self.subject, number=self.number)
        )
