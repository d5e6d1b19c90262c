"""A call reaches the messenger, and its answer is no other's, whatever comes back."""

import asyncio
import gzip
import socket
import struct

import pytest
from wires import SECONDS, YES, Asked, a_server, always

from notifier import wire
from notifier.wire import Wire


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
