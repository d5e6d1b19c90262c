"""Rating the outcome (满意度评价): the petition office and the unit, separately."""

from dialogs import telling
from dialogs.forms import Form, Step
from dialogs.forms.base import Answers
from dialogs.forms.choice import Choice
from dialogs.forms.text import Line
from dialogs.refusing import refusal
from dialogs.taps import CaseTap
from dialogs.turn import Turn
from petitions.commands import Rate
from petitions.events import Verdict
from petitions.lifecycle import Refused
from petitions.record import Petition
from storage import drafts, record
from storage.drafts import Draft
from storage.messages import Button, Post

LONGEST_REASON = 1000
VERDICTS = tuple(Verdict)


def _unhappy(answers: Answers) -> bool:
    return Verdict.BAD in (answers.get("office"), answers.get("unit"))


def _command(draft: Draft, petition: Petition) -> Rate:
    """The answers; words written before stay where this time nothing is written."""
    answers = draft.answers
    before = petition.rating if petition.rated_since else None
    reason = answers.get("reason") or (before.reason if before else None)
    comment = answers.get("comment") or (before.comment if before else None)
    return Rate(
        Verdict(answers["office"]),
        Verdict(answers["unit"]),
        reason if _unhappy(answers) else None,
        comment,
    )


def count_at_once(turn: Turn, draft: Draft) -> bool:
    """Both answers are in: they count now, whoever walks away from the words that follow.

    Whether they do: where the window has closed, nobody is asked to write in vain.
    """
    return _rate(turn, draft) is not None


def finish(turn: Turn, draft: Draft) -> None:
    """Add reason and comment to the rating; it can be changed until the window closes."""
    petition = _rate(turn, draft)
    if petition is None:
        return
    drafts.finish(turn.unit, draft, "submitted", keep={"number": petition.number})
    assert petition.survey_until is not None
    until = turn.local(petition.survey_until).date()
    turn.show(turn.post(_thanks(petition), until=until), key_id=draft.key_id)


def _rate(turn: Turn, draft: Draft) -> Petition | None:
    """The petition with this rating; None, and said so, when the rules say no."""
    petition: Petition = record.load(turn.unit, draft.subject or "", lock=True)
    command = _command(draft, petition)
    if _holds(petition, command):
        return petition
    try:
        petition, parcels = telling.act(turn.unit, turn.house, petition, command, turn.actor)
    except Refused as refused:
        _too_late(turn, draft, petition, refused)
        return None
    turn.parcels += parcels
    return petition


def _holds(petition: Petition, command: Rate) -> bool:
    """Whether the record's rating says this already, since it was last asked for."""
    given = petition.rating
    return (
        petition.rated_since
        and given is not None
        and command == Rate(given.office, given.unit, given.reason, given.comment)
    )


def _thanks(petition: Petition) -> str:
    """What follows: somebody looks into it, or nothing more is asked."""
    assert petition.rating is not None
    if not petition.rating.low or petition.inquiry is None:
        return "survey.thanks"
    return "survey.thanks_low" if petition.inquiry.open else "survey.thanks_last"


def _too_late(turn: Turn, draft: Draft, petition: Petition, refused: Refused) -> None:
    """Why it is not taken, what was typed once more, and the way on: nothing is lost."""
    drafts.finish(turn.unit, draft, "dropped")
    key, facts = refusal(turn, petition, refused)
    tap = CaseTap(petition=petition.id, version=petition.version, act="timeline")
    rows = ((Button(text=turn.label("case.timeline"), data=tap.pack()),),)
    told = turn.post("survey.too_late", rows, why=turn.say(key, **facts))
    typed = [draft.answers[name] for name in ("reason", "comment") if draft.answers.get(name)]
    yours = [turn.post("survey.typed", text="\n".join(typed))] if typed else []
    turn.tapped = None
    for post in (*yours, told):
        turn.send(post, key_id=draft.key_id)


def given(turn: Turn, petition: Petition) -> Post | None:
    """The answers as they count now, for who is about to change them; None before there are any."""
    rating = petition.rating
    if rating is None or not petition.rated_since:
        return None
    none = turn.label("review.none")
    return turn.post(
        "survey.given",
        for_office=turn.label(f"survey.office.{rating.office}"),
        for_unit=turn.label(f"survey.unit.{rating.unit}"),
        reason=rating.reason or none,
        comment=rating.comment or none,
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
