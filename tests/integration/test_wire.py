"""A call reaches the messenger, and its answer is no other's, whatever the network does."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from certificates import a_certificate

from notifier import wire
from notifier.wire import Wire

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


@pytest.fixture
async def a_wire() -> AsyncIterator[Wire]:
    made = Wire(ssl.create_default_context())
    yield made
    await made.close()
    assert not made._lines


async def test_calls_one_after_the_other_share_a_connection(a_wire: Wire) -> None:
    async with a_server(always(YES)) as server:
        for body in (b'{"n":1}', b"", "中文".encode()):
            assert await a_wire.post(server.url, body, SECONDS) == (200, b"yes")
        assert [a.body for a in server.asked] == [b'{"n":1}', b"", "中文".encode()]
        assert server.connections == 1
        head = server.asked[0].head
        port = server.url.split(":")[2].partition("/")[0]
        assert head.startswith("POST /bot42:SECRET/send HTTP/1.1\r\n")
        assert f"\r\nHost: localhost:{port}\r\n" in head
        assert "\r\nContent-Type: application/json\r\n" in head


async def test_calls_at_once_have_a_connection_each_and_their_own_answers(a_wire: Wire) -> None:
    async def echo(asked: Asked) -> bytes:
        await asyncio.sleep(0)
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(asked.body), asked.body)

    async with a_server(echo) as server:
        bodies = [b"%d" % n for n in range(300)]
        found = await asyncio.gather(*(a_wire.post(server.url, b, SECONDS) for b in bodies))
        assert [content for _, content in found] == bodies
        assert 1 < server.connections <= wire.MOST


@pytest.mark.parametrize(
    ("said", "status", "content"),
    {
        "in pieces": (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nye\r\n1\r\ns\r\n0\r\n\r\n",
            200,
            b"yes",
        ),
        "after a word that it comes": (b"HTTP/1.1 100 Continue\r\n\r\n" + YES, 200, b"yes"),
        "a refusal": (
            b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 2\r\n\r\n{}",
            429,
            b"{}",
        ),
        "without content": (b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n", 502, b""),
    }.values(),
)
async def test_every_way_to_say_where_an_answer_ends(
    a_wire: Wire, said: bytes, status: int, content: bytes
) -> None:
    """Whole, and byte by byte; and the connection goes on."""

    async def slowly(asked: Asked) -> bytes:
        if len(server.asked) == 1:
            return said
        for at in range(len(said)):
            asked.writer.write(said[at : at + 1])
            await asked.writer.drain()
        return b""

    async with a_server(slowly) as server:
        for _ in range(2):
            assert await a_wire.post(server.url, b"{}", SECONDS) == (status, content)
        assert server.connections == 1


async def test_an_answer_that_ends_with_its_connection(a_wire: Wire) -> None:
    async def answer(asked: Asked) -> None:
        asked.writer.write(b"HTTP/1.1 502 Bad Gateway\r\n\r\n<h1>no")

    async with a_server(answer) as server:
        for number in (1, 2):
            assert await a_wire.post(server.url, b"{}", SECONDS) == (502, b"<h1>no")
            assert server.connections == number


async def test_a_connection_that_was_said_to_close_is_used_no_more(a_wire: Wire) -> None:
    async with a_server(
        always(YES.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    ) as server:
        for number in (1, 2):
            assert await a_wire.post(server.url, b"{}", SECONDS) == (200, b"yes")
            assert server.connections == number


@pytest.mark.parametrize(
    "said",
    {
        "nothing": b"",
        "half an answer": b"HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\nye",
        "half a head": b"HTTP/1.1 200 OK\r\nContent-Le",
        "no HTTP": b"SSH-2.0 SECRET\r\n",
        "another protocol": b"HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
    }.values(),
)
async def test_a_broken_answer_is_an_error_that_quotes_nothing(a_wire: Wire, said: bytes) -> None:
    async def answer(asked: Asked) -> bytes | None:
        if len(server.asked) > 1:
            return YES
        asked.writer.write(said)
        return None

    async with a_server(answer) as server:
        with pytest.raises(ConnectionError) as found:
            await a_wire.post(server.url, b"{}", SECONDS)
        assert "SECRET" not in f"{found.value!r}"
        assert found.value.__cause__ is None
        assert await a_wire.post(server.url, b"{}", SECONDS) == (200, b"yes")


async def test_an_answer_that_comes_late_is_not_taken_for_the_next_one_s(a_wire: Wire) -> None:
    late = asyncio.Event()

    async def answer(asked: Asked) -> bytes:
        if asked.body == b"1":
            await late.wait()
            return YES.replace(b"yes", b"old")
        return YES

    async with a_server(answer) as server:
        with pytest.raises(TimeoutError):
            await a_wire.post(server.url, b"1", 0.05)
        assert await a_wire.post(server.url, b"2", SECONDS) == (200, b"yes")
        late.set()
        assert await a_wire.post(server.url, b"3", SECONDS) == (200, b"yes")
        await server.asked[0].closed.wait()


async def test_who_is_cancelled_leaves_no_answer_behind(a_wire: Wire) -> None:
    asked_once, go_on = asyncio.Event(), asyncio.Event()

    async def answer(asked: Asked) -> bytes:
        if asked.body == b"1":
            asked_once.set()
            await go_on.wait()
        return YES.replace(b"yes", b"no%b" % asked.body)

    async with a_server(answer) as server:
        task = asyncio.create_task(a_wire.post(server.url, b"1", SECONDS))
        await asked_once.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        go_on.set()
        assert await a_wire.post(server.url, b"2", SECONDS) == (200, b"no2")
        await server.asked[0].closed.wait()


async def test_what_nobody_asked_for_is_not_the_answer_to_the_next(a_wire: Wire) -> None:
    async with a_server(always(YES + YES)) as server:
        assert await a_wire.post(server.url, b"{}", SECONDS) == (200, b"yes")
        await server.asked[0].closed.wait()
        assert await a_wire.post(server.url, b"{}", SECONDS) == (200, b"yes")
        assert server.connections == 2


async def test_a_kept_connection_that_was_closed_meanwhile_costs_no_call(a_wire: Wire) -> None:
    async with a_server(always(YES)) as server:
        await a_wire.post(server.url, b"{}", SECONDS)
        (line,) = a_wire._lines
        server.asked[0].writer.close()
        await line.closed
        assert await a_wire.post(server.url, b"{}", SECONDS) == (200, b"yes")
        assert server.connections == 2


async def test_one_that_was_unused_for_long_is_not_trusted(
    a_wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_server(always(YES)) as server:
        await a_wire.post(server.url, b"{}", SECONDS)
        monkeypatch.setattr(wire, "KEPT_SECONDS", 0.0)
        await a_wire.post(server.url, b"{}", SECONDS)
        assert server.connections == 2
        await server.asked[0].closed.wait()


async def test_where_nobody_listens_it_is_said_and_looked_up_anew(a_wire: Wire) -> None:
    async with a_server(always(YES)) as server:
        await a_wire.post(server.url, b"{}", SECONDS)
        await a_wire.close()
        a_wire._addresses = [(*a_wire._addresses[0][:4], ("127.0.0.1", 1))]  # it has moved
        with pytest.raises(ConnectionError):
            await a_wire.post(server.url, b"{}", SECONDS)
        assert await a_wire.post(server.url, b"{}", SECONDS) == (200, b"yes")


async def test_closing_tells_who_waits(a_wire: Wire) -> None:
    asked = asyncio.Event()

    async def never(_asked: Asked) -> bytes:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    async with a_server(never) as server:
        task = asyncio.create_task(a_wire.post(server.url, b"{}", SECONDS))
        await asked.wait()
        await a_wire.close()
        with pytest.raises(ConnectionError):
            await task


async def test_only_whose_certificate_is_trusted_is_told_anything(tmp_path: Path) -> None:
    certificate = a_certificate(tmp_path)
    server_side = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server_side.load_cert_chain(certificate, tmp_path / "privkey.pem")
    async with a_server(always(YES), server_side) as server:
        for trusts, others in ((True, False), (False, True)):
            context = ssl.create_default_context(cafile=str(certificate) if trusts else None)
            through = Wire(context)
            if others:
                with pytest.raises(ssl.SSLCertVerificationError):
                    await through.post(server.url, b"{}", SECONDS)
            else:
                for _ in range(2):
                    assert await through.post(server.url, b"{}", SECONDS) == (200, b"yes")
            await through.close()
        assert [a.body for a in server.asked] == [b"{}", b"{}"]
