"""How is one message seen through? Made ready, given its turn, sent, and written down."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar

import structlog
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError

from notifier import refusals, sending, settling
from notifier.gate import BUSY_PAUSE, Gate
from notifier.hooks import Hooks
from notifier.meters import Meters
from notifier.waiting import Closing, TooLong
from storage import claiming, outbox
from storage.database import Desk, Unavailable
from storage.rows import LEASE_SECONDS, Row
from storage.unit import Unit

log = structlog.get_logger(__name__)

TRIES = 10
TRIES_REFUSED = 30
"""So often a message is tried that the messenger fails on, while it takes others."""
TAKES_OTHERS_SECONDS = 60.0

STOPPING = settling.Wait(0.0, "stopped")
CHECK_SECONDS = LEASE_SECONDS / 4
"""After waiting so long for its turn, a message is looked up again: its lease may have run out."""

T = TypeVar("T")


class _NotOurs(Exception):
    """Another process has taken it over: it sends it."""


class Delivery:
    """Sees rows of the outbox through, one at a time for each lane."""

    def __init__(
        self,
        desk: Desk,
        bot: Bot,
        gate: Gate,
        hooks: Hooks,
        meters: Meters,
        wake: Callable[[], None],
    ) -> None:
        self._desk = desk
        self._bot = bot
        self._gate = gate
        self._hooks = hooks
        self._meters = meters
        self._wake = wake  # called when there is something new to sweep
        self._went = float("-inf")  # when a message last went through
        self._faults: Counter[int] = Counter()  # by row: tries that were its own fault

    async def through(self, row: Row, backlog: int) -> settling.Wait | None:
        """See one row through; what to wait for when that is not possible now.

        `backlog`: how many messages of its chat wait, it among them.
        """
        if row.lost:
            self._meters.outcome("unknown")
        wait = await self._through(row, backlog)
        if wait is None:
            self._faults.pop(row.id, None)
        return wait

    async def _through(self, row: Row, backlog: int) -> settling.Wait | None:
        try:
            if row.parcel.urgent:
                return await self._send(row, backlog, lambda: None)
            async with self._gate.room(row.parcel.chat_id, row.parcel.goes, backlog) as leave:
                return await self._send(row, backlog, leave)
        except TooLong as error:
            return settling.Wait(error.seconds, "pace")
        except Closing:
            return STOPPING
        except _NotOurs:
            return None
        except Exception as error:
            # A row that cannot even be said must not hold its chat up for ever.
            return await self._failed(row, type(error).__name__)

    async def _send(
        self, row: Row, backlog: int, leave: Callable[[], None]
    ) -> settling.Wait | None:
        ready = settling.at_once(row)
        at_once = ready is not None
        if ready is None:
            found = await self.write(partial(settling.prepare, row=row, say=self._hooks.say))
            if not isinstance(found, settling.Ready):
                if found is not None:
                    self._meters.outcome(found)
                return None
            ready = found
        chat_id, rank = row.parcel.chat_id, row.parcel.goes
        checked = row.since if at_once else time.monotonic()

        @asynccontextmanager
        async def turn() -> AsyncIterator[None]:
            nonlocal checked
            async with self._gate.turn(chat_id, rank, backlog):
                leave()
                if time.monotonic() - checked > CHECK_SECONDS:
                    if not await self.write(partial(claiming.begin, row=row)):
                        raise _NotOurs
                    checked = time.monotonic()
                yield

        message_id = None
        for number, post in enumerate(ready.posts[row.progress :], row.progress + 1):
            try:
                message_id = await sending.send(
                    self._bot, turn, self._hooks.draw, chat_id, post, ready.edit
                )
            except TelegramAPIError as error:
                return await self._refused(row, error)
            except ClientDecodeError as error:
                return self._pause(row, type(error).__name__, unknown=True)
            self._went = time.monotonic()
            if number < len(ready.posts):
                await self.write(partial(outbox.advance, row=row, parts=number))
        await self._sent(partial(settling.sent, row=row, ready=ready, message_id=message_id))
        self._meters.outcome("sent")
        return None

    async def _sent(self, done: Callable[..., None]) -> None:
        """Write down that it went, even where what follows from it goes wrong."""
        try:
            await self._share(partial(done, reached=self._hooks.reached))
        except Exception as error:
            log.error("outbox.reached_failed", error=type(error).__name__)
            await self.write(partial(done, reached=lambda _unit, _chat_id: []))

    async def _refused(self, row: Row, error: TelegramAPIError) -> settling.Wait | None:
        """What a refusal means: wait, go elsewhere, or give up."""
        name = type(error).__name__
        log.warning("outbox.refused", row=row.id, key=row.parcel.key, error=name)
        verdict = refusals.verdict(error)
        match verdict:
            case refusals.Obey(seconds):
                self._meters.asked_to_wait(seconds)
                self._meters.outcome("retried")
                await self._gate.obey(row.parcel.chat_id, seconds)
                return settling.Wait(seconds, "asked to wait")
            case refusals.Moved(chat_id):
                await self.write(partial(self._follow, row=row, chat_id=chat_id))
                return settling.MOVED
            case refusals.Final():
                await self._give_up(row, verdict)
                return None
            case refusals.Again(unknown):
                if self._takes_others() and self._is_fault(row, TRIES_REFUSED):
                    await self._give_up(row, refusals.Final("failed", name))
                    return None
                return self._pause(row, name, unknown=unknown)

    def _pause(self, row: Row, reason: str, *, unknown: bool) -> settling.Wait:
        if unknown:
            self._meters.outcome("unknown")
        self._meters.outcome("retried")
        return settling.pause(row, reason, unknown=unknown)

    def _takes_others(self) -> bool:
        """Whether it is this message that the messenger fails on, and not all of them."""
        return time.monotonic() - self._went < TAKES_OTHERS_SECONDS

    def _is_fault(self, row: Row, tries: int) -> bool:
        """Whether it has had its tries: those, not what it had to wait for before (`attempts`)."""
        self._faults[row.id] += 1
        return self._faults[row.id] >= tries

    async def _failed(self, row: Row, reason: str) -> settling.Wait | None:
        log.error("outbox.row_failed", row=row.id, error=reason)
        if not self._is_fault(row, TRIES):
            return self._pause(row, reason, unknown=False)
        await self._give_up(row, refusals.Final("failed", reason))
        return None

    async def _give_up(self, row: Row, verdict: refusals.Final) -> None:
        """It will not arrive; what follows from that is swept soon."""
        final = partial(settling.final, row=row, verdict=verdict)
        state = await self.write(partial(final, unreachable=self._hooks.unreachable))
        self._meters.outcome(state)
        self._wake()

    def _follow(self, unit: Unit, row: Row, chat_id: int) -> None:
        """Let all that waits for this group go to its new id, whoever's group it is."""
        settling.put_back(unit, [row], settling.MOVED)  # so that a newer card can replace it
        self._hooks.moved(unit, row.parcel.chat_id, chat_id)
        outbox.move_chat(unit, row.parcel.chat_id, chat_id)

    async def write(self, work: Callable[[Unit], T]) -> T:
        """Write down what happened, waiting for a busy database: a send is not to be forgotten."""
        return await self._write(self._desk.unit, work)

    async def _share(self, work: Callable[[Unit], T]) -> T:
        """The same, in a commit that it may share with others."""
        return await self._write(self._desk.share, work)

    async def _write(
        self, unit: Callable[[Callable[[Unit], T]], Awaitable[T]], work: Callable[[Unit], T]
    ) -> T:
        while True:
            try:
                return await unit(work)
            except Unavailable:
                log.warning("outbox.database_unavailable")
            await asyncio.sleep(BUSY_PAUSE)
