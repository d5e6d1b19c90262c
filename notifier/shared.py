"""The account of what was sent when that several processes keep together, in their database."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from notifier import pacing
from notifier.budget import Place, Wish, until_full
from notifier.pacing import Rates, Trail
from storage import pace
from storage.database import Desk
from storage.unit import Unit

LATER = 0.3
"""Less than the shortest window, so that nobody waits for what is not written down yet."""

T = TypeVar("T")


class SharedBudget:
    """For several processes on one database: places are given out in transactions of their own.

    What was answered is written down with the next question, or a moment later.
    """

    def __init__(
        self,
        desk: Desk,
        rates: Rates | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._desk = desk
        self._rates = rates or Rates()
        self._monotonic = monotonic
        self._answered: list[_Answered] = []

    async def ask(self, wishes: Sequence[Wish]) -> list[Place]:
        """Places, by the account that all share."""

        def ask(account: _Account) -> list[Place]:
            return until_full(wishes, partial(account.ask, self._rates))

        return await self._with({wish.chat_id for wish in wishes}, ask)

    async def landed(self, chat_id: int, name: str) -> None:
        """Count from now on, for everybody."""
        self._answered.append(_Answered(chat_id, name, self._monotonic()))
        await asyncio.sleep(LATER)  # the next question takes it along
        if self._answered:
            await self._with(set(), lambda _: None)

    async def obey(self, chat_id: int, seconds: float) -> None:
        """Keep the chat, or everything, waiting, whichever process sends."""
        await self._with({chat_id}, lambda account: account.obey(chat_id, seconds))

    async def _with(self, chats: set[int], do: Callable[["_Account"], T]) -> T:
        answered, self._answered = self._answered, []

        def work(unit: Unit) -> T:
            account = _Account(unit, chats | {each.chat_id for each in answered})
            for each in answered:
                account.land(each, self._monotonic())
            found = do(account)
            account.keep()
            return found

        try:
            return await self._desk.unit(work)
        except BaseException:
            self._answered += answered
            raise


@dataclass(frozen=True, slots=True)
class _Answered:
    """The message of this place was answered at that time of this process's own clock."""

    chat_id: int
    name: str
    at: float


class _Account:
    """The trails of everything and of some chats, in one unit."""

    def __init__(self, unit: Unit, chats: set[int]) -> None:
        self._unit = unit
        self.now, kept = pace.take(unit, chats)
        self._trails = {scope: Trail.of(kept.get(scope, {})) for scope in (pace.OVERALL, *chats)}
        for trail in self._trails.values():
            trail.put_back(self.now)
        self._changed: set[int] = set()

    def ask(self, rates: Rates, wish: Wish) -> Place:
        overall, chat = self._of(wish.chat_id)
        turn = pacing.ask(rates, overall, chat, self.now, wish.chat_id, first=wish.first)
        if turn.name:
            self._changed |= {pace.OVERALL, wish.chat_id}
        return Place(turn.at - self.now, turn.name, turn.chat)

    def land(self, answered: _Answered, own_now: float) -> None:
        for trail in self._of(answered.chat_id):
            trail.land(answered.name, self.now - (own_now - answered.at))
        self._changed |= {pace.OVERALL, answered.chat_id}

    def obey(self, chat_id: int, seconds: float) -> None:
        pacing.obey(*self._of(chat_id), self.now, seconds)
        self._changed |= {pace.OVERALL, chat_id}

    def keep(self) -> None:
        if self._changed:
            trails = {scope: self._trails[scope].kept() for scope in self._changed}
            pace.keep(self._unit, trails, self.now)

    def _of(self, chat_id: int) -> tuple[Trail, Trail]:
        return self._trails[pace.OVERALL], self._trails[chat_id]
