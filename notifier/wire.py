"""How does a call reach the messenger at the least cost? On connections that are kept open.

aiohttp's client is made to ask anybody for anything, which took a sixth of an update's processor
time. Here one server is asked in one way. Forms, files and proxies are left to aiohttp.
"""

import asyncio
import time
from functools import lru_cache
from socket import SOCK_STREAM
from ssl import SSLContext
from typing import Any

import aiohappyeyeballs
from yarl import URL

from notifier.line import Line

MOST = 100
"""Connections at once, as many as aiogram's client has; who finds none free waits."""
KEPT_SECONDS = 15.0
"""After so long unused a connection is not trusted: the messenger may be closing it just now."""
NAMED_SECONDS = 3600.0
"""So long the messenger's addresses are taken for its own."""
DELAY_SECONDS = 0.25
"""An address that does not answer for so long has the next one tried beside it (RFC 8305)."""


class Wire:
    """Asks one server, always by POST and in JSON; `trusted` says whose certificates count."""

    def __init__(self, trusted: SSLContext) -> None:
        self._trusted = trusted
        self._places = asyncio.Semaphore(MOST)
        self._kept: list[Line] = []  # the last used last
        self._lines: set[Line] = set()
        self._addresses: list[Any] = []
        self._named = 0.0

    async def post(self, url: str, body: bytes, seconds: float) -> tuple[int, bytes]:
        """The answer's status and content.

        Raises `OSError`: `TimeoutError` after so many seconds, `ConnectionError` where the
        connection broke or what came is no HTTP.
        """
        async with asyncio.timeout(seconds), self._places:
            line = self._take() or await self._open(_address(url))
            try:
                answer = await line.ask(b"%b%d\r\n\r\n%b" % (_head(url), len(body), body))
            except BaseException:
                line.close()  # the answer to this would be taken for that to the next
                raise
            if line.is_open:
                self._kept.append(line)
            return answer

    async def close(self) -> None:
        """Let go of every connection."""
        lines = tuple(self._lines)
        for line in lines:
            line.close()
        await asyncio.gather(*(line.closed for line in lines))

    def _take(self) -> Line | None:
        """The connection that was used last, if it can be trusted."""
        while self._kept:
            line = self._kept.pop()
            if line.is_open and time.monotonic() - line.used < KEPT_SECONDS:
                return line
            line.close()
        return None

    async def _open(self, url: URL) -> Line:
        loop = asyncio.get_running_loop()
        host = url.raw_host or ""
        now = time.monotonic()
        if not self._addresses or now - self._named > NAMED_SECONDS:
            self._addresses = await loop.getaddrinfo(host, url.port or 0, type=SOCK_STREAM)
            self._named = now
        try:
            sock = await aiohappyeyeballs.start_connection(
                self._addresses, happy_eyeballs_delay=DELAY_SECONDS
            )
        except OSError:
            self._addresses = []  # it may have moved
            raise
        tls = self._trusted if url.scheme == "https" else None
        named = host if tls else None
        _, line = await loop.create_connection(Line, sock=sock, ssl=tls, server_hostname=named)
        self._lines.add(line)
        line.closed.add_done_callback(lambda _: self._lines.discard(line))
        return line


@lru_cache(200)
def _address(url: str) -> URL:
    return URL(url)


@lru_cache(200)
def _head(url: str) -> bytes:
    """A request's head, up to how long its content is."""
    address = _address(url)
    lines = (
        f"POST {address.raw_path_qs} HTTP/1.1",
        f"Host: {address.host_port_subcomponent}",
        "Accept-Encoding: identity",
        "Content-Type: application/json",
        "Content-Length: ",
    )
    return "\r\n".join(lines).encode("ascii")
