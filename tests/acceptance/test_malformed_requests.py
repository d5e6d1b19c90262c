"""Requests that no messenger sends: packed, cut, endless, smuggled. Each is refused for good."""

import asyncio
import gzip
import random
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import brotli
import pytest
from acceptance.bodies import MARK
from acceptance.conftest import City
from acceptance.floods import HEADER
from acceptance.programs import Forge
from acceptance.serving import SECRET, Served

OK = b'{"update_id": 900000077, "invented": 1}'
BOMB = b'{"update_id": 7, "x": "' + b"a" * (64 << 20) + b'"}'
ROOM_MB = 64
CHUNKED = b"Transfer-Encoding: chunked"
JUNK = random.Random(20260302).randbytes(2000)
EXPECTED = {b"200", b"400", b"401", b"405", b"413", b"417"}


def request(body: bytes, *headers: bytes, length: bool = True) -> bytes:
    head = [b"POST /webhook HTTP/1.1", b"Host: h", f"{HEADER}: {SECRET}".encode(), *headers]
    if length:
        head.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def packed(how: str, body: bytes) -> bytes:
    return request(body, b"Content-Encoding: " + how.encode())


def chunked(body: bytes, size: bytes = b"27") -> bytes:
    return request(size + b"\r\n" + body + b"\r\n0\r\n\r\n", CHUNKED, length=False)


REQUESTS = {
    "packed with gzip": (packed("gzip", gzip.compress(OK)), b"200"),
    "packed with deflate": (packed("deflate", zlib.compress(OK)), b"200"),
    "packed with brotli": (packed("br", brotli.compress(OK)), b"200"),
    "a bomb of gzip": (packed("gzip", gzip.compress(BOMB, 1)), b"413"),
    "a bomb of deflate": (packed("deflate", zlib.compress(BOMB, 1)), b"413"),
    "a bomb of brotli": (packed("br", brotli.compress(BOMB, quality=1)), b"413"),
    "said to be gzip": (packed("gzip", OK), b"400"),
    "said to be deflate": (packed("deflate", OK), b"400"),
    "said to be brotli": (packed("br", OK), b"400"),
    "said to be zstd": (packed("zstd", OK), b"400"),
    "gzip cut off": (packed("gzip", gzip.compress(OK)[:-20]), b"400"),
    "of an unknown packing": (packed("foo", OK), b"200"),
    "in chunks": (chunked(OK), b"200"),
    "in chunks of no number": (chunked(OK, b"zz"), b"400"),
    "in chunks below zero": (chunked(OK, b"-5"), b"400"),
    "in chunks without end": (chunked(OK, b"f" * 18), b"400"),
    "of two lengths": (request(OK, b"Content-Length: 3"), b"400"),
    "in chunks and of a length": (request(OK, CHUNKED), b"400"),
    "of a length below zero": (request(OK, b"Content-Length: -3", length=False), b"400"),
    "of no length that is": (request(OK, b"Content-Length: " + b"9" * 40, length=False), b"400"),
    "a header too long": (request(OK, b"X: " + b"a" * 100_000), b"400"),
    "headers without end": (
        request(OK, *[b"X%d: %s" % (n, b"a" * 99) for n in range(999)]),
        b"400",
    ),
    "a header with a gap": (request(OK, b"X y: 1"), b"400"),
    "a header with a NUL": (request(OK, b"X: a\0b"), b"400"),
    "a path too long": (request(OK).replace(b"/webhook", b"/webhook?" + b"a" * 99_999), b"400"),
    "a secret of no letters": (request(OK).replace(SECRET.encode(), b"\xff\xfe\xe9"), b"401"),
    "a secret of Chinese": (request(OK).replace(SECRET.encode(), "秘密".encode()), b"401"),
    "an odd charset": (request(OK, b"Content-Type: application/json; charset=none"), b"200"),
    "an odd expectation": (request(OK, b"Expect: the unexpected"), b"417"),
    "an upgrade": (request(OK, b"Connection: Upgrade", b"Upgrade: websocket"), b"200"),
    "several in a row": (request(OK) * 5, b"200"),
    "of an old kind": (b"GET /webhook\r\n\r\n", b"405"),
    "the beginning of TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + JUNK[:300], b"400"),
    "noise": (JUNK, b"400"),
    "what quotes a person": (request(f'{{"update_id": "{MARK}'.encode()), b"400"),
}
ENDLESS = {
    "half a body": request(OK[:9], b"Content-Length: 99", length=False),
    "half a chunk": request(b"27\r\n" + OK[:9], CHUNKED, length=False),
    "half a header": b"POST /webhook HTTP/1.1\r\nHost: h\r\nX: ",
}


@pytest.fixture
async def served(quiet_city: City, forge: Forge) -> AsyncIterator[Served]:
    made = Served(quiet_city, forge)
    await made.start()
    yield made
    await made.close()


async def status(port: int, sent: bytes) -> bytes:
    """The status of the answer to this; empty where the connection is closed without one."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(sent)
        async with asyncio.timeout(20):
            return (await reader.readline())[9:12]
    except ConnectionError:
        return b""
    finally:
        writer.close()


def megabytes(pid: int) -> int:
    """The most memory the process ever had."""
    told = Path(f"/proc/{pid}/status").read_text()
    return int(told.partition("VmHWM:")[2].split()[0]) // 1024


async def test_each_is_answered_for_good_and_costs_nothing(served):
    before = megabytes(served.program.pid)
    found = {what: await status(served.port, sent) for what, (sent, _) in REQUESTS.items()}
    assert found == {what: wanted for what, (_, wanted) in REQUESTS.items()}
    assert megabytes(served.program.pid) - before < ROOM_MB
    assert await served.push(served.says("/help")) == 200
    await served.drained("inbox", "new")
    assert MARK not in served.program.err


async def test_what_never_ends_keeps_nobody_waiting_nor_the_end(served):
    held = []
    for _ in range(50):
        for sent in ENDLESS.values():
            _, writer = await asyncio.open_connection("127.0.0.1", served.port)
            writer.write(sent)
            held.append(writer)
    chen = await served.city.citizen()
    await chen.type("/help")
    await chen.expect("怎么用")
    served.program.signal(15)
    assert await served.program.ends(timeout=10) == 0
    for writer in held:
        writer.close()
