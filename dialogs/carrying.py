"""How does a form about a case end? With a command to it, or with why that is not possible."""

from collections.abc import Callable

from dialogs import telling
from dialogs.forms.base import NotTaken
from dialogs.refusing import refusal
from dialogs.turn import Turn
from petitions import commands as do
from petitions import numbers
from petitions.lifecycle import Refused
from petitions.record import Petition
from storage import drafts, record
from storage.drafts import Draft

MENDED = frozenset({"too_many_days"})
"""What is wrong with an answer, and not with the time or the person."""
CommandOf = Callable[[Turn, Draft], do.Command]


def carry_out(turn: Turn, draft: Draft, command: do.Command) -> Petition | None:
    """Give the form's command; the petition after it, or None when the rules said no.

    Meanwhile the case may have moved (a colleague was quicker, the reply came): that is said,
    nothing changes, and what was written stays in the chat above.
    """
    petition = record.load(turn.unit, draft.subject or "", lock=True)
    try:
        after, parcels = telling.act(turn.unit, turn.house, petition, command, turn.actor)
    except Refused as refused:
        not_done(turn, draft, petition, refused)
        return None
    drafts.finish(turn.unit, draft, "submitted", keep={"number": petition.number})
    turn.parcels += parcels
    return after


def not_done(turn: Turn, draft: Draft, petition: Petition, refused: Refused) -> None:
    """Say why; the form ends. Raises `NotTaken` where an answer can be put right instead."""
    key, facts = refusal(turn, petition, refused)
    why = turn.say(key, **facts)
    if refused.code in MENDED:
        raise NotTaken(why)
    drafts.finish(turn.unit, draft, "dropped")
    turn.send(turn.post("form.not_done", why=why))


def finishing(command_of: CommandOf) -> Callable[[Turn, Draft], None]:
    """The end of a form that does nothing but give its command: `<form>.sent` says it is done."""

    def finish(turn: Turn, draft: Draft) -> None:
        petition = carry_out(turn, draft, command_of(turn, draft))
        if petition is not None:
            key = f"{draft.form}.sent"
            turn.show(turn.post(key, number=numbers.show(petition.number)), key_id=draft.key_id)

    return finish


def text_of(draft: Draft, step: str = "text") -> tuple[str, ...]:
    """The messages gathered under this step; none when it was skipped."""
    return tuple(draft.answers.get(step) or ())
