"""Who goes next? Answers to taps first; then what presses, and where most is waiting.

A notice is made ready only shortly before it goes: a few are in the ready room at a time, and
the rest wait outside, unread. So it says what is true when it goes, and a night's worth of
notices that turn out to wait for the morning take up nobody's turn.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from heapq import nlargest
from typing import Any

import structlog

from notifier.budget import MANY_CHATS, Budget, Place, Wish
from notifier.pacing import Rates
from notifier.waiting import Closing, TooLong, Waiter
from storage.database import Unavailable
from storage.messages import Rank

log = structlog.get_logger(__name__)

AHEAD = 0.12
"""So many seconds before its chat may be written to, a notice is let into the ready room."""
ROOM = 8
TOGETHER = 100
"""So many places are asked for at once: where several processes share them, it is a commit."""
LONGEST_WAIT = 20.0
BUSY_PAUSE = 0.2
NEVER = 3600.0


Leave = Callable[[], None]
"""Gives the place in the ready room free."""


class Gate:
    """Gives out the budget's places, in the order that is best for all."""

    def __init__(
        self,
        budget: Budget,
        rates: Rates | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._budget = budget
        self._rates = rates or Rates()
        self._monotonic = monotonic
        self._outside: list[Waiter] = []
        self._turns: list[Waiter] = []
        self._inside: set[Waiter] = set()
        self._ready: dict[int, float] = {}  # by chat, when it may be written to, as far as known
        self._look_at = MANY_CHATS  # with so many chats, forget those that need not wait
        self._changed = asyncio.Event()
        self._pump: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed: Rank | None = None  # of this rank, and of what goes later, nothing goes

    @asynccontextmanager
    async def room(self, chat_id: int, rank: Rank, backlog: int) -> AsyncIterator[Leave]:
        """Wait to be made ready; call what is given when the turn has come.

        Raises `TooLong`, and `Closing` from when the process ends.
        """
        waiter = Waiter(chat_id, rank, backlog, self._monotonic())

        def leave() -> None:
            self._inside.discard(waiter)
            self._changed.set()

        try:
            await self._wait(self._outside, waiter)
            yield leave
        finally:
            leave()

    @asynccontextmanager
    async def turn(self, chat_id: int, rank: Rank, backlog: int = 1) -> AsyncIterator[None]:
        """Wait until a message to this chat may go; it is counted until it is answered, and then.

        Raises `TooLong`, and `Closing` from when the process ends.
        """
        waiter = Waiter(chat_id, rank, backlog, self._monotonic())
        name = await self._wait(self._turns, waiter)
        try:
            yield
        finally:
            free = self._monotonic() + 1 / self._rates.chat
            self._ready[chat_id] = max(free, self._ready.get(chat_id, 0.0))
            self._in_background(self._landed(chat_id, name))

    async def obey(self, chat_id: int, seconds: float) -> None:
        """The messenger asked this chat to wait."""
        self._ready[chat_id] = self._monotonic() + seconds
        with suppress(Unavailable):  # this process waits all the same
            await self._budget.obey(chat_id, seconds)

    def close(self, rank: Rank) -> None:
        """Let go nothing of this rank any more, nor what goes later; what is under way goes on."""
        self._closed = rank
        for queue in (self._outside, self._turns):
            for waiter in [w for w in queue if w.rank >= rank and not w.go.done()]:
                queue.remove(waiter)
                waiter.refuse(Closing())

    async def stop(self) -> None:
        """Write down what is not yet."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _landed(self, chat_id: int, name: str) -> None:
        with suppress(Unavailable):  # it counts as answered when it has been long enough
            await self._budget.landed(chat_id, name)
        self._changed.set()

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _wait(self, queue: list[Waiter], waiter: Waiter) -> str:
        if self._closed is not None and waiter.rank >= self._closed:
            raise Closing
        queue.append(waiter)
        self._changed.set()
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._run())
        try:
            return await waiter.go
        except asyncio.CancelledError:
            if name := waiter.given:
                self._in_background(self._landed(waiter.chat_id, name))
            raise
        finally:
            if waiter in queue:
                queue.remove(waiter)

    async def _run(self) -> None:
        """Let in and let go, as long as anybody waits."""
        while self._outside or self._turns:
            self._changed.clear()
            # One moment for all of them: who becomes ready between two would be in neither.
            now = self._monotonic()
            self._refuse(now)
            self._admit(now)
            waiters = self._first(self._turns, now, TOGETHER)
            pause = await self._place(waiters) if waiters else self._until_ready(now)
            if pause > 0:
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._changed.wait()

    async def _place(self, waiters: list[Waiter]) -> float:
        """Ask for a place for each of these; how long nothing more can be done."""
        wishes = [Wish(w.chat_id, first=w.rank is Rank.ANSWER) for w in waiters]
        try:
            places = await self._budget.ask(wishes)
        except Exception as error:
            # Whoever waits must not wait for ever because asking went wrong once.
            log.warning("outbox.no_place", error=type(error).__name__)
            return BUSY_PAUSE
        now, given = self._monotonic(), set()
        for waiter, place in zip(waiters, places, strict=False):
            if place.full:
                return place.seconds
            if place.name:
                given.add(waiter.chat_id)
                self._ready[waiter.chat_id] = now + place.seconds + 1 / self._rates.chat
                self._let_go(waiter, place)
            elif waiter.chat_id not in given:  # else it is known already for how long
                self._ready[waiter.chat_id] = now + place.seconds
        self._forget(now)
        return 0.0

    def _let_go(self, waiter: Waiter, place: Place) -> None:
        if waiter in self._turns:
            self._turns.remove(waiter)
        if place.seconds <= 0:
            self._give(waiter, place.name)
        else:
            asyncio.get_running_loop().call_later(place.seconds, self._give, waiter, place.name)

    def _give(self, waiter: Waiter, name: str) -> None:
        """Give the place to who waits for it; one that nobody wants any more is not in the air."""
        if waiter.go.done():
            self._in_background(self._landed(waiter.chat_id, name))
        else:
            waiter.let_go(name)

    def _refuse(self, now: float) -> None:
        """Send away whose chat has to wait long."""
        for queue in (self._outside, self._turns):
            for waiter in list(queue):
                seconds = self._ready.get(waiter.chat_id, 0.0) - now
                if seconds > LONGEST_WAIT and not waiter.go.done():
                    queue.remove(waiter)
                    waiter.refuse(TooLong(seconds))

    def _admit(self, now: float) -> None:
        size = max(ROOM, min(100, int(self._rates.overall * AHEAD * 2)))
        # Whose chat turned out to have to wait keeps nobody else out meanwhile.
        kept = {w for w in self._inside if self._ready.get(w.chat_id, 0.0) > now + AHEAD}
        for waiter in self._first(self._outside, now, size - len(self._inside - kept), AHEAD):
            self._outside.remove(waiter)
            self._inside.add(waiter)
            waiter.let_go()

    def _first(
        self, queue: list[Waiter], now: float, most: int, ahead: float = 0.0
    ) -> list[Waiter]:
        """Who goes first of those whose chat may be written to by then."""
        free = [w for w in queue if self._from(w, ahead) <= now]
        answers = [w for w in free if w.rank is Rank.ANSWER]
        notices = [w for w in free if w.rank is not Rank.ANSWER]
        heaviest = nlargest(most - len(answers), notices, key=lambda w: w.weight(now))
        return [*answers, *heaviest][: max(0, most)]

    def _from(self, waiter: Waiter, ahead: float = 0.0) -> float:
        """From when its chat may be written to, or so much before that."""
        return self._ready.get(waiter.chat_id, 0.0) - ahead

    def _until_ready(self, now: float) -> float:
        """How long until the first chat that is waited for may be written to."""
        turns = [self._from(w) - now for w in self._turns]
        rooms = [self._from(w, AHEAD) - now for w in self._outside]
        # The others are ready, and wait for somebody to leave the room.
        soon = [seconds for seconds in (*turns, *rooms) if seconds > 0]
        return min(soon, default=NEVER)

    def _forget(self, now: float) -> None:
        if len(self._ready) > self._look_at:
            self._ready = {chat: at for chat, at in self._ready.items() if at > now}
            self._look_at = max(MANY_CHATS, 2 * len(self._ready))
