"""Where is the program watched? At an address of its own, so that no proxy passes it on.

The webhook's port is meant for the internet; this one is not, whichever way updates come in.
"""

import structlog
from aiohttp import web

from bot.health import Health
from bot.listening import Listener
from bot.metrics import CONTENT_TYPE, Metrics
from bot.settings import Settings
from notifier.meters import Meters
from storage.database import Desk

log = structlog.get_logger(__name__)


class Monitor:
    """Serves `GET /metrics` beside `GET /health` and `GET /ready`, where METRICS_PORT is set."""

    def __init__(self, settings: Settings, desk: Desk, meters: Meters, health: Health) -> None:
        self._metrics = Metrics(desk, meters)
        self._listener: Listener | None = None
        if settings.metrics_port is not None:
            app = web.Application()
            app.router.add_get("/metrics", self.metrics)
            health.serve(app)
            address = (settings.metrics_host, settings.metrics_port)
            self._listener = Listener(app, *address, "METRICS_HOST, METRICS_PORT")

    @property
    def port(self) -> int | None:
        """Where it listens; None when it does not."""
        return self._listener.port if self._listener else None

    async def start(self) -> None:
        """Listen, if it is wanted. Raises `SettingsError`."""
        if self._listener is not None:
            await self._listener.start()
            log.info("monitor.started", port=self._listener.port)

    async def stop(self) -> None:
        """Listen no more."""
        if self._listener is not None:
            await self._listener.stop()

    async def metrics(self, _request: web.Request) -> web.Response:
        """Everything that is counted and measured, in Prometheus's text form."""
        return web.Response(body=await self._metrics.text(), headers={"Content-Type": CONTENT_TYPE})
