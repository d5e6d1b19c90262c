"""Rating the outcome (满意度评价): the petition office and the unit, separately."""

from dialogs.carrying import carry_out
from dialogs.forms import Form, Step
from dialogs.forms.base import Answers
from dialogs.forms.choice import Choice
from dialogs.forms.text import Line
from dialogs.turn import Turn
from petitions.commands import Rate
from petitions.events import Verdict
from storage.drafts import Draft

LONGEST_REASON = 1000
VERDICTS = tuple(Verdict)


def _unhappy(answers: Answers) -> bool:
    return Verdict.BAD in (answers.get("office"), answers.get("unit"))


def finish(turn: Turn, draft: Draft) -> None:
    """Write the rating; it can be changed until the window closes."""
    answers = draft.answers
    command = Rate(
        Verdict(answers["office"]),
        Verdict(answers["unit"]),
        answers.get("reason"),
        answers.get("comment"),
    )
    petition = carry_out(turn, draft, command)
    if petition is not None:
        assert petition.survey_until is not None
        until = turn.local(petition.survey_until).date()
        turn.show(turn.post("survey.thanks", until=until), key_id=draft.key_id)


SURVEY = Form(
    "survey",
    (
        Step("office", Choice(VERDICTS)),
        Step("unit", Choice(VERDICTS)),
        Step("reason", Line(lambda _limits: LONGEST_REASON), optional=True, when=_unhappy),
        Step("comment", Line(lambda _limits: LONGEST_REASON), optional=True),
    ),
    finish,
)
