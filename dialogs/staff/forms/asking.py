"""Asking the petitioner for more (请补充材料): written in private, sent by the bot."""

from dialogs import notices
from dialogs.carrying import carry_out
from dialogs.forms import Form, Step
from dialogs.forms.base import Asking
from dialogs.forms.preview import Preview
from dialogs.forms.text import Gathered
from dialogs.turn import Turn
from petitions import commands as do
from petitions import numbers
from petitions.events import SupplementAsked
from storage import record
from storage.drafts import Draft
from storage.messages import Post


def _preview(at: Asking) -> list[Post]:
    turn = at.turn
    petition = record.load(turn.unit, at.draft.subject or "")
    event = SupplementAsked(text=tuple(at.draft.answers["text"]))
    return notices.asked_posts(turn.unit, turn.house, turn.language, petition, event, turn.now)


def finish(turn: Turn, draft: Draft) -> None:
    """Put the question on the record; the petitioner is told."""
    petition = carry_out(turn, draft, do.AskSupplement(tuple(draft.answers["text"])))
    if petition is not None:
        turn.show(turn.post("asking.sent", number=numbers.show(petition.number)))


ASKING = Form(
    "asking",
    (
        Step("text", Gathered(lambda limits: limits.text)),
        Step("preview", Preview(_preview)),
    ),
    finish,
)
