"""How the wire finds the messenger, waits for it, and lets go of it."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from certificates import a_certificate
from wires import SECONDS, YES, Asked, Server, a_server, always
from yarl import URL

from notifier import addresses, wire
from notifier.wire import Wire


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
