"""What is one connection to the messenger? It is asked, and waits for one answer at a time."""

import asyncio
import time
import zlib
from http import HTTPStatus
from typing import Any

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

FRAMED = (b"content-length", b"transfer-encoding")
"""What says where an answer ends; without either it ends with its connection (RFC 9112, 6.3)."""
PACKED = {b"gzip": 31, b"x-gzip": 31, b"deflate": 47}
"""What a gateway may do to an answer though it is asked not to, and how zlib calls that."""


class Line(asyncio.Protocol):
    """One connection, read by httptools, whose parser tells it by the methods `on_…`."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.closed: asyncio.Future[None] = self._loop.create_future()
        self.used = 0.0
        """When it last had an answer, by the monotonic clock."""
        self._parser = HttpResponseParser(self)
        self._parser.set_dangerous_leniencies(lenient_optional_cr_before_lf=True)
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._given_up = False
        self._forget()

    @property
    def is_open(self) -> bool:
        """Whether it can be asked: nobody has begun to close it."""
        return not (self._given_up or self.closed.done() or self._transport.is_closing())

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a request; the status and content of its answer. Raises `ConnectionError`."""
        if not self.is_open:
            raise ConnectionResetError("it closed before it was asked")
        self._forget()
        self._answer = self._loop.create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        """Break it off: whoever waits on it is told so."""
        self._given_up = True
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is there."""
        self._transport: Any = transport  # uvloop's is none of asyncio's, and does the same

    def data_received(self, data: bytes) -> None:
        """Part of an answer, or something that nobody asked for."""
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            # In words of ours: the parser's own may quote what came.
            self._fail("what came is no HTTP")
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone; an answer that had no other end is whole now."""
        if exc is None and self._headed and not (self._framed or self._given_up):
            self._finish()
        self._fail("it closed before it had answered")
        self.closed.set_result(None)

    def on_message_begin(self) -> None:
        """An answer begins, or a second one that nobody asked for."""
        if self._answer is None:
            self.close()

    def on_header(self, name: bytes, value: bytes) -> None:
        """One line of its head."""
        name = name.lower()
        if name in FRAMED:
            self._framed = True
        elif name == b"content-encoding":
            self._packed = value.strip().lower()

    def on_headers_complete(self) -> None:
        """What follows is its content."""
        self._headed = True

    def on_body(self, part: bytes) -> None:
        """Part of its content."""
        self._parts.append(part)

    def on_message_complete(self) -> None:
        """All of it is there, unless it only says that one is to come (1xx)."""
        if self._parser.get_status_code() < HTTPStatus.OK:
            self._forget()
            return
        last = not self._parser.should_keep_alive()
        self._finish()
        if last:
            self.close()

    def _forget(self) -> None:
        """Nothing has come yet."""
        self._parts: list[bytes] = []
        self._framed = self._headed = False
        self._packed = b""

    def _finish(self) -> None:
        content = b"".join(self._parts)
        if self._packed in PACKED:
            try:
                content = zlib.decompress(content, PACKED[self._packed])
            except zlib.error:
                self._fail("what came cannot be unpacked")
                return
        self.used = time.monotonic()
        if self._answer is not None and not self._answer.done():
            self._answer.set_result((self._parser.get_status_code(), content))
        self._answer = None

    def _fail(self, why: str) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionResetError(why))
        self._answer = None
