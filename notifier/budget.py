"""Who keeps account of what was sent when? This process alone, or the database for several."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from notifier import pacing
from notifier.pacing import MINUTE, Rates, Trail

MANY_CHATS = 2000


@dataclass(frozen=True, slots=True)
class Wish:
    """A place for a message to this chat is wanted; see `pacing.ask` for who goes `first`."""

    chat_id: int
    first: bool


@dataclass(frozen=True, slots=True)
class Place:
    """In how many seconds it may go; see `pacing.Turn`."""

    seconds: float
    name: str
    chat: bool

    @property
    def full(self) -> bool:
        """There is no place for anybody."""
        return not self.name and not self.chat


class Budget(Protocol):
    """Gives out the messenger's limits, place by place."""

    async def ask(self, wishes: Sequence[Wish]) -> list[Place]:
        """A place for each, or when it is to ask again; none after one that finds all places full.

        Raises `Unavailable`.
        """

    async def landed(self, chat_id: int, name: str) -> None:
        """The message of this place was answered. Raises `Unavailable`."""

    async def obey(self, chat_id: int, seconds: float) -> None:
        """The messenger asked to wait. Raises `Unavailable`."""


class OwnBudget:
    """For the one process that sends."""

    def __init__(
        self, rates: Rates | None = None, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._rates = rates or Rates()
        self._monotonic = monotonic
        self._overall = Trail()
        self._chats: dict[int, Trail] = {}
        self._look_at = MANY_CHATS  # with so many chats, forget those of long ago

    async def ask(self, wishes: Sequence[Wish]) -> list[Place]:
        """Places, by this process's own account."""
        now = self._monotonic()

        def ask(wish: Wish) -> Place:
            chat = self._of(wish.chat_id)
            turn = pacing.ask(self._rates, self._overall, chat, now, wish.chat_id, first=wish.first)
            return Place(turn.at - now, turn.name, turn.chat)

        return until_full(wishes, ask)

    async def landed(self, chat_id: int, name: str) -> None:
        """Count from now on."""
        for trail in (self._overall, self._of(chat_id)):
            trail.land(name, self._monotonic())

    async def obey(self, chat_id: int, seconds: float) -> None:
        """Keep the chat, or everything, waiting."""
        pacing.obey(self._overall, self._of(chat_id), self._monotonic(), seconds)

    def _of(self, chat_id: int) -> Trail:
        if len(self._chats) > self._look_at:
            past = self._monotonic() - 2 * MINUTE
            used = self._chats.items()
            self._chats = {c: t for c, t in used if max(t.until, *t.starts, 0.0) > past}
            # Where all are of now, they are not looked through for each message.
            self._look_at = max(MANY_CHATS, 2 * len(self._chats))
        return self._chats.setdefault(chat_id, Trail())


def until_full(wishes: Sequence[Wish], ask: Callable[[Wish], Place]) -> list[Place]:
    """Ask for one after the other, as long as there is any place."""
    places: list[Place] = []
    for wish in wishes:
        places.append(ask(wish))
        if places[-1].full:
            break
    return places
