"""同意 or 不同意调解: the petitioner's answer to a proposal (TL 33)."""

from dialogs import notices, telling
from dialogs.refusing import allowed, explain
from dialogs.taps import CaseTap
from dialogs.turn import Turn
from petitions import commands as do
from petitions.events import MediationProposed
from petitions.lifecycle import Refused
from petitions.record import Entry, Petition
from storage import record
from storage.messages import Button


def agree(turn: Turn, petition: Petition, tap: CaseTap) -> None:
    """The petitioner wants it."""
    _answer(turn, petition, tap, do.AnswerMediation(agree=True))


def disagree(turn: Turn, petition: Petition, tap: CaseTap) -> None:
    """The petitioner does not want it, and need not say why."""
    _answer(turn, petition, tap, do.AnswerMediation(agree=False))


def _answer(turn: Turn, petition: Petition, tap: CaseTap, command: do.AnswerMediation) -> None:
    if petition.mediation not in (None, "proposed"):
        explain(turn, petition, Refused("answered_before", "TL 33"))
        return
    if not allowed(turn, petition, do.AnswerMediation):
        return
    turn.tapped = None
    proposal = _proposal(petition)
    if tap.version < proposal.seq:
        _read_first(turn, petition, proposal)
        return
    after, parcels = telling.act(turn.unit, turn.house, petition, command, turn.actor)
    turn.parcels += parcels
    key = "mediation.agreed" if command.agree else "mediation.refused"
    turn.send(turn.post(key, ((_timeline(turn, after),),)), petition_id=petition.id)


def _proposal(petition: Petition) -> Entry:
    entries = reversed(petition.standing())
    return next(e for e in entries if isinstance(e.event, MediationProposed))


def _read_first(turn: Turn, petition: Petition, proposal: Entry) -> None:
    """The button was of an earlier proposal: nobody agrees to what they have not read."""
    turn.answer("mediation.newer", alert=True)
    for post in notices.again(turn.unit, turn.house, turn.language, petition, proposal):
        turn.send(post, key_id=record.key_of(turn.unit, petition.id), petition_id=petition.id)


def _timeline(turn: Turn, petition: Petition) -> Button:
    tap = CaseTap(petition=petition.id, version=petition.version, act="timeline")
    return Button(text=turn.label("case.timeline"), data=tap.pack())
