"""Who keeps account of what was sent when? This process alone, or the database for several."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Protocol

from notifier import pacing
from notifier.pacing import MINUTE, Rates, Trail
from storage import pace
from storage.database import Desk
from storage.unit import Unit

MANY_CHATS = 2000


@dataclass(frozen=True, slots=True)
class Place:
    """In how many seconds it may go; see `pacing.Turn`."""

    seconds: float
    booked: bool
    chat: bool


class Budget(Protocol):
    """Gives out the messenger's limits, place by place."""

    async def ask(self, chat_id: int, *, first: bool) -> Place:
        """A place for a message to this chat, or when to ask again. Raises `Unavailable`."""

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

    async def ask(self, chat_id: int, *, first: bool) -> Place:
        """A place, by this process's own account."""
        now = self._monotonic()
        turn = pacing.ask(self._rates, self._overall, self._of(chat_id), now, chat_id, first=first)
        return Place(turn.at - now, turn.booked, turn.chat)

    async def obey(self, chat_id: int, seconds: float) -> None:
        """Keep the chat, or everything, waiting."""
        pacing.obey(self._overall, self._of(chat_id), self._monotonic(), seconds)

    def _of(self, chat_id: int) -> Trail:
        if len(self._chats) > MANY_CHATS:
            past = self._monotonic() - 2 * MINUTE
            self._chats = {
                chat: trail
                for chat, trail in self._chats.items()
                if trail.until > past or trail.times[-1:] > [past]
            }
        return self._chats.setdefault(chat_id, Trail())


class SharedBudget:
    """For several processes on one database: each place is taken in a transaction of its own."""

    def __init__(self, desk: Desk, rates: Rates | None = None) -> None:
        self._desk = desk
        self._rates = rates or Rates()

    async def ask(self, chat_id: int, *, first: bool) -> Place:
        """A place, by the account that all share."""
        return await self._desk.unit(partial(self._ask, chat_id=chat_id, first=first))

    async def obey(self, chat_id: int, seconds: float) -> None:
        """Keep the chat, or everything, waiting, whichever process sends."""

        def work(unit: Unit) -> None:
            now, (overall, chat) = self._trails(unit, chat_id)
            pacing.obey(overall, chat, now, seconds)
            pace.keep(unit, {pace.OVERALL: asdict(overall), chat_id: asdict(chat)}, now)

        await self._desk.unit(work)

    def _ask(self, unit: Unit, chat_id: int, first: bool) -> Place:
        now, (overall, chat) = self._trails(unit, chat_id)
        turn = pacing.ask(self._rates, overall, chat, now, chat_id, first=first)
        if turn.booked:
            pace.keep(unit, {pace.OVERALL: asdict(overall), chat_id: asdict(chat)}, now)
        return Place(turn.at - now, turn.booked, turn.chat)

    def _trails(self, unit: Unit, chat_id: int) -> tuple[float, list[Trail]]:
        kept: dict[int, dict[str, Any]] = pace.take(unit, chat_id)
        trails = [Trail(**kept.get(scope, {})) for scope in (pace.OVERALL, chat_id)]
        return unit.real_time(), trails
