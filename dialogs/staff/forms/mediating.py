"""Mediation (调解): proposing it, and recording how it ended (TL 33)."""

from dialogs.carrying import finishing, text_of
from dialogs.forms import Form, Step
from dialogs.forms.choice import Choice
from dialogs.staff.forms.parts import REVIEW, gathered
from dialogs.turn import Turn
from petitions import commands as do
from storage.drafts import Draft


def _ended(_turn: Turn, draft: Draft) -> do.Mediate:
    return do.Mediate(draft.answers["result"] == "settled", text_of(draft))


PROPOSING = Form(
    "proposing",
    (gathered(), REVIEW),
    finishing(lambda _turn, draft: do.ProposeMediation(text_of(draft))),
)
MEDIATING = Form(
    "mediating",
    (Step("result", Choice(("settled", "failed"))), gathered(), REVIEW),
    finishing(_ended),
)
