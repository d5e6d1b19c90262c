"""Answering a suggestion (建议意见回复): adopted or not, and why (TL 29)."""

from dialogs.carrying import finishing, text_of
from dialogs.forms import Form, Step
from dialogs.forms.choice import Choice
from dialogs.staff.forms.parts import gathered
from dialogs.staff.forms.shown import preview
from dialogs.turn import Turn
from petitions import commands as do
from storage.drafts import Draft


def _command(_turn: Turn, draft: Draft) -> do.AnswerSuggestion:
    return do.AnswerSuggestion(draft.answers["adopted"] == "adopted", text_of(draft))


ANSWERING = Form(
    "answering",
    (Step("adopted", Choice(("adopted", "kept"))), gathered(), preview(_command)),
    finishing(_command),
)
