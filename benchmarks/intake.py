"""How many filings a second come in through the webhook, and how long does anybody wait?

A hundred, then a thousand citizens file at once, each in lock-step: twenty-two updates a filing,
up to the number and the card in the unit's group. Ours is `minsheng run` as an office runs it,
every step durable, the messenger's pace alone left out; the peer is what tutorials write (see
`filing.peer`). Both face the same bare messenger in a process of its own, with the same sync to
disk. There is no floor yet.
"""

import asyncio
import json
import os
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from importlib.resources import files
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from benchmarks.filing.messenger import Found, Run
from benchmarks.filing.steps import SECRET, TOKEN
from benchmarks.table import Line
from tests.servers import NoServer, a_server

ROOT = Path(__file__).parent.parent
PEOPLE = ((100, 4), (1000, 1))
"""So many at once file so often each."""
WARM = 20
OURS = ("-c", "from bot.start import main; main()", "run")
PEER = ("-m", "benchmarks.filing.peer")


class World:
    """The messenger's process, and one program that talks with it."""

    def __init__(self, messenger: asyncio.subprocess.Process, api: str) -> None:
        self._messenger = messenger
        self.api = api

    async def file(self, run: Run) -> Found:
        """Let so many file."""
        reader, writer = self._messenger.stdout, self._messenger.stdin
        assert reader is not None
        assert writer is not None
        writer.write(json.dumps(run.__dict__).encode() + b"\n")
        return Found(**json.loads(await reader.readline()))


async def run(
    people: tuple[tuple[int, int], ...] = PEOPLE, *, postgres: bool = False
) -> list[Line]:
    """On SQLite, or on a server's PostgreSQL."""
    if not postgres:
        return await _measure(people, "SQLite", "")
    try:
        server = a_server()
    except NoServer:
        return []
    try:
        return await _measure(
            people, "PostgreSQL", await server.database(), await server.database()
        )
    finally:
        await server.close()


async def _measure(people: Any, name: str, *urls: str) -> list[Line]:
    lines = []
    found: dict[str, list[Found]] = {}
    with tempfile.TemporaryDirectory(prefix="minsheng-") as folder:
        for who, command, url in (("ours", OURS, urls[0]), ("peer", PEER, urls[-1])):
            place = Path(folder) / who
            place.mkdir()
            found[who] = await _filed(place, command, url, people)
    for n, (count, _) in enumerate(people):
        ours, peer = found["ours"][n], found["peer"][n]
        told = f"{name}, {count:,} at once"
        rate = (ours.filings / ours.seconds, peer.filings / peer.seconds)
        lines += [
            Line(f"filings, {told}", *rate, None, rate[0] / rate[1], "a second"),
            Line(f"wait, median, {told}", ours.p50, peer.p50, None, ours.p50 / peer.p50, "ms"),
            Line(f"wait, p99, {told}", ours.p99, peer.p99, None, ours.p99 / peer.p99, "ms"),
        ]
    return lines


async def _filed(place: Path, command: Any, url: str, people: Any) -> list[Found]:
    found = []
    async with _world() as world, _program(place, command, world.api, url) as webhook:
        await world.file(Run(webhook, WARM))
        for n, (count, rounds) in enumerate(people, 1):
            found.append(await world.file(Run(webhook, count, rounds, 1_000_000 * (n + 1))))
    return found


@asynccontextmanager
async def _world() -> AsyncIterator[World]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.filing.messenger"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdout is not None
    port = int(await process.stdout.readline())
    try:
        yield World(process, f"http://127.0.0.1:{port}")
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def _program(place: Path, command: Any, api: str, url: str) -> AsyncIterator[str]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    webhook = f"http://127.0.0.1:{port}/webhook"
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": api,
        "FIELD_KEYS": Fernet.generate_key().decode(),
        "OFFICE_FILE": str(files("bot") / "sample" / "office.toml"),
        "DATA_FOLDER": str(place),
        "DATABASE_URL": url,
        "WEBHOOK_URL": webhook,
        "WEBHOOK_SECRET": SECRET,
        "LISTEN_PORT": str(port),
        "PACE_OVERALL": "100000",
        "PACE_CHAT": "100000",
        "PACE_GROUP": "6000000",
        "LOG_LEVEL": "INFO",
    }
    if command is PEER:
        env["DATABASE_URL"] = _async_url(url, place)
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, stderr=asyncio.subprocess.PIPE, cwd=ROOT, env=env
    )
    assert process.stderr is not None
    while b"bot.started" not in (line := await process.stderr.readline()):
        assert line, "it did not start"
    reading = asyncio.create_task(_pass_on(process.stderr))
    try:
        yield webhook
    finally:
        process.terminate()
        await process.wait()
        await reading


async def _pass_on(reader: asyncio.StreamReader) -> None:
    while line := await reader.readline():
        sys.stderr.buffer.write(line)


def _async_url(url: str, place: Path) -> str:
    if not url:
        return f"sqlite+aiosqlite:///{place / 'peer.sqlite3'}"
    return url.replace("postgresql://", "postgresql+asyncpg://")
