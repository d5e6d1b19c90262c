"""The web side: the webhook, checked before anything else sees it, and health."""

import asyncio
import hmac

import structlog
from aiohttp import web

from bot import arriving
from bot.health import Health
from bot.listening import LARGEST, Listener
from bot.settings import Settings
from bot.updates import Door
from storage.database import Unavailable

log = structlog.get_logger(__name__)

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
BODY_SECONDS = 30.0
"""A body that takes longer never ends: who sends it would keep the connection for good."""


class Web:
    """Serves `POST /webhook`, beside `GET /health` and `GET /ready`."""

    def __init__(self, settings: Settings, health: Health, door: Door) -> None:
        self._settings = settings
        self._door = door
        app = web.Application(client_max_size=LARGEST)
        app.router.add_post("/webhook", self.webhook)
        health.serve(app)
        address = (settings.listen_host, settings.listen_port)
        self._listener = Listener(app, *address, "LISTEN_HOST, LISTEN_PORT")

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._listener.port

    async def start(self) -> None:
        """Listen. Raises `SettingsError`."""
        await self._listener.start()
        log.info("web.started", port=self._listener.port)

    async def stop(self) -> None:
        """Listen no more; requests in hand are finished."""
        await self._listener.stop()

    async def webhook(self, request: web.Request) -> web.Response:
        """Store the update and acknowledge it; 503 lets the messenger send it again."""
        wanted = self._settings.webhook_secret.get_secret_value()
        given = request.headers.get(SECRET, "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode()):
            return web.Response(status=401)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                arrival = arriving.read(await request.read())
        except TimeoutError:
            return web.Response(status=408)
        except web.RequestPayloadError:  # not packed as its header says
            arrival = None
        if arrival is None:
            return web.Response(status=400)
        try:
            await self._door.receive([arrival])
        except Unavailable:
            log.warning("webhook.database_unavailable")
            return web.Response(status=503)
        return web.Response()
