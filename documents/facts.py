"""What does a paper know? Plain facts, frozen: strings, dates, lists; nothing of storage."""

from collections.abc import Iterable
from datetime import date

from pydantic import BaseModel, ConfigDict

from petitions.deadlines import Deadline

Texts = tuple[str, ...]
"""What somebody wrote, message by message, as they typed it."""


class Fact(BaseModel):
    """A frozen value of a paper; an unknown field is an error, so that nothing slips in."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Term(Fact):
    """A last day for something, and the clause it rests on.

    `name` is a limit of the procedure profile (said as `paper.term.<name>`) or words of one's
    own; `clause` is the profile's ("TL 34") or a law as it is quoted; `provisional` as in
    `petitions.deadlines`: the year's working days are not announced yet.
    """

    name: str
    due: date | None = None
    clause: str = ""
    provisional: bool = False

    @classmethod
    def of(cls, deadline: Deadline) -> "Term":
        """The term of a deadline that the rules computed."""
        return cls(
            name=deadline.name,
            due=deadline.due,
            clause=deadline.clause,
            provisional=deadline.provisional,
        )


def terms_of(deadlines: Iterable[Deadline]) -> tuple[Term, ...]:
    """The terms of these deadlines, in their order."""
    return tuple(Term.of(each) for each in deadlines)


class Route(Fact):
    """A way outside the petition procedure: what to do and where, in a sentence, and by when.

    A route of the catalogue gives `sentence` and `clause`; `due` is for a day somebody computed.
    """

    sentence: str
    clause: str = ""
    due: date | None = None
