"""What is told of a case in its dossier? Parties, steps, texts, deadlines, files, the record.

Moments are in the office's zone: they are printed as they are given.
"""

from datetime import date, datetime
from typing import Literal

from documents.facts import Fact, Term, Texts


class Party(Fact):
    """Somebody the case is about or who works on it; what is not known stays empty."""

    role: str
    name: str
    phone: str = ""
    address: str = ""
    note: str = ""


class Step(Fact):
    """One line of the timeline: what happened, when, and who did it."""

    at: datetime
    who: str
    what: str


class Writing(Fact):
    """A text in full: facts, request, supplement, opinion, decision; what it is, whose, when."""

    title: str
    by: str
    at: datetime
    text: Texts


class Due(Term):
    """A deadline of the case; `done` is the day on which it was kept, or too late."""

    done: date | None = None


class Led(Fact):
    """A case led by an official (包案): the five things it needs (五个一).

    What is None or empty is shown as missing. The fifth is the dossier itself.
    """

    leader: str | None = None
    group: tuple[str, ...] = ()
    plan: Texts = ()
    supervisor: str | None = None

    @property
    def lacking(self) -> int:
        """How many of the five are missing."""
        return sum(not each for each in (self.leader, self.group, self.plan, self.supervisor))


class Attachment(Fact):
    """A file of the case; `size` in bytes, `sha256` of its content as hex digits, if known."""

    name: str
    kind: Literal["photo", "video", "video_note", "voice", "audio", "document"]
    at: datetime
    by: str
    size: int | None = None
    sha256: str | None = None


class Chain(Fact):
    """How the record can be checked: its number of entries, its chain's head, the last seal."""

    entries: int
    head: str
    seal: str | None = None
    sealed_at: datetime | None = None
