"""Where is the messenger? Looked up once for all who ask at once, and now and then anew."""

import asyncio
import time
from collections.abc import Sequence
from socket import SOCK_STREAM
from typing import Any

KNOWN_SECONDS = 3600.0
"""So long the messenger's addresses are taken for its own."""


class Addresses:
    """The addresses of one server, as `getaddrinfo` gives them."""

    def __init__(self) -> None:
        self._looking: asyncio.Task[Sequence[Any]] | None = None
        self._since = 0.0

    async def of(self, host: str, port: int) -> list[Any]:
        """Its addresses. Raises `OSError`; whom they do not help forgets them."""
        now = time.monotonic()
        if self._looking is None or now - self._since > KNOWN_SECONDS:
            self._looking = asyncio.create_task(_look_up(host, port))
            self._looking.add_done_callback(_seen)
            self._since = now
        # Who stops waiting does not stop it for the others.
        return list(await asyncio.shield(self._looking))

    def forget(self) -> None:
        """It may have moved: the next one looks it up."""
        self._looking = None


async def _look_up(host: str, port: int) -> Sequence[Any]:
    return await asyncio.get_running_loop().getaddrinfo(host, port, type=SOCK_STREAM)


def _seen(task: asyncio.Task[Any]) -> None:
    """Nobody may be left to hear that it failed."""
    if not task.cancelled():
        task.exception()
