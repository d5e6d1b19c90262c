"""Declining (不予受理): why, and where to go or which case goes on (TL 19(3), 23(1), 36(3))."""

from collections.abc import Callable

from dialogs.carrying import finishing, text_of
from dialogs.forms import Form, Step
from dialogs.forms.base import Answers
from dialogs.forms.choice import Choice
from dialogs.staff.forms import others
from dialogs.staff.forms.parts import gathered
from dialogs.staff.forms.shown import preview
from dialogs.turn import Turn
from petitions import commands as do
from petitions.events import Ground
from storage import record
from storage.drafts import Draft


def _on(ground: Ground) -> Callable[[Answers], bool]:
    return lambda answers: bool(answers.get("ground") == ground)


def _command(turn: Turn, draft: Draft) -> do.Decline:
    """Each ground has a number of its own, so a change of the ground asks for another."""
    answers = draft.answers
    ground = Ground(answers["ground"])
    number: str | None = answers.get(ground.value)
    petition = record.load(turn.unit, draft.subject or "")
    other = others.find(turn, petition, number) if number else None
    state = others.standing(other) if other else None
    return do.Decline(ground, text_of(draft), number, state)


DECLINING = Form(
    "declining",
    (
        Step("ground", Choice(tuple(Ground))),
        others.number("under_way", _on(Ground.UNDER_WAY), "open"),
        others.number("ended", _on(Ground.ENDED), "ended"),
        gathered(),
        preview(_command),
    ),
    finishing(_command),
)
