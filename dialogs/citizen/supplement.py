"""Sending more (补充材料): text and files, asked for by the unit or not."""

from dialogs import telling
from dialogs.forms import Form, Step
from dialogs.forms.files import Files
from dialogs.forms.text import Gathered
from dialogs.turn import Turn
from petitions.commands import Supplement
from petitions.lifecycle import Refused
from storage import drafts, record
from storage.drafts import Draft


def finish(turn: Turn, draft: Draft) -> None:
    """Put what was sent on the record and tell the unit."""
    petition = record.load(turn.unit, draft.subject or "", lock=True)
    answers = draft.answers
    command = Supplement(tuple(answers["text"]), tuple(answers.get("files") or ()))
    drafts.finish(turn.unit, draft, "submitted")
    try:
        _, parcels = telling.act(turn.unit, turn.house, petition, command, turn.actor)
    except Refused as refused:
        turn.show(turn.post(f"refused.{refused.code}"))
        return
    turn.show(turn.post("supplement.thanks"), key_id=draft.key_id)
    turn.parcels += parcels


SUPPLEMENT = Form(
    "supplement",
    (
        Step("text", Gathered(lambda limits: limits.text)),
        Step("files", Files(), optional=True),
    ),
    finish,
)
