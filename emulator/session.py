"""How does a test's bot reach the emulator? An aiogram session made for it."""

from __future__ import annotations

from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer


class LocalSession(AiohttpSession):
    """A session with the emulator at ``url`` that closes at once.

    aiogram's own waits a quarter of a second for TLS connections, of which there are none.
    """

    def __init__(self, url: str, timeout: float = 60.0) -> None:
        super().__init__(api=TelegramAPIServer.from_base(url), timeout=timeout)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None and not self._session.closed:
            await self._session.close()
