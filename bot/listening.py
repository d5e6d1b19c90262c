"""How does a part of the program listen? An address, what is served there, and an end."""

from aiohttp import web

from bot.settings import SettingsError

LARGEST = 1024 * 1024
END_SECONDS = 3.0
"""So long a request in hand is waited for at the end: one whose body never comes has no end."""


class Listener:
    """Listens at one address; the settings it came from are named when that cannot be."""

    def __init__(self, app: web.Application, host: str, port: int, settings: str) -> None:
        self._app = app
        self._host = host
        self._settings = settings
        self._runner: web.AppRunner | None = None
        self.port = port

    async def start(self) -> None:
        """Listen. Raises `SettingsError` when the address cannot be had."""
        self._runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=END_SECONDS)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self.port).start()
        except OSError as error:
            raise SettingsError(f"{self._settings}: {error.strerror}") from None
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Listen no more; requests in hand are finished, if they can be soon."""
        if self._runner is not None:
            await self._runner.cleanup()
