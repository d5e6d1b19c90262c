"""How does a stored message reach its reader? Claim → say → send → settle.

An answer to a tap is sent at once by the process that stored it; the sweep takes notices
whose time has come and whatever a dead process left.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramRetryAfter,
)

from notifier import calls, settling
from notifier.pacing import Pace
from storage import outbox
from storage.database import Desk, Unavailable
from storage.messages import Parcel, Post, Said
from storage.outbox import Row
from storage.unit import Unit

log = structlog.get_logger(__name__)

BATCH = 100
ATTEMPTS = 20
LONGEST_WAIT = 60.0

Say = Callable[[Unit, Parcel], Said]
"""Makes a notice's messages when it is sent; handed in by whoever wires the house."""
Moved = Callable[[Unit, int, int], None]
"""Told of a group's old and new id when it became a supergroup."""


class Outbox:
    """Sends what the `outbox` table holds."""

    def __init__(
        self, desk: Desk, bot: Bot, say: Say, moved: Moved, pace: Pace | None = None
    ) -> None:
        self._desk = desk
        self._bot = bot
        self._say = say
        self._moved = moved
        self._pace = pace or Pace()
        self._chats: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._tasks: set[asyncio.Task[None]] = set()
        self._sweeping = asyncio.Lock()

    def send_soon(self, rows: Iterable[Row]) -> None:
        """Send rows this process has just stored and leased, in order, without waiting."""
        by_chat: defaultdict[int, list[Row]] = defaultdict(list)
        for row in rows:
            by_chat[row.parcel.chat_id].append(row)
        for chat_id, mine in by_chat.items():
            task = asyncio.create_task(self._deliver(chat_id, mine))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def sweep(self) -> None:
        """Claim and send what is due, until nothing is."""
        if self._sweeping.locked():
            return
        async with self._sweeping:
            while rows := await self._desk.unit(lambda unit: outbox.claim(unit, BATCH)):
                self.send_soon(rows)
                await self.idle()

    async def idle(self) -> None:
        """Wait until nothing is being sent."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _deliver(self, chat_id: int, rows: list[Row]) -> None:
        async with self._chats[chat_id]:
            for row in rows:
                try:
                    await self._one(row)
                except Unavailable:
                    # The row keeps its lease; the sweep takes it up when that has run out.
                    log.warning("outbox.database_unavailable", row=row.id)
                except Exception as error:
                    log.error("outbox.row_failed", row=row.id, error=type(error).__name__)
                    await settling.retry(self._desk, row, _pause(row), type(error).__name__)

    async def _one(self, row: Row) -> None:
        said = settling.at_once(row)
        if said is None:
            said = await self._desk.unit(lambda unit: settling.prepare(unit, row, self._say))
        if said is None:
            return
        message_id = None
        for number, post in enumerate(said.posts[row.progress :], row.progress):
            try:
                message_id = await self._post(row, said, post)
            except TelegramAPIError as error:
                await self._failed(row, error)
                return
            if number + 1 < len(said.posts):
                done = number + 1
                await self._desk.unit(partial(outbox.advance, row=row, parts=done))
        await settling.sent(self._desk, row, said, message_id)

    async def _post(self, row: Row, said: settling.Ready, post: Post) -> int | None:
        """Send one message, or edit the one that stands for it. Returns its message id."""
        chat_id = row.parcel.chat_id
        await self._pace.turn(chat_id)
        if said.edit is not None:
            try:
                await self._bot(calls.edit_call(chat_id, said.edit, post))
                return said.edit
            except TelegramBadRequest as error:
                if "is not modified" in error.message or not post.text:
                    return said.edit
                if not _cannot_edit(error.message):
                    raise
                # The message is gone or too old to edit: a new one takes its place.
                await self._pace.turn(chat_id)
        result = await self._bot(calls.send_call(chat_id, post))
        return getattr(result, "message_id", None)

    async def _failed(self, row: Row, error: TelegramAPIError) -> None:
        """What a refusal means: wait, go elsewhere, or give up."""
        reason = type(error).__name__
        log.warning("outbox.refused", row=row.id, key=row.parcel.key, error=reason)
        if isinstance(error, TelegramRetryAfter):
            self._pace.obey(row.parcel.chat_id, error.retry_after)
            await settling.retry(self._desk, row, error.retry_after, reason)
        elif isinstance(error, TelegramMigrateToChat):
            new = error.migrate_to_chat_id
            await self._desk.unit(lambda unit: self._migrate(unit, row, new))
        elif isinstance(error, TelegramForbiddenError):
            await self._desk.unit(lambda unit: settling.blocked(unit, row))
        elif isinstance(error, TelegramBadRequest):
            state = "gone" if "chat not found" in error.message else "failed"
            await self._desk.unit(
                lambda unit: outbox.settle(unit, row, state, reason=error.message[:200])
            )
        else:
            await settling.retry(self._desk, row, _pause(row), reason)

    def _migrate(self, unit: Unit, row: Row, new: int) -> None:
        self._moved(unit, row.parcel.chat_id, new)
        outbox.retry(unit, row, 0.0, "moved")


def _pause(row: Row) -> float:
    """Seconds until the next try: doubling, at most a minute."""
    return float(min(LONGEST_WAIT, 0.5 * 2 ** min(row.attempts, 10)))


def _cannot_edit(message: str) -> bool:
    return any(
        part in message
        for part in ("message to edit not found", "can't be edited", "MESSAGE_ID_INVALID")
    )
