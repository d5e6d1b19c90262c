"""The buttons of a case: the petitioner's in private, the officer's on the card."""

from aiogram import Router
from aiogram.types import CallbackQuery

from dialogs import telling
from dialogs.citizen import following
from dialogs.refusing import not_yours
from dialogs.staff import acting
from dialogs.staff.offering import open_case, own_card
from dialogs.taps import CaseTap
from dialogs.turn import Turn, in_unit
from petitions.access import Sight, may_see, units_of, works_on
from petitions.concerned import has_inquiry
from petitions.record import Petition
from storage import groups, record

router = Router(name="cases")


@router.callback_query(CaseTap.filter())
@in_unit
def on_case(_query: CallbackQuery, turn: Turn, callback_data: CaseTap) -> None:
    """Find the case, ask the policy, and let the button do what it says."""
    try:
        petition = record.load(turn.unit, callback_data.petition, lock=True)
    except record.Unknown:
        not_yours(turn)
        return
    act = callback_data.act
    sight = SIGHTS.get(act, Sight.CARD)
    if not may_see(turn.actor, sight, petition) or _out_of_place(turn, petition, sight):
        not_yours(turn)
    elif act in following.ACTS:
        following.ACTS[act](turn, petition, callback_data)
    elif act == "card":
        _show_card(turn, petition)
    elif act in acting.NAMES:
        acting.press(turn, petition, callback_data)
    else:
        turn.answer("tap.unknown", alert=True)


SIGHTS = {
    **dict.fromkeys(following.ACTS, Sight.TIMELINE),
    "details": Sight.DETAILS,
    "dossier": Sight.DETAILS,
    "rating": Sight.RATING,
}
"""What somebody must be allowed to see to press this button; the card's others need the card."""


def _out_of_place(turn: Turn, petition: Petition, sight: Sight) -> bool:
    """A petitioner's buttons work in private only; a group shows its own unit's cards only."""
    if turn.private:
        return False
    if sight is Sight.CARD:
        here = groups.units_of(turn.unit, turn.chat_id, turn.house.office)
        concerned = {*units_of(petition), turn.house.office.supervision_unit}
        # Who was named to look into it, and reads so in the group of their own unit.
        return here.isdisjoint(concerned) and not has_inquiry(turn.person.id, petition)
    return sight is Sight.TIMELINE


def _show_card(turn: Turn, petition: Petition) -> None:
    """The card as it stands: in its unit's group posted anew at the bottom, else in private."""
    here = groups.units_of(turn.unit, turn.chat_id, turn.house.office)
    if turn.private and works_on(turn.actor, petition):
        turn.send(own_card(turn, petition), petition_id=petition.id)
    elif turn.private or here.isdisjoint(units_of(petition)):
        open_case(turn, petition)
    else:
        for unit_id in units_of(petition):
            if unit_id in here:
                turn.parcels += telling.card(turn.unit, turn.house, petition, unit_id, fresh=True)
