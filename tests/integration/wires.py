"""A server that answers as a test says, for the wire to ask."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

YES = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes"
SECONDS = 30.0


@dataclass
class Asked:
    """One request: on which connection it came, its head and its content."""

    connection: int
    head: str
    body: bytes
    writer: asyncio.StreamWriter
    closed: asyncio.Event


@dataclass
class Server:
    """Answers each request with what `answer` gives; None: it closes the connection."""

    answer: Callable[[Asked], Awaitable[bytes | None]]
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    serving: set[asyncio.Task[None]] = field(default_factory=set)

    def begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a connection in a task that can be ended."""
        self.serving.add(asyncio.create_task(self.serve(reader, writer)))

    async def end(self) -> None:
        """Let go of every connection."""
        for task in self.serving:
            task.cancel()
        await asyncio.gather(*self.serving, return_exceptions=True)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until one of the two closes it."""
        self.connections += 1
        number, closed = self.connections, asyncio.Event()
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode():
                length = int(head.lower().partition("content-length: ")[2].partition("\r")[0])
                body = await reader.readexactly(length)
                self.asked.append(Asked(number, head, body, writer, closed))
                content = await self.answer(self.asked[-1])
                if content is None:
                    break
                writer.write(content)
        except (asyncio.IncompleteReadError, ConnectionError):
            closed.set()  # by the other side
        finally:
            writer.close()


@asynccontextmanager
async def a_server(
    answer: Callable[[Asked], Awaitable[bytes | None]], tls: ssl.SSLContext | None = None
) -> AsyncIterator[Server]:
    made = Server(answer)
    listening = await asyncio.start_server(made.begin, "127.0.0.1", 0, ssl=tls)
    port = listening.sockets[0].getsockname()[1]
    made.url = f"{'https' if tls else 'http'}://localhost:{port}/bot42:SECRET/send"
    async with listening:
        yield made
        await made.end()


def always(content: bytes | None) -> Callable[[Asked], Awaitable[bytes | None]]:
    async def answer(_asked: Asked) -> bytes | None:
        return content

    return answer
