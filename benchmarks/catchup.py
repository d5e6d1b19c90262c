"""How long does somebody wait for an answer while the desk catches up after a month down?

Five thousand cases fall due at once. A citizen asks for help again and again until all is done;
beside it the same person asks a desk that has nothing to do. Bot and stand-in share one process,
so both are slower than in an office.
"""

import asyncio
import statistics
import tempfile
import time
from itertools import cycle
from pathlib import Path

from acceptance.conftest import City
from acceptance.scenes import CODE, WHOLE, ask

from benchmarks.table import Line
from dialogs import planning
from dialogs.citizen.submitting import filing_of
from emulator import Person
from petitions import commands as do
from petitions import numbers
from petitions.deadlines import local_date
from petitions.lifecycle import register
from petitions.record import Party
from storage import record, serials
from storage.unit import Unit

CASES, CALM, PEOPLE = 5000, 100, 50
LATEST = "SELECT max(due_at) FROM due WHERE done_at IS NULL AND kind = 'deadline'"
LEFT = "SELECT count(*) FROM due WHERE done_at IS NULL AND kind = 'deadline' AND due_at <= ?"


async def run(cases: int = CASES) -> list[Line]:
    """On SQLite, with the bot as it runs in an office."""
    with tempfile.TemporaryDirectory(prefix="minsheng-") as folder:
        city = City(Path(folder))
        await city.open()
        try:
            await city.start(tick_seconds=1.0)
            return await _measure(city, cases)
        finally:
            await city.close()


async def _measure(city: City, cases: int) -> list[Line]:
    people = cycle([await city.citizen(3000 + n) for n in range(PEOPLE)])  # 1/s in each chat
    for _ in range(0, cases, 50):
        await city.app.desk.unit(lambda unit: _file(city, unit, 50))
    calm = [await _wait(next(people)) for _ in range(CALM)]
    (latest,) = ask(city, LATEST)[0]
    began, busy = time.perf_counter(), []
    await city.later(days=30)
    while ask(city, LEFT, latest)[0][0]:
        busy.append(await _wait(next(people)))
        await asyncio.sleep(0.05)
    took = time.perf_counter() - began
    return [
        Line(f"{cases} duties caught up", took, None, None, None, "s"),
        Line("answer meanwhile, median", _ms(busy, 50), None, _ms(calm, 50), None, "ms"),
        Line("answer meanwhile, p99", _ms(busy, 99), None, _ms(calm, 99), None, "ms"),
    ]


async def _wait(person: Person) -> float:
    began = time.perf_counter()
    await person.type("/help")
    await person.expect("怎么用")
    return time.perf_counter() - began


def _ms(times: list[float], percent: int) -> float:
    return statistics.quantiles(times, n=100)[percent - 1] * 1000


def _file(city: City, unit: Unit, count: int) -> None:
    house = city.app.house
    for _ in range(count):
        day = local_date(unit.now, house.office.tz)
        number = numbers.make(house.office.region, day, serials.take(unit, day))
        event = register(do.Register(filing_of(WHOLE), number, "00" * 16), unit.now, house.rules)
        digest = unit.digest("code", number, CODE)
        party, key_id = Party("petitioner", 1001), unit.vault.new_key(unit.connection)
        made = record.register(unit, event, 1001, party, key_id, digest)
        planning.plan(unit, house, made, made.entries[-1])
