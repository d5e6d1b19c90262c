"""What does a handler work with? One person's turn, inside one atomic unit.

Handlers are plain functions `(event, turn, …) → None`: they read through the turn, ask the
rules, and put what is to be said into it. They cannot await and do not send.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import wraps
from typing import Any

from aiogram.enums import ChatMemberStatus
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, User

from dialogs.house import House
from petitions.access import Actor, actor_of
from storage import groups, people
from storage.messages import Button, Parcel, Post
from storage.people import Person
from storage.unit import Unit
from words.formats import Html

Buttons = tuple[tuple[Button, ...], ...]


@dataclass(slots=True)
class Turn:
    """One update's turn: who speaks, where, and what is to be said in answer."""

    unit: Unit
    house: House
    person: Person
    chat_id: int
    private: bool
    tapped: int | None = None  # the message whose button was pressed
    in_private: bool = False  # goes on in private from a group
    returned: bool = False  # until now no message reached this person
    parcels: list[Parcel] = field(default_factory=list)
    toast: str | None = None
    alert: bool = False
    key: str | None = None  # the toast's key

    @property
    def language(self) -> str:
        """The reader's language: the person's own in private, the office's in a group."""
        if self.private or self.in_private:
            return self.person.language
        return self.house.office.language

    def go_private(self) -> None:
        """What follows is said in the person's private chat."""
        self.in_private = True

    @property
    def now(self) -> datetime:
        """What time it is (UTC)."""
        return self.unit.now

    @property
    def actor(self) -> Actor:
        """The person as the rules see them."""
        left = groups.left_units(self.unit, self.person.id)
        return actor_of(self.person.id, self.house.office, left)

    def local(self, moment: datetime) -> datetime:
        """The moment in the office's zone, to be shown."""
        return moment.astimezone(self.house.office.tz)

    def say(self, key: str, **facts: Any) -> Html:
        """A sentence in the reader's language, as HTML."""
        return Html(self.house.words.say(key, self.language, **facts))

    def label(self, key: str, **facts: Any) -> str:
        """A sentence in the reader's language, as plain text."""
        return self.house.words.label(key, self.language, **facts)

    def own_label(self, key: str, **facts: Any) -> str:
        """A sentence in the language of the person who acts, whoever else reads the chat."""
        return self.house.words.label(key, self.person.language, **facts)

    def post(self, key: str, buttons: Buttons = (), **facts: Any) -> Post:
        """A message in the person's language."""
        return Post(key=key, text=self.say(key, **facts), buttons=buttons)

    def send(self, post: Post, **how: Any) -> None:
        """Answer with a new message in this chat."""
        self.parcels.append(Parcel(chat_id=self.chat_id, post=post, **how))

    def show(self, post: Post, **how: Any) -> None:
        """Answer in place of the tapped message, or with a new one when nothing was tapped."""
        self.send(post, edit=self.tapped, **how)

    def answer(self, key: str, *, alert: bool = False, **facts: Any) -> None:
        """Answer a tap with a toast (alert: one that must be closed)."""
        self.toast = self.own_label(key, **facts)
        self.alert = alert
        self.key = key


Perform = Callable[[Callable[[Unit], Turn]], Awaitable[Turn | None]]
"""Runs a function in the update's unit: its effects and the done mark are one commit.

None when the update had been handled already.
"""

Look = Callable[[Callable[[Unit], Any]], Awaitable[Any]]
"""Runs a function that only reads, beside the desk's work."""

Handler = Callable[..., None]


def in_unit(handler: Handler) -> Callable[..., Awaitable[Turn | None]]:
    """Make a plain function a handler: it runs inside the update's atomic unit."""

    @wraps(handler)
    async def run(event: Message | CallbackQuery | ChatMemberUpdated, **data: Any) -> Turn | None:
        house: House = data["house"]
        perform: Perform = data["perform"]
        wanted = {name: data[name] for name in names if name in data}

        def work(unit: Unit) -> Turn:
            turn = open_turn(unit, house, event)
            handler(event, turn, **wanted)
            return turn

        return await perform(work)

    names = [name for name in handler.__annotations__ if name not in ("return", "turn")]
    # aiogram looks behind wrappers to learn whether to await: this one is to be awaited.
    del run.__wrapped__
    return run


def has_left(event: ChatMemberUpdated) -> bool:
    """Whether this says that a person stopped the bot."""
    return event.new_chat_member.status == ChatMemberStatus.KICKED


def after_look(first: Callable[..., Any]) -> Callable[[Handler], Callable[..., Awaitable[Any]]]:
    """Make a plain function a handler that is given, as `found`, what `first` read before.

    `first(turn, …)` only reads, beside the desk's work, so that it may take long; what it finds
    may be a moment old when the handler runs inside the update's unit.
    """

    def decorate(handler: Handler) -> Callable[..., Awaitable[Any]]:
        async def run(event: Message | CallbackQuery, **data: Any) -> Turn | None:
            house: House = data["house"]
            look: Look = data["look"]
            perform: Perform = data["perform"]
            wanted = {name: data[name] for name in first.__annotations__ if name in data}
            found = await look(lambda unit: first(glance(unit, house, event), **wanted))
            named = {name: data[name] for name in handler.__annotations__ if name in data}

            def work(unit: Unit) -> Turn:
                turn = open_turn(unit, house, event)
                handler(event, turn, found=found, **named)
                return turn

            return await perform(work)

        return run

    return decorate


def open_turn(unit: Unit, house: House, event: Any) -> Turn:
    """The turn of whoever sent this event."""
    user: User = event.from_user
    language = house.words.language_of(user.language_code)
    # That somebody leaves is told of them in private too, and opens nothing.
    leaves = isinstance(event, ChatMemberUpdated) and has_left(event)
    here = _is_private(event) and not leaves
    before = people.find(unit, user.id)
    person = people.greet(unit, user.id, before, language, private=here)
    turn = _turn(unit, house, event, person)
    turn.returned = here and before is not None and before.blocked
    return turn


def glance(unit: Unit, house: House, event: Any) -> Turn:
    """The same turn for who only reads: it writes nothing down."""
    user: User = event.from_user
    language = house.words.language_of(user.language_code)
    known = people.find(unit, user.id) or Person(user.id, language)
    now = known if known.chosen else replace(known, language=language)
    return _turn(unit, house, event, now)


def _chat(event: Any) -> Any:
    message = event.message if isinstance(event, CallbackQuery) else event
    return message.chat if message is not None else None


def _is_private(event: Any) -> bool:
    chat = _chat(event)
    return chat is None or chat.type == "private"


def _turn(unit: Unit, house: House, event: Any, person: Person) -> Turn:
    chat = _chat(event)
    tapped = event.message if isinstance(event, CallbackQuery) else None
    return Turn(
        unit=unit,
        house=house,
        person=person,
        chat_id=chat.id if chat is not None else person.id,
        private=_is_private(event),
        tapped=tapped.message_id if tapped else None,
    )
