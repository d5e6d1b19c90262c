"""A call reaches the messenger, and its answer is no other's, whatever the network does."""

import asyncio
import gzip
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from certificates import a_certificate
from yarl import URL

from notifier import addresses, wire
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
        assert "\r\nAccept-Encoding: identity\r\n" in head
        assert "\r\nAuthorization:" not in head


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
        "packed all the same": (
            b"HTTP/1.1 200 OK\r\nContent-Encoding: GZIP\r\nContent-Length: 23\r\n\r\n"
            + gzip.compress(b"yes", mtime=0),
            200,
            b"yes",
        ),
        "with the line ends of another system": (YES.replace(b"\r\n", b"\n"), 200, b"yes"),
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


async def test_an_answer_whose_connection_breaks_is_not_whole(a_wire: Wire) -> None:
    async def answer(asked: Asked) -> None:
        asked.writer.write(b"HTTP/1.1 200 OK\r\n\r\n{")
        await go_on.wait()
        sock = asked.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset

    go_on = asyncio.Event()
    async with a_server(answer) as server:
        call = asyncio.create_task(a_wire.post(server.url, b"{}", SECONDS))
        while not [line for line in a_wire._lines if line._parts]:  # noqa: ASYNC110
            await asyncio.sleep(0)
        go_on.set()
        with pytest.raises(ConnectionError):
            await call


async def test_a_connection_that_was_said_to_close_is_used_no_more(a_wire: Wire) -> None:
    async with a_server(
        always(YES.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    ) as server:
        for number in (1, 2):
            assert await a_wire.post(server.url, b"{}", SECONDS) == (200, b"yes")
            assert server.connections == number


async def test_a_call_after_one_without_content_is_not_answered_by_it(a_wire: Wire) -> None:
    """It had the status of the call before, when the connection then closed."""

    async def answer(_asked: Asked) -> bytes | None:
        return b"HTTP/1.1 204 No Content\r\n\r\n" if len(server.asked) == 1 else None

    async with a_server(answer) as server:
        assert await a_wire.post(server.url, b"{}", SECONDS) == (204, b"")
        with pytest.raises(ConnectionError):
            await a_wire.post(server.url, b"{}", SECONDS)
        assert server.connections == 1


@pytest.mark.parametrize(
    "said",
    {
        "nothing": b"",
        "only that something comes": b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n",
        "what cannot be unpacked": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nSECRET",
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


@pytest.mark.parametrize("later", [False, True])
async def test_what_nobody_asked_for_is_not_the_answer_to_the_next(
    a_wire: Wire, later: bool
) -> None:
    async with a_server(always(YES if later else YES + YES)) as server:
        assert await a_wire.post(server.url, b"{}", SECONDS) == (200, b"yes")
        if later:
            server.asked[0].writer.write(YES)
        await server.asked[0].closed.wait()
        assert await a_wire.post(server.url, b"{}", SECONDS) == (200, b"yes")
        assert server.connections == 2


async def test_a_connection_without_sense_is_broken_off(a_wire: Wire) -> None:
    async with a_server(always(b"SSH-2.0 x\r\n")) as server:
        with pytest.raises(ConnectionError):
            await a_wire.post(server.url, b"{}", SECONDS)
        await server.asked[0].closed.wait()


async def test_a_kept_connection_that_was_closed_meanwhile_costs_no_call(a_wire: Wire) -> None:
    async with a_server(always(YES)) as server:
        await a_wire.post(server.url, b"{}", SECONDS)
        (line,) = a_wire._lines
        server.asked[0].writer.close()
        await line.closed
        assert await a_wire.post(server.url, b"{}", SECONDS) == (200, b"yes")
        assert server.connections == 2


async def test_one_that_begins_to_close_is_not_asked_any_more(a_wire: Wire) -> None:
    """The call was counted as one of which nobody knows, though it was never sent."""
    async with a_server(always(YES)) as server:
        await a_wire.post(server.url, b"{}", SECONDS)
        (line,) = a_wire._lines
        line._transport.close()
        assert not line.closed.done()
        with pytest.raises(ConnectionError, match="before it was asked"):
            await line.ask(b"")
        assert await a_wire.post(server.url, b"{}", SECONDS) == (200, b"yes")
        assert server.connections == 2


async def test_of_many_that_were_needed_once_none_is_kept_for_long(
    a_wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_server(always(YES)) as server:
        await asyncio.gather(*(a_wire.post(server.url, b"{}", SECONDS) for _ in range(5)))
        monkeypatch.setattr(wire, "KEPT_SECONDS", 0.0)
        before = set(a_wire._lines)
        assert len(before) > 1
        await a_wire.post(server.url, b"{}", SECONDS)
        await asyncio.wait([line.closed for line in before])


async def test_one_that_was_unused_for_long_is_not_trusted(
    a_wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_server(always(YES)) as server:
        await a_wire.post(server.url, b"{}", SECONDS)
        monkeypatch.setattr(wire, "KEPT_SECONDS", 0.0)
        await a_wire.post(server.url, b"{}", SECONDS)
        assert server.connections == 2
        await server.asked[0].closed.wait()


class Names:
    """In place of the system's look-up of names: what it gives, and how often it was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *found: tuple[str, int]) -> None:
        self.found = found
        self.asked = 0
        self.slow = asyncio.Event()
        self.slow.set()
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", self.look_up)

    async def look_up(self, _host: str, _port: int, **_how: object) -> list[Any]:
        """As the loop's own."""
        self.asked += 1
        await self.slow.wait()
        if not self.found:
            raise socket.gaierror("SECRET")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in self.found]


def place_of(server: Server) -> tuple[str, int]:
    return "127.0.0.1", URL(server.url).port or 0


async def test_names_are_looked_up_once_for_all_and_after_a_while_anew(
    a_wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_server(always(YES)) as server:
        names = Names(monkeypatch, place_of(server))
        names.slow.clear()
        calls = [asyncio.create_task(a_wire.post(server.url, b"{}", SECONDS)) for _ in range(20)]
        impatient = asyncio.create_task(a_wire.post(server.url, b"{}", 0.01))
        with pytest.raises(TimeoutError):
            await impatient
        names.slow.set()
        await asyncio.gather(*calls)
        assert names.asked == 1
        monkeypatch.setattr(wire, "KEPT_SECONDS", 0.0)
        await a_wire.post(server.url, b"{}", SECONDS)
        asked = names.asked
        monkeypatch.setattr(addresses, "KNOWN_SECONDS", -1.0)
        await a_wire.post(server.url, b"{}", SECONDS)
        assert names.asked == asked + 1


async def test_where_nobody_listens_it_is_said_and_looked_up_anew(
    a_wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_server(always(YES)) as server:
        names = Names(monkeypatch, ("127.0.0.1", 1))
        with pytest.raises(ConnectionError):
            await a_wire.post(server.url, b"{}", SECONDS)
        names.found = ()
        with pytest.raises(OSError, match="SECRET"):
            await a_wire.post(server.url, b"{}", SECONDS)
        names.found = (place_of(server),)
        assert await a_wire.post(server.url, b"{}", SECONDS) == (200, b"yes")
        assert names.asked == 3


async def test_an_address_that_does_not_answer_does_not_keep_the_next_waiting(
    a_wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = socket.socket()
    async with a_server(always(YES)) as server:
        with closing(silent):  # its queue is full, so that it answers nobody
            silent.bind(("127.0.0.1", 0))
            silent.listen(0)
            places = [silent.getsockname(), place_of(server)]
            with closing(socket.create_connection(places[0])):
                Names(monkeypatch, *places)
                assert await a_wire.post(server.url, b"{}", SECONDS) == (200, b"yes")


async def test_waiting_for_a_connection_is_waiting_too(
    a_wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(a_wire, "_places", asyncio.Semaphore(1))
    asked = asyncio.Event()

    async def never(_asked: Asked) -> bytes:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    async with a_server(never) as server:
        first = asyncio.create_task(a_wire.post(server.url, b"1", SECONDS))
        await asked.wait()
        with pytest.raises(TimeoutError):
            await a_wire.post(server.url, b"2", 0.01)
        assert len(server.asked) == 1
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)


async def test_closing_tells_who_waits_and_sends_nothing_more(
    a_wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether they wait for an answer, in the middle of one, for a place or for the network."""
    monkeypatch.setattr(a_wire, "_places", asyncio.Semaphore(2))
    both = asyncio.Barrier(3)

    async def never(asked: Asked) -> bytes:
        if len(server.asked) == 2:
            asked.writer.write(b"HTTP/1.1 200 OK\r\n\r\n{")
            await asked.writer.drain()
        await both.wait()
        await asyncio.Event().wait()
        raise AssertionError

    async with a_server(never) as server:
        calls = [asyncio.create_task(a_wire.post(server.url, b"{}", SECONDS)) for _ in range(4)]
        await both.wait()
        impatient = asyncio.create_task(a_wire.close())
        await asyncio.sleep(0)
        impatient.cancel()
        await a_wire.close()
        found = await asyncio.gather(*calls, return_exceptions=True)
        assert [type(error) for error in found[2:]] == [ConnectionAbortedError] * 2
        assert all(isinstance(error, ConnectionError) for error in found)
        assert len(server.asked) == 2
        names = Names(monkeypatch, place_of(server))
        names.slow.clear()
        late = asyncio.create_task(a_wire.post(server.url, b"{}", SECONDS))
        while not names.asked:  # noqa: ASYNC110 - there is nothing that tells
            await asyncio.sleep(0)
        await a_wire.close()
        names.slow.set()
        with pytest.raises(ConnectionAbortedError):
            await late
        assert len(server.asked) == 2


async def test_who_does_not_read_keeps_nobody(a_wire: Wire) -> None:
    """What is written and not taken would keep a connection, and who closes it, for good."""

    writers = []

    async def deaf(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        writer.transport.pause_reading()  # type: ignore[attr-defined]

    listening = await asyncio.start_server(deaf, "127.0.0.1", 0, limit=1)
    async with listening:
        url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/"
        with pytest.raises(TimeoutError):
            await a_wire.post(url, bytes(50_000_000), 0.3)
        await a_wire.close()
        assert not a_wire._lines
        writers[0].transport.abort()


async def test_it_can_be_used_again_and_in_another_loop() -> None:
    made = Wire(ssl.create_default_context())

    async def whole() -> None:
        async with a_server(always(YES)) as server:
            calls = [made.post(server.url, b"{}", SECONDS) for _ in range(wire.MOST + 20)]
            assert await asyncio.gather(*calls) == [(200, b"yes")] * len(calls)
            await made.close()
            assert await made.post(server.url, b"{}", SECONDS) == (200, b"yes")
        await made.close()

    await whole()
    await asyncio.to_thread(asyncio.run, whole())


async def test_who_has_a_password_says_it(a_wire: Wire) -> None:
    async with a_server(always(YES)) as server:
        url = str(URL(server.url).with_user("office").with_password("p@ss"))
        assert await a_wire.post(url, b"{}", SECONDS) == (200, b"yes")
        assert "\r\nAuthorization: Basic b2ZmaWNlOnBAc3M=\r\n" in server.asked[0].head


@pytest.fixture
def server_side(tmp_path: Path) -> ssl.SSLContext:
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.load_cert_chain(a_certificate(tmp_path), tmp_path / "privkey.pem")
    return made


@asynccontextmanager
async def trusting(folder: Path | None) -> AsyncIterator[Wire]:
    """A wire that trusts the certificate in this folder, or those of the system."""
    known = str(folder / "fullchain.pem") if folder else None
    made = Wire(ssl.create_default_context(cafile=known))
    yield made
    await made.close()


async def test_only_whose_certificate_is_trusted_is_told_anything(
    tmp_path: Path, server_side: ssl.SSLContext
) -> None:
    async with a_server(always(YES), server_side) as server:
        async with trusting(tmp_path) as ours:
            for _ in range(2):
                assert await ours.post(server.url, b"{}", SECONDS) == (200, b"yes")
        unnamed = server.url.replace("localhost", "127.0.0.1")  # the certificate has no such name
        for folder, url in ((tmp_path, unnamed), (None, server.url)):
            async with trusting(folder) as others:
                with pytest.raises(ssl.SSLCertVerificationError):
                    await others.post(url, b"{}", SECONDS)
        assert len(server.asked) == 2


async def test_an_address_that_takes_a_call_and_speaks_no_tls_is_passed_over(
    tmp_path: Path, server_side: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was sent for as long as that lasted."""

    async def refuse(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    bad = await asyncio.start_server(refuse, "127.0.0.1", 0)
    async with bad, a_server(always(YES), server_side) as server, trusting(tmp_path) as ours:
        Names(monkeypatch, bad.sockets[0].getsockname(), place_of(server))
        assert await ours.post(server.url, b"{}", SECONDS) == (200, b"yes")
        await ours.close()
        names = Names(monkeypatch, bad.sockets[0].getsockname())
        for asked in (1, 2):  # it is looked up anew, as it may have moved
            with pytest.raises(OSError, match=r".*"):
                await ours.post(server.url, b"{}", SECONDS)
            assert names.asked == asked
