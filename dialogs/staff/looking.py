"""Opening what is kept from the group: the details, a rating. Each look is on the record."""

from collections.abc import Callable
from datetime import timedelta

from dialogs import telling
from dialogs.binding import bind
from dialogs.letters import post_of
from dialogs.refusing import explain
from dialogs.staff import details
from dialogs.staff.opening import private_open
from dialogs.turn import Turn
from petitions import commands as do
from petitions.events import Looked
from petitions.lifecycle import Refused
from petitions.record import Petition
from storage import record
from storage.messages import Parcel

TWICE = timedelta(seconds=10)


def _details(turn: Turn, petition: Petition, _arg: str) -> None:
    """Everything, in private, once however often it is tapped; the look is recorded."""
    last = petition.entries[-1]
    looked = isinstance(last.event, Looked) and last.event.what == "details"
    again = looked and last.by.id == turn.person.id
    if private_open(turn) and not (again and turn.now - last.at < TWICE):
        _look(turn, petition, do.Look(), details.details)


def _rating(turn: Turn, petition: Petition, _arg: str) -> None:
    """Why the petitioner was not satisfied, for the supervisors alone."""
    if private_open(turn):
        _look(turn, petition, do.ReadRating(), details.rating)


def _dossier(turn: Turn, petition: Petition, _arg: str) -> None:
    """The whole case as PDF, in private; that it was made is on the record."""
    if not private_open(turn):
        return
    try:
        bound, parcels = bind(turn.unit, turn.house, turn.language, petition, turn.actor)
    except Refused as refused:
        explain(turn, petition, refused)
        return
    post, key_id = post_of(turn.house, turn.language, bound), record.key_of(turn.unit, petition.id)
    turn.parcels += parcels
    turn.parcels.append(
        Parcel(chat_id=turn.person.id, post=post, key_id=key_id, petition_id=petition.id)
    )


def _look(turn: Turn, petition: Petition, command: do.Command, show: details.Show) -> None:
    try:
        _, parcels = telling.act(turn.unit, turn.house, petition, command, turn.actor)
    except Refused as refused:
        explain(turn, petition, refused)
        return
    turn.parcels += [*parcels, *show(turn, petition)]


LOOKS: dict[str, Callable[[Turn, Petition, str], None]] = {
    "details": _details,
    "rating": _rating,
    "dossier": _dossier,
}
"""Buttons that change nothing, so that an old one is as good as a new one."""
