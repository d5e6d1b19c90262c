"""The unit's group: binding it, its commands, who leaves it, and its becoming a supergroup."""

from aiogram import F, Router
from aiogram.enums import ChatMemberStatus
from aiogram.filters import Command, CommandObject
from aiogram.types import ChatMemberRestricted, ChatMemberUpdated, Message

from dialogs import telling
from dialogs.filters import InGroup
from dialogs.house import House
from dialogs.turn import Turn, in_unit
from petitions.access import DESK
from petitions.record import OPEN
from storage import groups, outbox, posts, record, throttle
from storage.messages import Parcel
from storage.unit import Unit

router = Router(name="grouping")
router.message.filter(InGroup())

CARDS = 200
GONE = (ChatMemberStatus.LEFT, ChatMemberStatus.KICKED)


@router.message(Command("bind"))
@in_unit
def on_bind(_message: Message, turn: Turn, command: CommandObject) -> None:
    """/bind CODE makes this group the unit's; the code is the operator's and works once."""
    subject = f"bind:{turn.person.id}"
    window = throttle.HOUR
    if throttle.spent(turn.unit, subject, 5, window):
        turn.send(turn.post("bind.too_many"))
        return
    unit_id = groups.use_code(turn.unit, (command.args or "").strip())
    if unit_id is None:
        throttle.count(turn.unit, subject, window)
        turn.send(turn.post("bind.wrong"))
        return
    groups.bind(turn.unit, unit_id, turn.chat_id)
    name = turn.house.office.unit_name(unit_id, turn.language)
    turn.send(turn.post("bind.done", unit=name))
    turn.parcels += cards(turn.unit, turn.house, unit_id)


@router.message(F.migrate_to_chat_id)
@in_unit
def on_migrated(message: Message, turn: Turn) -> None:
    """The group is a supergroup now: its cards are posted anew there."""
    assert message.migrate_to_chat_id is not None
    moved(turn.unit, turn.house, turn.chat_id, message.migrate_to_chat_id)


def moved(unit: Unit, house: House, old: int, new: int) -> None:
    """Everything that pointed at the old chat points at the new one."""
    outbox.move_chat(unit, old, new)
    posts.drop_chat(unit, old)
    for unit_id in groups.units_of(unit, old, house.office):
        groups.bind(unit, unit_id, new)
        outbox.put(unit, cards(unit, house, unit_id))


@router.chat_member()
@in_unit
def on_member(event: ChatMemberUpdated, turn: Turn) -> None:
    """Who leaves the unit's group loses access; who comes back has it again."""
    now = event.new_chat_member
    # A restricted person may be in the group or not; the messenger says so beside the status.
    there = now.is_member if isinstance(now, ChatMemberRestricted) else now.status not in GONE
    _is_member(turn, event.chat.id, now.user.id, there=there)


@router.message(F.left_chat_member)
@in_unit
def on_left(message: Message, turn: Turn) -> None:
    """The group's own note that somebody left: it comes even to a bot that is no admin."""
    assert message.left_chat_member is not None
    _is_member(turn, turn.chat_id, message.left_chat_member.id, there=False)


@router.message(F.new_chat_members)
@in_unit
def on_joined(message: Message, turn: Turn) -> None:
    """The group's own note that somebody came."""
    for user in message.new_chat_members or ():
        _is_member(turn, turn.chat_id, user.id, there=True)


def _is_member(turn: Turn, chat_id: int, user_id: int, *, there: bool) -> None:
    for unit_id in groups.units_of(turn.unit, chat_id, turn.house.office):
        groups.set_member(turn.unit, unit_id, user_id, member=there)


@router.message()
@in_unit
def on_other(_message: Message, _turn: Turn) -> None:
    """Nothing depends on what is said in a group: it is neither answered nor kept."""


def cards(unit: Unit, house: House, unit_id: str) -> list[Parcel]:
    """The cards of the unit's open cases, to be posted anew."""
    made: list[Parcel] = []
    for petition_id in record.of_units(unit, DESK, [unit_id], sorted(OPEN), CARDS):
        petition = record.load(unit, petition_id)
        made += telling.card(unit, house, petition, unit_id, fresh=True)
    return made
