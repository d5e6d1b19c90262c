"""How does a form about a case end? With a command to it, or with why that is not possible."""

from dialogs import telling
from dialogs.refusing import refusal
from dialogs.turn import Turn
from petitions import commands as do
from petitions.lifecycle import Refused
from petitions.record import Petition
from storage import drafts, record
from storage.drafts import Draft


def carry_out(turn: Turn, draft: Draft, command: do.Command) -> Petition | None:
    """Give the form's command; the petition after it, or None when the rules said no.

    Meanwhile the case may have moved (a colleague was quicker, the reply came): that is said,
    nothing changes, and what was written stays in the chat above.
    """
    petition = record.load(turn.unit, draft.subject or "", lock=True)
    try:
        after, parcels = telling.act(turn.unit, turn.house, petition, command, turn.actor)
    except Refused as refused:
        drafts.finish(turn.unit, draft, "dropped")
        key, facts = refusal(turn, petition, refused)
        turn.send(turn.post("form.not_done", why=turn.say(key, **facts)))
        return None
    drafts.finish(turn.unit, draft, "submitted", keep={"number": petition.number})
    turn.parcels += parcels
    return after
