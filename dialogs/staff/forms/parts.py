"""What do the officers' forms have in common? Texts, days, and the review."""

from dialogs.forms import Step
from dialogs.forms.base import Asking, Refuse
from dialogs.forms.review import Review
from dialogs.forms.text import Gathered, Line
from petitions.record import Petition
from storage import record

REVIEW = Step("review", Review())
LONGEST_NUMBER = 40
LONGEST_BASIS = 1000
"""Characters of what a reply or a decision rests on."""


def gathered(name: str = "text", *, optional: bool = False) -> Step:
    """A text of the length a petitioner may write."""
    return Step(name, Gathered(lambda limits: limits.text), optional=optional)


def days(name: str = "days") -> Step:
    """A number of days; how many are too many, the rules say when it is sent."""
    return Step(name, Line(lambda _limits: LONGEST_NUMBER, check=_days))


def _days(_at: Asking, text: str) -> str | Refuse:
    number = "".join(c for c in text if c.isdecimal())
    return str(int(number)) if number and 1 <= int(number) <= 999 else Refuse("days.wrong")


def petition_of(at: Asking) -> Petition:
    """The case the form is about."""
    return record.load(at.turn.unit, at.draft.subject or "")
