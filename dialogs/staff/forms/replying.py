"""The written reply (答复): outcome, opinion, legal basis; previewed, then sent (TL 32)."""

from dialogs import notices
from dialogs.carrying import carry_out
from dialogs.forms import Form, Step
from dialogs.forms.base import Asking
from dialogs.forms.choice import Choice
from dialogs.forms.files import Files
from dialogs.forms.preview import Preview
from dialogs.forms.text import Gathered, Line
from dialogs.staff.forms.parts import LONGEST_BASIS
from dialogs.turn import Turn
from petitions import commands as do
from petitions import numbers
from petitions.able import reviewer_of
from petitions.events import Outcome, Replied
from storage import record
from storage.drafts import Draft
from storage.messages import Post


def _command(draft: Draft) -> do.Reply:
    answers = draft.answers
    files = tuple(answers.get("files") or ())
    return do.Reply(Outcome(answers["outcome"]), tuple(answers["text"]), answers["basis"], files)


def _preview(at: Asking) -> list[Post]:
    turn = at.turn
    petition = record.load(turn.unit, at.draft.subject or "")
    command = _command(at.draft)
    event = Replied(
        outcome=command.outcome,
        text=command.text,
        basis=command.basis,
        files=command.files,
        deadlines=turn.house.rules.deadlines("replied", turn.now),
        reviewer=reviewer_of(petition, turn.house.office),
    )
    return notices.reply_posts(turn.unit, turn.house, turn.language, petition, event)


def finish(turn: Turn, draft: Draft) -> None:
    """Put the reply on the record; the petitioner is told."""
    petition = carry_out(turn, draft, _command(draft))
    if petition is not None:
        turn.show(turn.post("replying.sent", number=numbers.show(petition.number)))


REPLYING = Form(
    "replying",
    (
        Step("outcome", Choice(tuple(Outcome))),
        Step("text", Gathered(lambda limits: limits.reply)),
        Step("basis", Line(lambda _limits: LONGEST_BASIS)),
        Step("files", Files(), optional=True),
        Step("preview", Preview(_preview)),
    ),
    finish,
)
