"""Asking the head for more time (申请延期, TL 34)."""

from dialogs.carrying import finishing, text_of
from dialogs.forms import Form
from dialogs.staff.forms.parts import REVIEW, days, gathered
from dialogs.turn import Turn
from petitions import commands as do
from storage.drafts import Draft


def _command(_turn: Turn, draft: Draft) -> do.AskExtension:
    return do.AskExtension(int(draft.answers["days"]), text_of(draft))


EXTENDING = Form("extending", (days(), gathered(), REVIEW), finishing(_command))
