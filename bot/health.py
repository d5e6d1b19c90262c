"""Is the program alive, and does it take traffic? For whoever watches it, or balances the load.

Alive is who answers at all and whose database answers; a program that is not is to be started
anew. Ready is who may be sent updates: started, able to write, not about to end.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from aiohttp import web
from sqlalchemy import text

from storage import throttle
from storage.database import Desk, Unavailable

SECONDS = 3.0
"""Whoever asks does not wait longer: no answer in time is an answer."""
PROBE = "health"


class Health:
    """Serves `GET /health` and `GET /ready`, on as many listeners as there are."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stage = "starting"
        self._asked: dict[str, asyncio.Task[bool]] = {}

    def serve(self, app: web.Application) -> None:
        """Answer there too."""
        app.router.add_get("/health", self.health)
        app.router.add_get("/ready", self.ready)

    def started(self) -> None:
        """From now on updates are welcome."""
        self._stage = "ready"

    def stopping(self) -> None:
        """From now on they had better go to another; those that come are taken all the same."""
        self._stage = "stopping"

    async def health(self, _request: web.Request) -> web.Response:
        """200 while the database answers."""
        if await self._answers("read", self._read):
            return web.json_response({"database": "ok"})
        return web.json_response({"database": "unavailable"}, status=503)

    async def ready(self, _request: web.Request) -> web.Response:
        """200 while updates may be sent here: something was written a moment ago."""
        if self._stage != "ready":
            return web.json_response({"ready": False, "why": self._stage}, status=503)
        if await self._answers("write", self._write):
            return web.json_response({"ready": True})
        return web.json_response({"ready": False, "why": "database"}, status=503)

    async def _answers(self, name: str, ask: Callable[[], Awaitable[bool]]) -> bool:
        """Whether the database answered in time; however many ask, it is asked once at a time.

        One that hangs would else be asked again and again until no connection is left.
        """
        asked = self._asked.get(name)
        if asked is None or asked.done():
            asked = self._asked[name] = asyncio.ensure_future(ask())
        done, _ = await asyncio.wait((asked,), timeout=SECONDS)
        return bool(done) and asked.result()

    async def _read(self) -> bool:
        return await _twice(lambda: self._desk.look(lambda unit: unit.run(text("SELECT 1"))))

    async def _write(self) -> bool:
        """A row is written and committed: a full disk or a standby taken in error would show."""
        return await _twice(
            lambda: self._desk.unit(lambda unit: throttle.count(unit, PROBE, throttle.HOUR))
        )


async def _twice(ask: Callable[[], Awaitable[object]]) -> bool:
    """Whether it works, at the second try if need be.

    That a connection was lost is found out by its next use; the one after has a new connection.
    """
    for _ in range(2):
        with suppress(Unavailable):
            await ask()
            return True
    return False
