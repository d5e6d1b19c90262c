"""How does a call reach the messenger at the least cost? On connections that are kept open.

aiohttp's client is made to ask anybody for anything, which took a sixth of an update's processor
time. Here one server is asked in one way. Forms, files and proxies are left to aiohttp.
"""

import asyncio
import time
from functools import lru_cache
from ssl import SSLContext

import aiohappyeyeballs
from aiohttp import BasicAuth
from yarl import URL

from notifier.addresses import Addresses
from notifier.line import Line

MOST = 100
"""Connections at once, as many as aiogram's client has; who finds none free waits."""
KEPT_SECONDS = 15.0
"""After so long unused a connection is not trusted: the messenger may be closing it just now."""
DELAY_SECONDS = 0.25
"""An address that does not answer for so long has the next one tried beside it (RFC 8305)."""


class Wire:
    """Asks one server, always by POST and in JSON; `trusted` says whose certificates count."""

    def __init__(self, trusted: SSLContext) -> None:
        self._trusted = trusted
        self._addresses = Addresses()
        self._places = asyncio.Semaphore(MOST)
        self._kept: list[Line] = []  # the last used last
        self._lines: set[Line] = set()
        self._closings = 0

    async def post(self, url: str, body: bytes, seconds: float) -> tuple[int, bytes]:
        """The answer's status and content.

        Raises `OSError`: `TimeoutError` after so many seconds, `ConnectionError` where the
        connection broke, what came is no HTTP, or the wire was closed meanwhile.
        """
        closings = self._closings
        async with asyncio.timeout(seconds), self._places:
            self._see_open(closings)
            line = self._take() or await self._open(_address(url))
            try:
                self._see_open(closings)
                answer = await line.ask(b"%b%d\r\n\r\n%b" % (_head(url), len(body), body))
            except BaseException:
                line.close()  # the answer to this would be taken for that to the next
                raise
            self._kept.append(line)
            return answer

    async def close(self) -> None:
        """Let go of every connection; who waits is told, and who asks later has a new one."""
        self._closings += 1
        self._places = asyncio.Semaphore(MOST)  # of the loop that asks next
        self._kept.clear()
        self._addresses.forget()
        for line in self._lines:
            line.close()
        if closing := [line.closed for line in self._lines]:
            await asyncio.wait(closing)

    def _see_open(self, closings: int) -> None:
        if closings != self._closings:
            raise ConnectionAbortedError("the wire was closed")

    def _take(self) -> Line | None:
        """The connection that was used last, if it can be trusted."""
        oldest = time.monotonic() - KEPT_SECONDS
        while self._kept and self._kept[0].used <= oldest:
            self._kept.pop(0).close()
        while self._kept:
            line = self._kept.pop()
            if line.is_open:
                return line
            line.close()
        return None

    async def _open(self, url: URL) -> Line:
        try:
            line = await self._connect(url)
        except BaseException:
            self._addresses.forget()
            raise
        self._lines.add(line)
        line.closed.add_done_callback(lambda _: self._lines.discard(line))
        return line

    async def _connect(self, url: URL) -> Line:
        """By whichever address answers, and speaks TLS where that is wanted."""
        loop, host = asyncio.get_running_loop(), url.raw_host or ""
        trusted = self._trusted if url.scheme == "https" else None
        named = host.rstrip(".") if trusted else None
        left = await self._addresses.of(host, url.port or 0)
        while True:
            sock = await aiohappyeyeballs.start_connection(left, happy_eyeballs_delay=DELAY_SECONDS)
            there = sock.getpeername()
            try:
                _, line = await loop.create_connection(
                    Line, sock=sock, ssl=trusted, server_hostname=named
                )
                return line
            except OSError:
                aiohappyeyeballs.remove_addr_infos(left, there)
                if not left:
                    raise


@lru_cache(200)
def _address(url: str) -> URL:
    return URL(url)


@lru_cache(200)
def _head(url: str) -> bytes:
    """A request's head, up to how long its content is."""
    address = _address(url)
    lines = [
        f"POST {address.raw_path_qs} HTTP/1.1",
        f"Host: {address.host_port_subcomponent}",
        "User-Agent: minsheng",
        "Accept: */*",
        "Accept-Encoding: identity",
        "Content-Type: application/json",
    ]
    if who := BasicAuth.from_url(address):
        lines.append(f"Authorization: {who.encode()}")
    return "\r\n".join([*lines, "Content-Length: "]).encode("ascii")
