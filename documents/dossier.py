"""卷宗（一案一档）: what is everything that belongs to a case?"""

from datetime import date
from typing import Literal

from documents import binding, sheet
from documents.case import Attachment, Chain, Due, Led, Party, Step, Writing
from documents.paper import Paper
from documents.parts import Part, parts
from documents.voice import Voice


class Dossier(Paper):
    """The whole case. `issuer` is the office, `issued` the day it was printed.

    `subject` is the petition's title; `state`, `category`, `purpose`, `district` and `unit` are
    names in the reader's language. With `erased` the texts are gone by law, and it says so.
    """

    kind: Literal["dossier"] = "dossier"
    subject: str
    purpose: str
    category: str
    district: str
    unit: str
    state: str
    registered: date
    closed: date | None = None
    erased: bool = False
    parties: tuple[Party, ...]
    steps: tuple[Step, ...]
    writings: tuple[Writing, ...]
    terms: tuple[Due, ...]
    led: Led | None = None
    attachments: tuple[Attachment, ...] = ()
    chain: Chain

    def lay_out(self, say: Voice) -> sheet.Book:
        """The dossier, from cover to seal."""
        return sheet.Book(
            title=self.title(say),
            issuer=self.issuer,
            cover=self._cover(say),
            contents=say("paper.dossier.contents"),
            blocks=parts(say, *self._parts(say)),
            small=say("paper.dossier.small", number=self.number, day=self.issued),
            page=say("paper.page", page="{page}", pages="{pages}"),
            day=self.issued,
        )

    def _cover(self, say: Voice) -> tuple[tuple[str, str], ...]:
        closed = say("paper.day", day=self.closed) if self.closed else binding.NONE
        return (
            (say("paper.field.number"), self.number),
            (say("paper.field.subject"), self.subject),
            (say("paper.field.purpose"), self.purpose),
            (say("paper.field.category"), self.category),
            (say("paper.field.district"), self.district),
            (say("paper.field.lead"), self.unit),
            (say("paper.field.state"), self.state),
            (say("paper.field.registered"), say("paper.day", day=self.registered)),
            (say("paper.field.closed"), closed),
            (say("paper.field.printed"), say("paper.day", day=self.issued)),
        )

    def _parts(self, say: Voice) -> tuple[Part, ...]:
        erased = (sheet.Note(say("paper.dossier.erased")),) if self.erased else ()
        texts = tuple(block for each in self.writings for block in binding.writing(each, say))
        return (
            ("paper.dossier.parties", (*erased, binding.parties(self.parties, say))),
            ("paper.dossier.timeline", (binding.timeline(self.steps, say),)),
            ("paper.dossier.texts", (*erased, *texts) or (binding.none(say),)),
            ("paper.dossier.terms", (binding.terms(self.terms, say),)),
            ("paper.dossier.led", binding.led(self.led, say) if self.led else ()),
            ("paper.dossier.files", (binding.files(self.attachments, say),)),
            ("paper.dossier.record", binding.record(self.chain, say)),
        )
