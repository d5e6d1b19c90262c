"""Asking the petitioner for more (请补充材料): written in private, sent by the bot."""

from dialogs.carrying import finishing, text_of
from dialogs.forms import Form
from dialogs.staff.forms.parts import gathered
from dialogs.staff.forms.shown import preview
from dialogs.turn import Turn
from petitions import commands as do
from storage.drafts import Draft


def _command(_turn: Turn, draft: Draft) -> do.AskSupplement:
    return do.AskSupplement(text_of(draft))


ASKING = Form("asking", (gathered(), preview(_command)), finishing(_command))
