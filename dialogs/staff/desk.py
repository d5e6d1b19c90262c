"""The officer's desk: the unit's open cases, the soonest deadline first."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import Message

from dialogs.staff.card import card_line
from dialogs.staff.sayable import sayable
from dialogs.taps import CaseTap, LateTap, StatsTap
from dialogs.turn import Turn, in_unit
from petitions.record import OPEN
from storage import groups, record
from storage.messages import Button

router = Router(name="desk")

SHOWN = 40


@router.message(Command("todo"))
@in_unit
def on_todo(_message: Message, turn: Turn) -> None:
    """/todo: in a group the open cases of its unit, in private those of all one's units."""
    if turn.private:
        show(turn)
        return
    here = groups.units_of(turn.unit, turn.chat_id, turn.house.office)
    show_units(turn, here & frozenset(turn.actor.posts))


def show(turn: Turn) -> None:
    """The open cases of all the officer's units, in private."""
    show_units(turn, frozenset(turn.actor.posts))


def show_units(turn: Turn, units: frozenset[str]) -> None:
    """The open cases of these units, as buttons that open the card."""
    if not units:
        turn.send(turn.post("desk.not_staff"))
        return
    found = record.of_units(turn.unit, turn.actor, sorted(units), sorted(OPEN), SHOWN + 1)
    found = sayable(turn, found)
    seen = [record.load(turn.unit, i) for i in found[:SHOWN]]
    late = (
        Button(text=turn.label("desk.overdue"), data=LateTap().pack()),
        Button(text=turn.label("desk.stats"), data=StatsTap(what="menu").pack()),
    )
    if not seen:
        turn.send(turn.post("desk.empty", (late,)))
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
    key = "desk.more" if len(found) > SHOWN else "desk.list"
    turn.send(turn.post(key, (*rows, late), count=len(seen)))
