"""Who can be reached? A person stops the bot, or comes back; their cases' cards say so."""

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.types import ChatMemberUpdated

from dialogs import telling
from dialogs.citizen import missing
from dialogs.house import House
from dialogs.turn import Turn, has_left, in_unit
from petitions.states import FINAL
from storage import missed, people, record
from storage.messages import Parcel
from storage.unit import Unit

router = Router(name="reaching")


@router.my_chat_member(F.chat.type == ChatType.PRIVATE)
@in_unit
def on_self(event: ChatMemberUpdated, turn: Turn) -> None:
    """A person stops the bot; who takes it back is welcomed as after any word of theirs."""
    if has_left(event) and people.set_blocked(turn.unit, turn.person.id, True):
        turn.parcels += _cards(turn.unit, turn.house, turn.person.id)


def unreachable(unit: Unit, house: House, parcel: Parcel, *, news: bool) -> list[Parcel]:
    """What is to be sent because a message did not reach its person."""
    if parcel.key == missing.KEY:
        missed.give_back(unit, parcel.chat_id)
    return _cards(unit, house, parcel.chat_id) if news else []


def reached(unit: Unit, house: House, user_id: int) -> list[Parcel]:
    """What is to be sent to who has got a notice though nothing was thought to reach them."""
    person = people.find(unit, user_id)
    assert person is not None
    turn = Turn(unit, house, person, user_id, private=True)
    welcome_back(turn)
    return [parcel.model_copy(update={"urgent": False}) for parcel in turn.parcels]


def welcome_back(turn: Turn) -> None:
    """What they missed, after the answer to what they just did; and the cards as before."""
    turn.tapped = None
    missing.tell(turn)
    turn.parcels += _cards(turn.unit, turn.house, turn.person.id)


def _cards(unit: Unit, house: House, user_id: int) -> list[Parcel]:
    """The cards of the person's petitions in which something may still have to reach them."""
    return [
        parcel
        for petition in record.of_petitioner(unit, user_id)
        if petition.state not in FINAL
        for parcel in telling.cards(unit, house, petition)
    ]
