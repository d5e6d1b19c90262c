"""The buttons of a case: the petitioner's in private, the officer's on the card."""

from aiogram import Router
from aiogram.types import CallbackQuery

from dialogs import telling
from dialogs.citizen import following
from dialogs.staff import acting
from dialogs.staff.card import card
from dialogs.taps import CaseTap
from dialogs.turn import Turn, in_unit
from petitions.access import Sight, may_see
from petitions.record import Petition
from storage import record

router = Router(name="cases")


@router.callback_query(CaseTap.filter())
@in_unit
def on_case(_query: CallbackQuery, turn: Turn, callback_data: CaseTap) -> None:
    """Find the case, ask the policy, and let the button do what it says."""
    try:
        petition = record.load(turn.unit, callback_data.petition, lock=True)
    except record.Unknown:
        turn.answer("case.not_yours", alert=True)
        return
    act = callback_data.act
    if act in following.ACTS:
        _petitioner(turn, petition, callback_data)
    elif not may_see(turn.actor, Sight.CARD, petition, turn.house.office):
        turn.answer("case.not_yours", alert=True)
    elif act == "card":
        _show_card(turn, petition)
    elif act in acting.ACTS:
        acting.press(turn, petition, callback_data)
    else:
        turn.answer("tap.unknown", alert=True)


def _petitioner(turn: Turn, petition: Petition, tap: CaseTap) -> None:
    """The petitioner's own buttons, in their own chat only."""
    if petition.petitioner != turn.person.id or not turn.private:
        turn.answer("case.not_yours", alert=True)
        return
    following.ACTS[tap.act](turn, petition, tap.arg)


def _show_card(turn: Turn, petition: Petition) -> None:
    """The card in the officer's private chat, as it stands."""
    turn.send(card(turn.house, turn.language, petition, turn.now), petition_id=petition.id)
    turn.parcels += telling.card(turn.unit, turn.house, petition) if not turn.private else []
