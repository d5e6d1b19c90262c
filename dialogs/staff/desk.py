"""The officer's desk: the unit's open cases, the soonest deadline first."""

from dialogs.staff.card import card_line
from dialogs.taps import CaseTap
from dialogs.turn import Turn
from petitions.access import Sight, may_see
from petitions.record import OPEN
from storage import record
from storage.messages import Button

SHOWN = 20


def show(turn: Turn) -> None:
    """The open cases of the officer's units, as buttons that open the card."""
    actor = turn.actor
    if not actor.posts:
        turn.send(turn.post("desk.not_staff"))
        return
    ids = record.of_units(turn.unit, list(actor.posts), sorted(OPEN), SHOWN)
    cases = [record.load(turn.unit, i) for i in ids]
    seen = [c for c in cases if may_see(actor, Sight.CARD, c, turn.house.office)]
    if not seen:
        turn.send(turn.post("desk.empty"))
        return
    rows = tuple(
        (
            Button(
                text=card_line(turn.house, turn.language, case, turn.now),
                data=CaseTap(petition=case.id, version=case.version, act="card").pack(),
            ),
        )
        for case in seen
    )
    turn.send(turn.post("desk.list", rows, count=len(seen)))
