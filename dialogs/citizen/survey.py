"""Rating the outcome (满意度评价): the petition office and the unit, separately."""

from dialogs import telling
from dialogs.carrying import carry_out
from dialogs.forms import Form, Step
from dialogs.forms.base import Answers
from dialogs.forms.choice import Choice
from dialogs.forms.text import Line
from dialogs.turn import Turn
from petitions.commands import Rate
from petitions.events import Verdict
from petitions.lifecycle import Refused
from petitions.record import Petition
from storage import drafts, record
from storage.drafts import Draft

LONGEST_REASON = 1000
VERDICTS = tuple(Verdict)


def _unhappy(answers: Answers) -> bool:
    return Verdict.BAD in (answers.get("office"), answers.get("unit"))


def _command(draft: Draft) -> Rate:
    answers = draft.answers
    return Rate(
        Verdict(answers["office"]),
        Verdict(answers["unit"]),
        answers.get("reason"),
        answers.get("comment"),
    )


def count_at_once(turn: Turn, draft: Draft) -> None:
    """Both answers are in: they count now, whoever walks away from the words that follow."""
    petition = record.load(turn.unit, draft.subject or "", lock=True)
    try:
        _, parcels = telling.act(turn.unit, turn.house, petition, _command(draft), turn.actor)
    except Refused:
        return  # the window has closed: `finish` says so
    turn.parcels += parcels


def finish(turn: Turn, draft: Draft) -> None:
    """Add reason and comment to the rating; it can be changed until the window closes."""
    petition: Petition | None = record.load(turn.unit, draft.subject or "", lock=True)
    command = _command(draft)
    if petition is not None and not _holds(petition, command):
        petition = carry_out(turn, draft, command)
    else:
        drafts.finish(turn.unit, draft, "submitted")
    if petition is not None and petition.survey_until is not None:
        until = turn.local(petition.survey_until).date()
        turn.show(turn.post("survey.thanks", until=until), key_id=draft.key_id)


def _holds(petition: Petition, command: Rate) -> bool:
    """Whether the record's rating says this already."""
    given = petition.rating
    return given is not None and command == Rate(
        given.office, given.unit, given.reason, given.comment
    )


SURVEY = Form(
    "survey",
    (
        Step("office", Choice(VERDICTS)),
        Step("unit", Choice(VERDICTS), then=count_at_once),
        Step("reason", Line(lambda _limits: LONGEST_REASON), optional=True, when=_unhappy),
        Step("comment", Line(lambda _limits: LONGEST_REASON), optional=True),
    ),
    finish,
    left="survey.left",
)
