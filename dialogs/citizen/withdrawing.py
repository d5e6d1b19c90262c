"""撤回: the petitioner takes the petition back, after being asked once whether they mean it."""

from dialogs import telling
from dialogs.refusing import allowed
from dialogs.taps import CaseTap, MenuTap
from dialogs.turn import Turn
from petitions import commands as do
from petitions import numbers
from petitions.record import Petition
from storage.messages import Button


def ask(turn: Turn, petition: Petition, _tap: CaseTap) -> None:
    """Are you sure? What it means is said, and that nobody may ask it of them."""
    if not allowed(turn, petition, do.Withdraw):
        return
    turn.tapped = None
    rows = tuple((_button(turn, petition, act),) for act in ("withdraw_no", "withdraw_yes"))
    number = numbers.show(petition.number)
    turn.send(turn.post("withdraw.ask", rows, number=number), petition_id=petition.id)


def yes(turn: Turn, petition: Petition, tap: CaseTap) -> None:
    """Take it back, if it stands as it stood when they were asked; otherwise ask again."""
    if not allowed(turn, petition, do.Withdraw):
        return
    if tap.version != petition.version:
        turn.answer("withdraw.moved", alert=True)
        ask(turn, petition, tap)
        return
    _, parcels = telling.act(turn.unit, turn.house, petition, do.Withdraw(), turn.actor)
    turn.parcels += parcels
    again = Button(text=turn.label("menu.mine"), data=MenuTap(what="mine").pack())
    number = numbers.show(petition.number)
    turn.show(turn.post("withdraw.done", ((again,),), number=number), petition_id=petition.id)


def no(turn: Turn, petition: Petition, _tap: CaseTap) -> None:
    """Leave everything as it is."""
    row = (_button(turn, petition, "timeline"),)
    number = numbers.show(petition.number)
    turn.show(turn.post("withdraw.kept", (row,), number=number), petition_id=petition.id)


def _button(turn: Turn, petition: Petition, act: str) -> Button:
    tap = CaseTap(petition=petition.id, version=petition.version, act=act)
    return Button(text=turn.label(f"case.{act}"), data=tap.pack())
