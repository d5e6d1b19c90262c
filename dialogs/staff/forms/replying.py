"""The written reply (答复): outcome, opinion, legal basis; previewed, then sent (TL 32)."""

from dialogs.carrying import finishing, text_of
from dialogs.forms import Form, Step
from dialogs.forms.choice import Choice
from dialogs.forms.files import Files
from dialogs.forms.text import Gathered, Line
from dialogs.staff.forms.parts import LONGEST_BASIS
from dialogs.staff.forms.shown import preview
from dialogs.turn import Turn
from petitions import commands as do
from petitions.events import Outcome
from storage.drafts import Draft


def _command(_turn: Turn, draft: Draft) -> do.Reply:
    answers = draft.answers
    outcome = Outcome(answers["outcome"])
    return do.Reply(outcome, text_of(draft), answers["basis"], text_of(draft, "files"))


REPLYING = Form(
    "replying",
    (
        Step("outcome", Choice(tuple(Outcome))),
        Step("text", Gathered(lambda limits: limits.reply)),
        Step("basis", Line(lambda _limits: LONGEST_BASIS)),
        Step("files", Files(), optional=True),
        preview(_command),
    ),
    finishing(_command),
)
