"""How do updates reach a webhook? Pushed until it says 2xx, in order within a chat."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable

import aiohttp

from .model import BotAccount, Json
from .params import Upload, decoded
from .updates import UpdateQueue

_log = logging.getLogger(__name__)

_FIRST_WAIT = 0.1
_LONGEST_WAIT = 10.0
_PATIENCE = aiohttp.ClientTimeout(total=60)

#: Carries out the method a webhook answered with.
Runner = Callable[[BotAccount, str, Json, dict[str, Upload]], Awaitable[None]]


class Webhooks:
    """One pusher a bot that has a webhook."""

    def __init__(
        self, queues: dict[int, UpdateQueue], run: Runner, commit: Callable[[], None]
    ) -> None:
        self.commit = commit
        self.errors: dict[int, Json] = {}
        self.up = asyncio.Event()
        self.up.set()
        self._queues = queues
        self._run = run
        self._pushers: dict[int, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None

    def begin(self, bot: BotAccount) -> None:
        """Push to the bot's webhook from now on, under its present settings."""
        self.end(bot)
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=_PATIENCE)
        pusher = _Pusher(self, self._session, bot, self._queues[bot.id], self._run)
        task = asyncio.create_task(pusher.forever())
        task.add_done_callback(_report)
        self._pushers[bot.id] = task

    def end(self, bot: BotAccount) -> None:
        """Stop pushing."""
        self.errors.pop(bot.id, None)
        self._queues[bot.id].listener = None
        task = self._pushers.pop(bot.id, None)
        if task is not None:
            task.cancel()

    async def close(self) -> None:
        """Stop everything."""
        tasks = list(self._pushers.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._pushers.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("pushing to a webhook failed for good", exc_info=error)


class _Pusher:
    def __init__(
        self,
        owner: Webhooks,
        session: aiohttp.ClientSession,
        bot: BotAccount,
        queue: UpdateQueue,
        run: Runner,
    ) -> None:
        self._owner, self._session, self._bot, self._queue = owner, session, bot, queue
        self._run = run
        self._webhook = bot.webhook
        self._slots = asyncio.Semaphore(bot.webhook["max_connections"])
        self._lanes: dict[int, deque[Json]] = {}

    async def forever(self) -> None:
        """Push what is pending and what comes, until cancelled."""
        async with asyncio.TaskGroup() as lanes:

            def take(update: Json) -> None:
                """A lane a chat: order holds within it, a failing chat holds up no other."""
                chat_id = _chat_of(update)
                if chat_id in self._lanes:
                    self._lanes[chat_id].append(update)
                else:
                    self._lanes[chat_id] = deque([update])
                    lanes.create_task(self._lane(chat_id))

            for update in self._queue.pending.values():
                take(update)
            self._queue.listener = take
            await asyncio.get_running_loop().create_future()

    async def _lane(self, chat_id: int) -> None:
        lane = self._lanes[chat_id]
        while lane:
            update = lane[0]
            wait = _FIRST_WAIT
            while not await self._push(update):
                await asyncio.sleep(wait)  # the back-off itself
                wait = min(wait * 2, _LONGEST_WAIT)
            self._queue.settle(update["update_id"])
            self._owner.commit()
            lane.popleft()
        del self._lanes[chat_id]

    async def _push(self, update: Json) -> bool:
        await self._owner.up.wait()
        headers = {}
        if self._webhook["secret"]:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self._webhook["secret"]
        try:
            async with (
                self._slots,
                self._session.post(self._webhook["url"], json=update, headers=headers) as response,
            ):
                if response.ok:
                    name, params, uploads = await _reply(response)
                else:
                    self._failed(f"Wrong response from the webhook: {response.status}")
                    return False
        except (aiohttp.ClientError, TimeoutError) as error:
            self._failed(f"Connection failed: {type(error).__name__}")
            return False
        if name:
            await self._run(self._bot, name, params, uploads)
        return True

    def _failed(self, text: str) -> None:
        now = int(time.time())
        self._owner.errors[self._bot.id] = {"last_error_date": now, "last_error_message": text}


def _chat_of(update: Json) -> int:
    for content in update.values():
        if isinstance(content, dict):
            holder = content.get("message") or content
            chat = holder.get("chat") if isinstance(holder, dict) else None
            if isinstance(chat, dict):
                chat_id = chat.get("id")
                return chat_id if isinstance(chat_id, int) else 0
    return 0


async def _reply(response: aiohttp.ClientResponse) -> tuple[str, Json, dict[str, Upload]]:
    """The method a webhook may answer with, in JSON or as a form."""
    params: Json = {}
    uploads: dict[str, Upload] = {}
    if response.content_type.startswith("multipart/"):
        async for part in aiohttp.MultipartReader.from_response(response):
            if not isinstance(part, aiohttp.BodyPartReader) or part.name is None:
                continue
            content = bytes(await part.read(decode=True))
            if part.filename:
                uploads[part.name] = Upload(part.filename, content)
            else:
                params[part.name] = content.decode()
    else:
        try:
            body = json.loads(await response.read() or b"{}")
        except ValueError:
            body = {}  # Telegram ignores what is not JSON
        params = body if isinstance(body, dict) else {}
    name = str(params.pop("method", ""))
    return name, decoded(params), uploads
