"""How does a stored message reach its reader? Claim → say → send → settle.

An answer to a tap is sent at once by the process that stored it; the sweep takes notices
whose time has come and whatever a dead process left. A chat's messages go one after another;
one that has to wait holds back its own chat only.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

import structlog
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramNetworkError

from notifier import refusals, sending, settling
from notifier.meters import Meters
from notifier.pacing import Pace
from storage import outbox
from storage.database import Desk, Unavailable
from storage.messages import Parcel, Said
from storage.rows import Row
from storage.unit import Unit

log = structlog.get_logger(__name__)

BATCH = 100
AT_ONCE = 200
LONGEST_WAIT = 20.0
BUSY_PAUSE = 0.2
TRIES = 10
GRACE_SECONDS = 2.0

T = TypeVar("T")
Say = Callable[[Unit, Parcel], Said]
"""Makes a notice's messages when it is sent; handed in by whoever wires the house."""
Moved = Callable[[Unit, int, int], None]
"""Told of a group's old and new id when it became a supergroup."""


class Outbox:
    """Sends what the `outbox` table holds."""

    def __init__(
        self,
        desk: Desk,
        bot: Bot,
        say: Say,
        moved: Moved,
        draw: sending.Draw,
        pace: Pace | None = None,
        meters: Meters | None = None,
    ) -> None:
        self._desk = desk
        self._bot = bot
        self._say = say
        self._moved = moved
        self._draw = draw
        self._pace = pace or Pace()
        self._meters = meters or Meters()
        self._queues: defaultdict[int, deque[Row]] = defaultdict(deque)
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._in_hand: set[int] = set()  # rows, though their lease may have run out
        self._first: dict[int, int] = {}  # by chat, the row that is to go before any later one
        self._sweeping = asyncio.Lock()
        self.wake = asyncio.Event()  # set when there may be something to sweep

    async def run(self) -> None:
        """Sweep whenever there may be something, for ever."""
        while True:
            await self.wake.wait()
            self.wake.clear()
            try:
                await self.sweep()
            except Unavailable:
                log.warning("outbox.database_unavailable")
            except Exception as error:
                log.error("outbox.sweep_failed", error=type(error).__name__)

    def send_soon(self, rows: Iterable[Row]) -> None:
        """Send rows this process holds the lease of, in order, without waiting for them."""
        for row in rows:
            if row.id in self._in_hand:
                continue
            self._in_hand.add(row.id)
            chat_id = row.parcel.chat_id
            self._queues[chat_id].append(row)
            if chat_id not in self._tasks:
                self._tasks[chat_id] = asyncio.create_task(self._drain(chat_id))

    async def sweep(self) -> None:
        """Claim what is due and send it; a chat's next message is claimed when one is through."""
        if self._sweeping.locked():
            return
        async with self._sweeping:
            while rows := await self._desk.unit(lambda unit: outbox.claim(unit, BATCH)):
                fresh = [row for row in rows if row.id not in self._in_hand]
                self._first |= {row.parcel.chat_id: row.id for row in fresh}
                self.send_soon(fresh)
                while len(self._tasks) > AT_ONCE:
                    await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_COMPLETED)

    async def idle(self) -> None:
        """Wait until nothing is being sent."""
        while self._tasks:
            await asyncio.wait(self._tasks.values())

    async def stop(self) -> None:
        """Give what is being sent a moment; what is cut off is sent again after the next start."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks.values(), timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _drain(self, chat_id: int) -> None:
        """Send one chat's messages; when one has to wait, those behind it wait with it."""
        queue = self._queues[chat_id]
        swept = False
        try:
            while queue:
                row = queue[0]
                swept = swept or row.parcel.notice is not None or row.attempts > 1
                first = self._first.get(chat_id, row.id)
                wait = settling.BEHIND if first < row.id else await self._through(row)
                if wait is None:
                    queue.popleft()
                    self._in_hand.discard(row.id)
                    if first == row.id:
                        self._first.pop(chat_id, None)
                    continue
                if wait is not settling.BEHIND:
                    self._meters.outcome("retried")
                self._first[chat_id] = min(first, row.id)
                behind = list(queue)
                queue.clear()
                await self._write(partial(settling.put_back, rows=behind, wait=wait))
                self._in_hand.difference_update(row.id for row in behind)
        finally:
            self._in_hand.difference_update(row.id for row in queue)
            del self._tasks[chat_id]
            del self._queues[chat_id]
            if swept:
                self.wake.set()  # what waited behind in this chat can be claimed now

    async def _through(self, row: Row) -> settling.Wait | None:
        """See one row through; what to wait for when that is not possible now."""
        try:
            return await self._send(row)
        except Exception as error:
            # A row that cannot even be said must not hold its chat up for ever.
            reason = type(error).__name__
            log.error("outbox.row_failed", row=row.id, error=reason)
            if row.attempts < TRIES:
                return settling.pause(row, reason)
            await self._end(row, refusals.Final("failed", reason))
            return None

    async def _end(self, row: Row, verdict: refusals.Final) -> None:
        self._meters.outcome(await self._write(partial(settling.final, row=row, verdict=verdict)))

    async def _send(self, row: Row) -> settling.Wait | None:
        ready = settling.at_once(row)
        if ready is None:
            found = await self._write(partial(settling.prepare, row=row, say=self._say))
            if not isinstance(found, settling.Ready):
                if found is not None:
                    self._meters.outcome(found)
                return None
            ready = found
        chat_id, message_id = row.parcel.chat_id, None
        for number, post in enumerate(ready.posts[row.progress :], row.progress + 1):
            seconds = self._pace.wait(chat_id)
            if seconds > LONGEST_WAIT:  # longer than it is good to hold a lease
                return settling.Wait(seconds, "pace")
            try:
                message_id = await sending.send(
                    self._bot, self._pace, self._draw, chat_id, post, ready.edit
                )
            except TelegramAPIError as error:
                return await self._refused(row, error)
            except ClientDecodeError as error:
                return settling.pause(row, type(error).__name__)
            if number < len(ready.posts):
                await self._write(partial(outbox.advance, row=row, parts=number))
        await self._write(partial(settling.sent, row=row, ready=ready, message_id=message_id))
        self._meters.outcome("sent")
        return None

    async def _refused(self, row: Row, error: TelegramAPIError) -> settling.Wait | None:
        """What a refusal means: wait, go elsewhere, or give up."""
        log.warning("outbox.refused", row=row.id, key=row.parcel.key, error=type(error).__name__)
        verdict = refusals.verdict(error)
        if isinstance(verdict, refusals.Obey):
            self._meters.asked_to_wait(verdict.seconds)
            self._pace.obey(row.parcel.chat_id, verdict.seconds)
            return settling.Wait(verdict.seconds, "asked to wait")
        if isinstance(verdict, refusals.Moved):
            await self._write(partial(self._follow, row=row, chat_id=verdict.chat_id))
            return settling.MOVED
        if isinstance(verdict, refusals.Final):
            await self._end(row, verdict)
            return None
        if isinstance(error, TelegramNetworkError):  # cut off: it may have arrived
            self._meters.outcome("unknown")
        return settling.pause(row, type(error).__name__)

    def _follow(self, unit: Unit, row: Row, chat_id: int) -> None:
        """Let all that waits for this group go to its new id, whoever's group it is."""
        settling.put_back(unit, [row], settling.MOVED)  # so that a newer card can replace it
        self._moved(unit, row.parcel.chat_id, chat_id)
        outbox.move_chat(unit, row.parcel.chat_id, chat_id)

    async def _write(self, work: Callable[[Unit], T]) -> T:
        """Write down what happened, waiting for a busy database: a send is not to be forgotten."""
        while True:
            try:
                return await self._desk.unit(work)
            except Unavailable:
                log.warning("outbox.database_unavailable")
            await asyncio.sleep(BUSY_PAUSE)
