"""Supervision (督办, TL 40): what is overdue or answered poorly, and what the unit says to it."""

from dialogs.carrying import finishing, text_of
from dialogs.facts import facts_of
from dialogs.forms import Form, Step
from dialogs.forms.base import Asking
from dialogs.forms.choice import Choice
from dialogs.forms.text import Gathered
from dialogs.parts import parts_of
from dialogs.staff.forms.parts import REVIEW, days, gathered, petition_of
from dialogs.turn import Turn
from petitions import commands as do
from petitions.events import Method
from petitions.moves.overseeing import asked_of
from petitions.supervising import asked_unit, unanswered
from storage.drafts import Draft
from storage.messages import Post


def _supervise(_turn: Turn, draft: Draft) -> do.Supervise:
    answers = draft.answers
    return do.Supervise(Method(answers["method"]), text_of(draft), int(answers["days"]))


def _asked(at: Asking) -> list[Post]:
    """Every supervision that waits for this unit's answer, whole: one answer goes to all."""
    turn, petition = at.turn, petition_of(at)
    units = asked_of(turn.actor, petition)[:1]
    posts = []
    for entry in (e for e in unanswered(petition.standing()) if asked_unit(e) in units):
        facts = facts_of(turn.house, turn.language, petition, entry)
        posts.append(turn.post("details.said.supervised", **facts))
        posts += [turn.post("notice.more", text=part) for part in parts_of(facts["text"])]
    return posts


SUPERVISING = Form(
    "supervising",
    (Step("method", Choice(tuple(Method))), gathered(), days(), REVIEW),
    finishing(_supervise),
)
RESPONDING = Form(
    "responding",
    (Step("text", Gathered(lambda limits: limits.text, before=_asked)), REVIEW),
    finishing(lambda _turn, draft: do.AnswerSupervision(text_of(draft))),
)
