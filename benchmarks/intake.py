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
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import asyncpg

from benchmarks.filing.messenger import Found, Run
from benchmarks.filing.world import FILE, FLOOR, OURS, PEER, a_messenger, a_program
from benchmarks.table import Line
from tests.servers import NoServer, Server, a_server

People = Sequence[tuple[int, int]]
"""So many at once file so often each, one load after the other."""
PEOPLE = ((100, 4), (1000, 1))
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
    ours = await _filed(OURS, people, await server.database() if server else "")
    peer = await _filed(PEER, people, await server.database() if server else "")
    floor = await _filed(FLOOR, people, "")
    lines = []
    for (count, _), *found in zip(people, ours, peer, floor, strict=True):
        for what, unit in (("rate", "filings/s"), ("p50", "ms"), ("p99", "ms")):
            figures = [getattr(each, what) for each in found]
            said = f"{name}, {count:,} at once: {what}"
            lines.append(Line(said, *figures, figures[0] / figures[1], unit))
    return lines


async def _filed(command: Sequence[str], people: People, url: str) -> list[Found]:
    """What each load found, each answer and each petition where it should be."""
    found = []
    with tempfile.TemporaryDirectory(prefix="minsheng-") as folder:
        async with a_messenger() as messenger:
            async with a_program(Path(folder), command, messenger.api, url) as program:
                await messenger.file(Run(program.webhook, WARM))
                for n, (count, rounds) in enumerate(people, 2):
                    load = Run(program.webhook, count, rounds, first=n * 1_000_000)
                    found.append(await messenger.file(load))
                if command is OURS:
                    await _settled(Path(folder), url)
            if command in FILED:
                filed = WARM + sum(each.filings for each in found)
                assert await _ask(FILED[command], Path(folder), url) == filed
    return found


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
