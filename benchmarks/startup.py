"""How long does a worker take to start where a million petitions are stored, and what does it hold?

Ours is `minsheng run` with a webhook, from the call of the command until it says that it listens;
its memory a few seconds later, when what a start has to do is done. The floor is a bare process
that imports aiogram and SQLAlchemy and does nothing. Each in turns, so that a busy machine is busy
for both; of the times the least counts, as what else the machine does can only add to them.
"""

import asyncio
import re
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import bulk, lookup
from benchmarks.filing import world
from benchmarks.table import Line
from storage import schema
from storage.sqlite import SqliteDatabase
from storage.vault import Vault

STORED, ROUNDS = 1_000_000, 5
REST_SECONDS = 3.0
BARE = ("-c", "import aiogram, sqlalchemy; print('ready', flush=True); input()")
FILLS = {
    **lookup.FILLS,
    "due": (
        "INSERT INTO due (bot_id, kind, subject, due_at, attempts, hold_until)"
        f" SELECT {world.BOT_ID}, 'deadline', {{hex10}}, 4102444800000000 + n, 0, 0 FROM numbers"
    ),
}
Found = tuple[float, float]
"""Seconds, and megabytes (PSS: what is shared counts for each sharer's part alone)."""


async def run(stored: int = STORED, rounds: int = ROUNDS) -> list[Line]:
    """On SQLite."""
    with tempfile.TemporaryDirectory(prefix="minsheng-") as folder:
        await _store(Path(folder), stored)
        ours: list[Found] = []
        bare: list[Found] = []
        for _ in range(rounds):
            ours.append(await _ours(Path(folder)))
            bare.append(await _bare())
    lines = []
    for n, (what, unit) in enumerate((("start", "s"), ("memory at rest", "MB"))):
        mine, theirs = (min(each[n] for each in found) for found in (ours, bare))
        label = f"{what}, {stored:,} petitions stored"
        lines.append(Line(label, mine, None, theirs, mine / theirs, unit))
    return lines


async def _store(folder: Path, stored: int) -> None:
    path = folder / world.FILE
    database = SqliteDatabase(path)
    await database.open()
    await database.write(schema.prepare)
    await database.write(Vault([world.KEY]).check)
    await database.close()
    bulk.sqlite(path, stored, FILLS)


async def _ours(folder: Path) -> Found:
    async with world.a_messenger() as messenger:
        began = time.perf_counter()
        async with world.a_program(folder, world.OURS, messenger.api) as program:
            took = time.perf_counter() - began
            await asyncio.sleep(REST_SECONDS)
            return took, memory(program.pid)


async def _bare() -> Found:
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *BARE,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    await process.stdout.readline()
    took = time.perf_counter() - began
    try:
        return took, memory(process.pid)
    finally:
        process.kill()
        await process.wait()


def memory(pid: int) -> float:
    """Megabytes the process holds."""
    said = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+) kB", said, re.MULTILINE)
    assert found is not None
    return int(found[1]) / 1024
