"""Asking by number and query code (查询进度), from any account, without personal data."""

from datetime import timedelta

from dialogs.citizen.timeline import timeline
from dialogs.forms import Form, Step
from dialogs.forms.base import Asking, Refuse
from dialogs.forms.text import Line
from dialogs.turn import Turn
from petitions import numbers
from storage import drafts, record, throttle
from storage.drafts import Draft

LONGEST = 100


def _number(_at: Asking, text: str) -> str | Refuse:
    try:
        return numbers.read(text)
    except numbers.WrongCheckDigit:
        return Refuse("lookup.one_digit")
    except numbers.BadNumber:
        return Refuse("lookup.no_number")


def _code(_at: Asking, text: str) -> str | Refuse:
    try:
        return numbers.read_code(text)
    except numbers.BadCode:
        return Refuse("lookup.no_code")


def finish(turn: Turn, draft: Draft) -> None:
    """Show the dated steps, or say that number and code do not belong together.

    Who filed it sees it as in 我的信访: the number is no more than the way there.

    "Wrong" and "not yours" are one answer, and tries are counted by asker and by number, so
    that neither who asks much nor a number asked for by many gives anything away.
    """
    number, code = draft.answers["number"], draft.answers["code"]
    drafts.finish(turn.unit, draft, "submitted")
    limits = turn.house.office.limits
    window = timedelta(minutes=limits.lookup_minutes)
    subjects = (f"lookup:{turn.person.id}", f"lookup:{turn.unit.digest('number', number)}")
    if any(throttle.spent(turn.unit, s, limits.wrong_lookups, window) for s in subjects):
        turn.send(turn.post("lookup.too_many", minutes=limits.lookup_minutes))
        return
    found = record.by_code(turn.unit, number, turn.unit.digest("code", number, code))
    if found is None:
        for subject in subjects:
            throttle.count(turn.unit, subject, window)
        turn.send(turn.post("lookup.wrong"))
        return
    turn.send(timeline(turn, found, own=found.petitioner == turn.person.id))


LOOKUP = Form(
    "lookup",
    (
        Step("number", Line(lambda _limits: LONGEST, check=_number)),
        Step("code", Line(lambda _limits: LONGEST, check=_code)),
    ),
    finish,
)
