"""The floor: the least that is durable. It keeps each update as it came, and says the next words.

One table, one writer, whatever waits in one commit; aiohttp on both sides, JSON by hand. It reads
no answer, checks nothing, knows no petition, encrypts nothing and forgets what it had not sent.
"""

import asyncio
import json
import os
import sqlite3
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiohttp import ClientSession, DummyCookieJar, TCPConnector, web

from benchmarks.filing.steps import GROUP, STEPS, TOKEN

Json = dict[str, Any]


class Floor:
    """Takes updates in, and answers."""

    def __init__(self, path: str, api: str) -> None:
        self._api = f"{api}/bot{TOKEN}/"
        self._path = path
        self._waiting: list[tuple[int, bytes, asyncio.Future[None]]] = []
        self._writer = ThreadPoolExecutor(1)
        self._writing = False
        self._steps: defaultdict[int, int] = defaultdict(int)
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self, _app: web.Application) -> None:
        """Open the file and the connections."""
        self._file = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        self._file.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE updates (id INTEGER PRIMARY KEY, body BLOB NOT NULL)"
        )
        self._http = ClientSession(connector=TCPConnector(limit=100), cookie_jar=DummyCookieJar())
        await self._ask("getMe", {})

    async def close(self, _app: web.Application) -> None:
        """Let go of both."""
        await self._http.close()
        self._writer.shutdown()
        self._file.close()

    async def webhook(self, request: web.Request) -> web.Response:
        """Keep it, then acknowledge it."""
        body = await request.read()
        update = json.loads(body)
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((update["update_id"], body, done))
        if not self._writing:
            self._begin(self._write())
        await done
        self._begin(self._answer(update))
        return web.Response()

    async def _write(self) -> None:
        self._writing = True
        while self._waiting:
            batch, self._waiting = self._waiting, []
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._writer, self._commit, batch)
            for _, _, done in batch:
                done.set_result(None)
        self._writing = False

    def _commit(self, batch: list[tuple[int, bytes, Any]]) -> None:
        self._file.execute("BEGIN IMMEDIATE")
        rows = [(number, body) for number, body, _ in batch]
        self._file.executemany("INSERT INTO updates VALUES (?, ?)", rows)
        self._file.execute("COMMIT")

    async def _answer(self, update: Json) -> None:
        query = update.get("callback_query")
        message = query["message"] if query else update["message"]
        chat = message["chat"]["id"]
        step = STEPS[self._steps[chat]]
        self._steps[chat] = (self._steps[chat] + 1) % len(STEPS)
        following = STEPS[self._steps[chat]].tap
        buttons = [[{"text": "…", "callback_data": f"f{following}"}]] if following else []
        said = {"chat_id": chat, "text": step.reply, "reply_markup": {"inline_keyboard": buttons}}
        if query:
            await self._ask("answerCallbackQuery", {"callback_query_id": query["id"]})
            await self._ask("editMessageText", {**said, "message_id": message["message_id"]})
        else:
            await self._ask("sendMessage", said)
        if step is STEPS[-1]:
            await self._ask("sendMessage", {"chat_id": GROUP, "text": "…"})

    async def _ask(self, method: str, body: Json) -> None:
        async with self._http.post(self._api + method, json=body) as answer:
            await answer.read()

    def _begin(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def main() -> None:
    """Serve the webhook."""
    floor = Floor(os.environ["DATABASE_URL"].removeprefix("sqlite:///"), os.environ["BOT_API_URL"])
    app = web.Application()
    app.on_startup.append(floor.open)
    app.on_cleanup.append(floor.close)
    app.router.add_post("/webhook", floor.webhook)
    listening = lambda _: print("bot.started", file=sys.stderr, flush=True)  # noqa: E731
    port = int(os.environ["LISTEN_PORT"])
    web.run_app(app, host="127.0.0.1", port=port, print=listening, access_log=None)


if __name__ == "__main__":
    main()
