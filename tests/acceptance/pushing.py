"""Several programs behind one address, as a balancer stands before them: in turn, one each."""

import asyncio
import socket
from contextlib import closing
from typing import Any

import aiohttp
from acceptance.conftest import City
from acceptance.programs import Forge, Program, environment
from aiohttp import web

SECRET = "a-secret-of-this-test"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Worker:
    """One of several programs that are pushed to and share a database."""

    def __init__(self, city: City, forge: Forge, webhook_url: str = "") -> None:
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.home = f"http://127.0.0.1:{port}"
        self.url = f"{self.home}/webhook"
        named = {"webhook_url": webhook_url or self.url, "webhook_secret": SECRET}
        self._env = environment(city.settings(**named, listen_port=port))
        self._forge = forge
        self.program: Program | None = None

    async def start(self) -> None:
        """Start, and wait until it listens."""
        self.program = await self._forge.start(self._env)
        await self.program.writes("bot.started", 60)

    async def kill(self) -> None:
        """kill -9; nothing it has written tells of an error of its own."""
        if self.program is not None:
            await self.program.kill()
            assert self.program.code == -9, self.program.err
            assert "Traceback" not in self.program.err, self.program.err
            assert "update.failed" not in self.program.err, self.program.err
            self.program = None

    async def push(self, http: aiohttp.ClientSession, update: dict[str, Any]) -> int:
        """Deliver this; the status of the answer."""
        async with http.post(self.url, json=update, headers={HEADER: SECRET}) as answer:
            return answer.status


class Balancer:
    """Passes every update on to the next of its workers; 502 where that one is not there.

    The messenger delivers again what was not acknowledged.
    """

    def __init__(self) -> None:
        self.workers: list[Worker] = []
        self.acknowledged: set[int] = set()
        self.passed: asyncio.Queue[tuple[dict[str, Any], Worker]] = asyncio.Queue()
        """What was passed on, and to whom, as it happens."""
        self.open = asyncio.Event()
        self.open.set()
        self._turn = 0

    async def start(self) -> None:
        """Listen."""
        self._http = aiohttp.ClientSession()
        app = web.Application()
        app.router.add_post("/webhook", self._pass_on)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/webhook"

    async def stop(self) -> None:
        """Listen no more."""
        await self._runner.cleanup()
        await self._http.close()

    async def _pass_on(self, request: web.Request) -> web.Response:
        body = await request.json()
        await self.open.wait()
        self._turn += 1
        worker = self.workers[self._turn % len(self.workers)]
        pushing = asyncio.ensure_future(worker.push(self._http, body))
        self.passed.put_nowait((body, worker))
        try:
            status = await pushing
        except aiohttp.ClientError:
            return web.Response(status=502)
        if status == 200:
            self.acknowledged.add(body["update_id"])
        return web.Response(status=status)
