"""How does it all run? One aiohttp application around one world."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from aiohttp import web

from . import control, page
from .botapi import BotApi
from .requestlog import RequestLog
from .webhook import Webhooks
from .world import World

# A document of 50 MB plus its envelope, and the 60 MB files tests like to send.
_MAX_REQUEST = 256 * 1024 * 1024


class Emulator:
    """A messenger on this machine. With a ``data`` folder it remembers across restarts.

    ``limits`` switches Telegram's sending rates on.
    """

    def __init__(self, data: Path | None, *, limits: bool = False) -> None:
        self.world = World(data)
        self.world.limits.on = limits
        self.url = ""
        self._api = BotApi(self.world)
        self._runner: web.AppRunner | None = None
        self.world.webhooks = Webhooks(
            self.world.queues, self._api.run_webhook_reply, self.world.store.commit
        )

    @property
    def log(self) -> RequestLog:
        """Every Bot API request."""
        return self.world.log

    def now(self) -> datetime:
        """The time here, in UTC."""
        return self.world.clock.now()

    def application(self) -> web.Application:
        """The routes of the Bot API, the control API and the page."""
        app = web.Application(client_max_size=_MAX_REQUEST)
        self._api.mount(app)
        control.mount(app, self.world)
        page.mount(app)
        return app

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one. :attr:`url` tells where."""
        self._runner = web.AppRunner(
            self.application(), access_log=None, handler_cancellation=True, shutdown_timeout=0.5
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        self.url = f"http://{host}:{self._runner.addresses[0][1]}"
        for bot in self.world.bots.values():
            if bot.webhook:
                self.world.webhooks.begin(bot)

    async def stop(self) -> None:
        """Send waiting polls and pages home, stop listening, close the store."""
        self.world.events.close()
        self._api.stopping.set()
        for queue in self.world.queues.values():
            queue.interrupt(ConnectionError("stopping"))
        await self.world.webhooks.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        self.world.store.close()
