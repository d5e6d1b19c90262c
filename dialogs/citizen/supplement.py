"""Sending more (补充材料): text and files, asked for by the unit or not."""

from dialogs import notices
from dialogs.carrying import carry_out
from dialogs.forms import Form, Step
from dialogs.forms.base import Asking
from dialogs.forms.files import Files
from dialogs.forms.text import Gathered
from dialogs.turn import Turn
from petitions.commands import Supplement
from petitions.events import SupplementAsked
from storage import drafts, record
from storage.drafts import Draft
from storage.messages import Post


def _what_was_asked(at: Asking) -> list[Post]:
    """The unit's question once more: its notice may be far above, or never have arrived."""
    turn = at.turn
    petition = record.load(turn.unit, at.draft.subject or "")
    if not petition.question:
        return []
    asked = next(e for e in reversed(petition.standing()) if isinstance(e.event, SupplementAsked))
    posts = notices.again(turn.unit, turn.house, turn.language, petition, asked)
    return [post.model_copy(update={"buttons": ()}) for post in posts]


def finish(turn: Turn, draft: Draft) -> None:
    """Put what was sent on the record and tell the unit."""
    text, files = draft.answers.get("text") or (), draft.answers.get("files") or ()
    if not text and not files:
        drafts.finish(turn.unit, draft, "dropped")
        turn.show(turn.post("supplement.nothing"))
    elif carry_out(turn, draft, Supplement(tuple(text), tuple(files))):
        turn.show(turn.post("supplement.thanks"), key_id=draft.key_id)


SUPPLEMENT = Form(
    "supplement",
    (
        Step("text", Gathered(lambda limits: limits.text, before=_what_was_asked), optional=True),
        Step("files", Files(), optional=True),
    ),
    finish,
)
