"""Which other case does an officer mean by its number?

"There is no such case" and "it is not yours to know of" are one answer.
"""

from collections.abc import Callable
from typing import Literal

from dialogs.forms import Step
from dialogs.forms.base import Answers, Asking, Refuse
from dialogs.forms.text import Line
from dialogs.staff.forms.parts import petition_of
from dialogs.turn import Turn
from petitions import numbers
from petitions.access import Sight, may_see
from petitions.record import Petition, State
from storage import record

LONGEST = 100
Standing = Literal["open", "ended", "closed"]
OTHERWISE: dict[Standing, str] = {"open": "other.not_open", "ended": "other.not_ended"}
"""What is said of a case that does not stand as it has to."""


def find(turn: Turn, petition: Petition, number: str) -> Petition | None:
    """The case of this number: of the same petitioner, or one that this officer may see.

    Never a report against people or units: that it was made is not to be learned here (TL 30).
    """
    found = record.by_number(turn.unit, number)
    other = found[0] if found else None
    if other is None or other.secret:
        return None
    known = other.petitioner == petition.petitioner or may_see(turn.actor, Sight.CARD, other)
    return other if known else None


def standing(other: Petition) -> Standing:
    """Whether it is being handled, has ended (终结), or is closed in another way."""
    if other.open:
        return "open"
    return "ended" if other.state is State.ENDED else "closed"


def number(
    name: str, when: Callable[[Answers], bool] | None = None, wanted: Standing | None = None
) -> Step:
    """The number of another case; `wanted` says how that case must stand."""

    def check(at: Asking, text: str) -> str | Refuse:
        return _read(at, text, wanted)

    kind = Line(lambda _limits: LONGEST, check=check, mask=numbers.show)
    return Step(name, kind, when=when) if when else Step(name, kind)


def _read(at: Asking, text: str, wanted: Standing | None) -> str | Refuse:
    try:
        typed = numbers.read(text)
    except numbers.WrongCheckDigit:
        return Refuse("lookup.one_digit")
    except numbers.BadNumber:
        return Refuse("lookup.no_number")
    petition = petition_of(at)
    if typed == petition.number:
        return Refuse("other.itself")
    other = find(at.turn, petition, typed)
    if other is None:
        return Refuse("other.not_found")
    if wanted is not None and standing(other) != wanted:
        return Refuse(OTHERWISE[wanted], {"state": at.turn.label(f"state.{other.state}")})
    return typed
