"""Just enough HTTP for two ends that know each other, so that measuring costs little.

Both ends send `Content-Length`, keep connections open and send one request after the other.
"""

import asyncio
from collections import deque
from collections.abc import Callable

HEAD = b"\r\n\r\n"
LENGTH = b"content-length:"


def taken(buffer: bytearray) -> tuple[bytes, bytes] | None:
    """One whole message off the front of what came: its head and its body."""
    end = buffer.find(HEAD)
    if end < 0:
        return None
    head = bytes(buffer[:end])
    lower = head.lower()
    assert b"transfer-encoding: chunked" not in lower, head
    at = lower.find(LENGTH)
    stop = lower.find(b"\r\n", at)
    length = int(lower[at + len(LENGTH) : stop if stop >= 0 else None]) if at >= 0 else 0
    whole = end + len(HEAD) + length
    if len(buffer) < whole:
        return None
    body = bytes(buffer[end + len(HEAD) : whole])
    del buffer[:whole]
    return head, body


class Answering(asyncio.Protocol):
    """A server's side of one connection: `answer(path, type, body)` gives the body back."""

    def __init__(self, answer: Callable[[str, bool, bytes], bytes]) -> None:
        self._answer = answer
        self._buffer = bytearray()
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody connected."""
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Answer what is whole."""
        self._buffer += data
        while (request := taken(self._buffer)) is not None:
            head, body = request
            path = head.split(b" ", 2)[1].decode()
            said = self._answer(path, b"application/json" in head.lower(), body)
            self._transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                + str(len(said)).encode()
                + HEAD
                + said
            )


class Pushing(asyncio.Protocol):
    """A client's side of one connection: one request at a time, the status handed on."""

    def __init__(self, pool: "Pool") -> None:
        self._pool = pool
        self._buffer = bytearray()
        self._request = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is ready."""
        self._transport = transport  # type: ignore[assignment]
        self._pool.free(self)

    def send(self, request: bytes) -> None:
        """Send this; whoever is connected answers."""
        self._request = request
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """The answer: with anything but 200 it is sent again, as the messenger does."""
        self._buffer += data
        answer = taken(self._buffer)
        if answer is None:
            return
        if not answer[0].startswith(b"HTTP/1.1 200"):
            self._pool.refused += 1
            self._pool.send(self._request)
        self._pool.free(self)


class Pool:
    """So many connections to one address; what cannot go at once waits for one."""

    def __init__(self) -> None:
        self.refused = 0
        self._idle: deque[Pushing] = deque()
        self._waiting: deque[bytes] = deque()
        self._all: list[asyncio.Transport] = []

    async def open(self, host: str, port: int, count: int) -> None:
        """Connect."""
        loop = asyncio.get_running_loop()
        for _ in range(count):
            transport, _ = await loop.create_connection(lambda: Pushing(self), host, port)
            self._all.append(transport)

    def send(self, request: bytes) -> None:
        """Send this as soon as there is a connection for it."""
        if self._idle:
            self._idle.popleft().send(request)
        else:
            self._waiting.append(request)

    def free(self, connection: Pushing) -> None:
        """This connection has had its answer."""
        if self._waiting:
            connection.send(self._waiting.popleft())
        else:
            self._idle.append(connection)

    def close(self) -> None:
        """Let go."""
        for transport in self._all:
            transport.close()
