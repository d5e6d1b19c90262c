"""How fast does a desk move from SQLite to PostgreSQL, and does its memory grow with what it holds?

`minsheng copy-database` itself, in a process of its own, on petitions filed by the rules: copied,
counted and verified. The floor is the verification alone.
"""

import asyncio
import os
import re
import sys
import tempfile
import time
from datetime import timedelta
from functools import partial
from pathlib import Path

from cryptography.fernet import Fernet

from benchmarks.table import Line
from benchmarks.worlds import TOKEN
from bot.opening import open_desk
from bot.sealing import make_sealer
from bot.settings import Settings, load_settings
from petitions.commands import Register
from petitions.deadlines import local_date
from petitions.lifecycle import register
from petitions.numbers import make
from petitions.record import Party
from storage import record, serials
from storage.unit import Unit
from tests.making import RULES, a_filing
from tests.servers import a_server

SIZES = (10_000, 100_000)
TOGETHER = 500
A_DAY = 50_000
"""Numbers have five digits for a day's serial."""
PROGRAM = """
import atexit, resource, sys
from bot.start import main
atexit.register(lambda: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr))
main()
"""


async def run(sizes: tuple[int, ...] = SIZES) -> list[Line]:
    """Where there is a PostgreSQL."""
    server = a_server()
    lines: list[Line] = []
    try:
        for size in sizes:
            with tempfile.TemporaryDirectory(prefix="minsheng-") as folder:
                lines += await _measure(await server.empty(), Path(folder), size)
    finally:
        await server.close()
    return lines


async def _measure(target: str, folder: Path, size: int) -> list[Line]:
    settings = load_settings(
        bot_token=TOKEN,
        field_keys=(Fernet.generate_key().decode(),),
        office_file="none",
        data_folder=folder,
    )
    await _file(settings, size)
    verify, _, _ = await _command(settings, "verify")
    whole, memory, told = await _command(settings, "copy-database", "--to", target)
    rows = sum(int(count) for count in re.findall(r": (\d+) rows$", told, re.MULTILINE))
    name = f"{size:,} petitions"
    return [
        Line(f"{name}, {rows:,} rows copied and verified", whole, None, verify, None, "s"),
        Line(f"{name}, without verifying", rows / (whole - verify), None, None, None, "rows/s"),
        Line(f"{name}, memory at its peak", memory, None, None, None, "MB"),
    ]


async def _file(settings: Settings, size: int) -> None:
    """Petitions with an entry each, sealed as the bot seals them."""
    desk = await open_desk(settings)
    try:
        for done in range(0, size, TOGETHER):
            await desk.unit(partial(_some, later=timedelta(days=done // A_DAY)))
        await (await make_sealer(desk, settings.seal_key)).run()
    finally:
        await desk.database.close()


def _some(unit: Unit, later: timedelta) -> None:
    for _ in range(TOGETHER):
        day = local_date(unit.now + later, RULES.office.tz)
        number = make("990100", day, serials.take(unit, day))
        event = register(Register(a_filing(), number, "00" * 16), unit.now, RULES, 1001)
        key = unit.vault.new_key(unit.connection)
        digest = unit.digest("code", number, "ACEF-3467")
        record.register(unit, event, 1001, Party("petitioner", 1001), key, digest)


async def _command(settings: Settings, *words: str) -> tuple[float, float, str]:
    """Seconds by the clock, megabytes at its peak, and what it said."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM,
        *words,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={
            **os.environ,
            "BOT_TOKEN": TOKEN,
            "FIELD_KEYS": settings.field_keys[0].get_secret_value(),
            "OFFICE_FILE": "none",
            "DATA_FOLDER": str(settings.data_folder),
            "PYTHONPATH": str(Path(__file__).parent.parent),
        },
    )
    told, peak = await process.communicate()
    took = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(told.decode() + peak.decode())
    return took, int(peak) / 1024, told.decode()
