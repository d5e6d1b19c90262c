"""How many filings a second come in through the webhook, and how long does anybody wait?

A hundred, then a thousand citizens file at once, each in lock-step: twenty-two updates a filing,
up to the number and the card in the unit's group. Ours is `minsheng run` as an office runs it,
every step durable, the messenger's pace alone left out; the peer is what tutorials write (see
`filing.peer`), and the floor (`filing.floor`) the least that is durable. All face the same bare
messenger in a process of its own, with the same sync to disk. A wait is from when the messenger
has an update to push until the reply that shows the next question has reached it.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import median

import asyncpg

from benchmarks.filing.messenger import Found, Run
from benchmarks.filing.world import (
    FILE,
    FLOOR,
    OURS,
    PEER,
    Messenger,
    Program,
    a_messenger,
    a_program,
)
from benchmarks.table import Line
from tests.servers import NoServer, Server, a_server

People = Sequence[tuple[int, int, int]]
"""So many at once file so often each, in so many turns of each program; then the next load."""
PEOPLE = ((100, 2, 5), (1000, 1, 1))
WARM = 10
PATIENCE = 30.0
LEFT = (
    "SELECT (SELECT count(*) FROM inbox WHERE state <> 'done')"
    " + (SELECT count(*) FROM outbox WHERE state <> 'sent')"
)
FILED = {
    OURS: "SELECT count(*) FROM petitions",
    PEER: "SELECT count(*) FROM petitions WHERE status = 'registered' AND card_id IS NOT NULL",
}


async def run(people: People = PEOPLE) -> list[Line]:
    """On SQLite."""
    return await _measure("SQLite", people, None)


async def on_postgres(people: People = PEOPLE) -> list[Line]:
    """On PostgreSQL, where there is one: a database of one server for each program."""
    try:
        server = a_server()
    except NoServer:
        return []
    try:
        return await _measure("PostgreSQL", people, server)
    finally:
        await server.close()


async def _measure(name: str, people: People, server: Server | None) -> list[Line]:
    """Side by side: a load after the other, each filed with one program after the other."""
    lines = []
    async with AsyncExitStack() as stack:
        sides = [
            await stack.enter_async_context(_side(command, server))
            for command in (OURS, PEER, FLOOR)
        ]
        for count, rounds, turns in people:
            found: list[list[Found]] = [[] for _ in sides]
            for _, (side, runs) in product(range(turns), list(zip(sides, found, strict=True))):
                runs.append(await side.file(count, rounds))
            for what, unit in (("rate", "filings/s"), ("p50", "ms"), ("p99", "ms")):
                figures = [median(getattr(run, what) for run in runs) for runs in found]
                said = f"{name}, {count:,} at once: {what}"
                lines.append(Line(said, *figures, figures[0] / figures[1], unit))
    return lines


@dataclass
class Side:
    """One of the programs, its messenger, and how many have filed with it."""

    messenger: Messenger
    program: Program
    loads: int = 0
    filed: int = 0

    async def file(self, people: int, rounds: int = 1) -> Found:
        """Let people file whom it has not seen yet."""
        self.loads += 1
        load = Run(self.program.webhook, people, rounds, first=self.loads * 1_000_000)
        found = await self.messenger.file(load)
        self.filed += found.filings
        return found


@asynccontextmanager
async def _side(command: Sequence[str], server: Server | None) -> AsyncIterator[Side]:
    """One of them, warm; at the end, each answer and each petition is where it should be."""
    url = ""
    if server and command is not FLOOR:  # the peer makes tables of its own, of the same names
        url = await (server.database() if command is OURS else server.empty())
    with tempfile.TemporaryDirectory(prefix="minsheng-") as folder:
        async with a_messenger() as messenger:
            async with a_program(Path(folder), command, messenger.api, url) as program:
                side = Side(messenger, program)
                await side.file(WARM)
                yield side
                if command is OURS:
                    await _settled(Path(folder), url)
            if command in FILED:
                assert await _ask(FILED[command], Path(folder), url) == side.filed


async def _settled(folder: Path, url: str) -> None:
    """Inbox and outbox become empty: what was sent last is written down a moment later."""
    async with asyncio.timeout(PATIENCE):
        while await _ask(LEFT, folder, url):  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.05)


async def _ask(question: str, folder: Path, url: str) -> int:
    if not url:
        with closing(sqlite3.connect(folder / FILE)) as connection:
            return int(connection.execute(question).fetchone()[0])
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval(question))
    finally:
        await connection.close()
