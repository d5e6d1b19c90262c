"""The web side: the webhook, checked before anything else sees it, and health."""

import hmac
import json
from typing import Any

import structlog
from aiohttp import web

from bot.settings import Settings
from bot.updates import Door
from storage.database import Desk, Unavailable

log = structlog.get_logger(__name__)

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
LARGEST = 1024 * 1024


class Web:
    """Serves `POST /webhook` and `GET /health`."""

    def __init__(self, settings: Settings, desk: Desk, door: Door) -> None:
        self._settings = settings
        self._desk = desk
        self._door = door
        self._runner: web.AppRunner | None = None
        self.port = settings.listen_port

    async def start(self) -> None:
        """Listen."""
        app = web.Application(client_max_size=LARGEST)
        app.router.add_post("/webhook", self.webhook)
        app.router.add_get("/health", self.health)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._settings.listen_host, self._settings.listen_port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Listen no more; requests in hand are finished."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def webhook(self, request: web.Request) -> web.Response:
        """Store the update and acknowledge it; 503 lets the messenger send it again."""
        wanted = self._settings.webhook_secret.get_secret_value()
        given = request.headers.get(SECRET, "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode()):
            return web.Response(status=401)
        update = _update(await request.read())
        if update is None:
            return web.Response(status=400)
        try:
            await self._door.receive([update])
        except Unavailable:
            return web.Response(status=503)
        except RecursionError:  # nested so deep that it can be read and not written
            return web.Response(status=400)
        return web.Response()

    async def health(self, _request: web.Request) -> web.Response:
        """200 while the database answers."""
        try:
            await self._desk.look(lambda unit: unit.connection.exec_driver_sql("SELECT 1"))
        except Unavailable:
            return web.json_response({"database": "unavailable"}, status=503)
        return web.json_response({"database": "ok"})


def _update(body: bytes) -> dict[str, Any] | None:
    """The update in a request's body; None when it is none."""
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    number = update.get("update_id") if isinstance(update, dict) else None
    return update if type(number) is int and 0 <= number < 2**63 else None
