"""How does an officer's form end? With a command to the case it is about, or an explanation."""

from dialogs import telling
from dialogs.turn import Turn
from petitions import commands as do
from petitions import numbers
from petitions.lifecycle import Refused
from storage import drafts, record
from storage.drafts import Draft


def finish_with(turn: Turn, draft: Draft, command: do.Command, done: str) -> None:
    """Give the command. A refusal (a colleague was quicker) keeps the draft and says why."""
    petition = record.load(turn.unit, draft.subject or "", lock=True)
    number = numbers.show(petition.number)
    try:
        _, parcels = telling.act(turn.unit, turn.house, petition, command, turn.actor)
    except Refused as refused:
        state = turn.label(f"state.{petition.state}")
        turn.send(turn.post(f"refused.{refused.code}", who="", state=state))
        return
    drafts.finish(turn.unit, draft, "submitted", keep={"number": petition.number})
    turn.show(turn.post(done, number=number))
    turn.parcels += parcels
