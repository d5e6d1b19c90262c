"""What do the officers' forms have in common? Texts, days, and the review."""

import re

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
    """One number, whatever stands around it: a date or two numbers would be guessed at."""
    numbers = re.findall(r"\d+", text)
    days = int(numbers[0]) if len(numbers) == 1 else 0
    return str(days) if 1 <= days <= 999 else Refuse("days.wrong")


def petition_of(at: Asking) -> Petition:
    """The case the form is about."""
    return record.load(at.turn.unit, at.draft.subject or "")
