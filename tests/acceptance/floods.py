"""Much at once through the webhook, from a process of its own: what it costs is not the bot's.

`python floods.py PORT SECRET` reads bodies, one a line, and posts them over so many connections.
It imports nothing but the standard library, so that it is there at once and costs little.
"""

import asyncio
import contextlib
import json
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import Any

CONNECTIONS = 40
HEADER = "X-Telegram-Bot-Api-Secret-Token"


def says(update_id: int, user: int, text: str) -> dict[str, Any]:
    """An update in which this person writes this in private."""
    who = {"id": user, "first_name": "陈秀英"}
    message = {"message_id": update_id, "date": 1772400000, "text": text}
    message |= {"chat": {**who, "type": "private"}, "from": {**who, "is_bot": False}}
    return {"update_id": update_id, "message": message}


class Flood:
    """A flood that runs; `took` and `statuses` are known when it is over."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.took = 0.0
        self.statuses: dict[str, int] = {}

    @property
    def runs(self) -> bool:
        """Whether it still does."""
        return self._process.returncode is None

    async def ends(self) -> None:
        """Wait for its end."""
        out, _ = await self._process.communicate()
        assert self._process.returncode == 0
        told = json.loads(out)
        self.took, self.statuses = told["took"], told["statuses"]


@contextlib.asynccontextmanager
async def a_flood(
    port: int, secret: str, bodies: Iterable[dict[str, Any]], connections: int = CONNECTIONS
) -> AsyncIterator[Flood]:
    """Post these from now on; the flood is over at the end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, __file__, str(port), secret, str(connections)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    lines = [json.dumps(body).encode() + b"\n" for body in bodies]
    process.stdin.write(b"".join(lines))
    process.stdin.write_eof()
    flood = Flood(process)
    try:
        yield flood
        await flood.ends()
    finally:
        if flood.runs:
            process.kill()
            await process.wait()


async def post_all(
    port: int,
    secret: str,
    bodies: Iterable[bytes],
    note: Callable[[bytes, int], None],
    connections: int = CONNECTIONS,
) -> None:
    """Post each of these once; `note` is told the status of each."""
    rest = iter(bodies)
    await asyncio.gather(*(_post(port, secret, rest, note) for _ in range(connections)))


async def _post(
    port: int, secret: str, bodies: Iterator[bytes], note: Callable[[bytes, int], None]
) -> None:
    """One connection: a body after the other; a new one where it is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for body in bodies:
        head = f"POST /webhook HTTP/1.1\r\nHost: h\r\n{HEADER}: {secret}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = answer.partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length or 0))
        note(body, int(answer.split(b" ", 2)[1]))
        if b"connection: close" in answer:
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()


def _flood(port: int, secret: str, connections: int) -> dict[str, Any]:
    bodies = sys.stdin.buffer.read().splitlines()
    statuses: Counter[int] = Counter()
    began = time.monotonic()
    count = lambda _body, status: statuses.update([status])  # noqa: E731
    asyncio.run(post_all(port, secret, bodies, count, connections))
    return {"took": time.monotonic() - began, "statuses": statuses}


if __name__ == "__main__":
    port, secret, connections = sys.argv[1:]
    print(json.dumps(_flood(int(port), secret, int(connections))))
