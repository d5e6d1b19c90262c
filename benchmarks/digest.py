"""How long does the digest of a year take, and does its memory grow with what it counts?

Ours is `storage.figures.report` as the bot calls it, with the comparison of the year before, which
holds as many petitions. The peer makes the same figures as one would write them first: the year's
rows through the SQLAlchemy ORM, counted in Python; it runs on a sample, and ours beside it. The
floor is one bare count of the table. What is counted is filled in directly, not by the rules.
"""

import resource
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import asyncpg
from cryptography.fernet import Fernet
from sqlalchemy import Connection, and_, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, registry
from sqlalchemy.schema import CreateIndex, DropIndex

from benchmarks.table import Line
from petitions.indicators import Period, Report, Scope
from petitions.office import Office
from storage import figures, schema
from storage.database import Database
from storage.postgres import PostgresDatabase
from storage.sqlite import SqliteDatabase
from storage.tables import spans
from storage.unit import Unit
from storage.vault import Vault
from tests.many import COLUMNS, Row, an_office, rows
from tests.servers import NoServer, Server, a_server

FULL, SAMPLE = 1_000_000, 50_000
BOT = 42
YEAR = Period.of("year", date(2025, 1, 1))
TODAY = date(2026, 1, 5)
BATCH = 20_000
Read = Callable[[Callable[[Connection], Any]], Awaitable[Any]]


@dataclass(frozen=True)
class Cost:
    """What a run took: seconds by the clock and of this process, and memory at its peak."""

    wall: float
    cpu: float
    megabytes: float


async def run(full: int = FULL, sample: int = SAMPLE) -> list[Line]:
    """All of it, on SQLite and, where there is one, on PostgreSQL."""
    office = an_office()
    lines: list[Line] = []
    with tempfile.TemporaryDirectory() as folder:
        for size in (sample, full):
            path = Path(folder) / f"{size}.sqlite3"
            database = SqliteDatabase(path)
            await database.open()
            await database.write(schema.prepare)
            await database.close()
            _fill_sqlite(path, rows(size, office))
            database = SqliteDatabase(path)
            await database.open()
            lines += await _measure("SQLite", database, size, office, with_peer=size == sample)
            await database.close()
            path.unlink()
    try:
        server = a_server(shared_buffers="1GB")  # a quarter of a small server's memory
    except NoServer:
        return lines
    try:
        for size in (sample, full):
            lines += await _on_postgres(server, size, office, with_peer=size == sample)
    finally:
        await server.close()
    return lines


async def _on_postgres(server: Server, size: int, office: Office, *, with_peer: bool) -> list[Line]:
    url = await server.database()
    await _fill_postgres(url, rows(size, office))
    database = PostgresDatabase(url)
    await database.open()
    found = await _measure("PostgreSQL", database, size, office, with_peer=with_peer)
    await database.close()
    return found


# -- what is counted ----------------------------------------------------------------------------


def _fill_sqlite(path: Path, made: Iterator[Row]) -> None:
    """Past the one writer: what a crash left behind would be thrown away in any case."""
    dialect = sqlite.dialect()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN")
        for index in spans.indexes:
            connection.execute(str(DropIndex(index).compile(dialect=dialect)))
        holes = ", ".join("?" * len(COLUMNS))
        connection.executemany(f"INSERT INTO spans VALUES ({holes})", made)
        for index in spans.indexes:
            connection.execute(str(CreateIndex(index).compile(dialect=dialect)))
        connection.execute("COMMIT")


async def _fill_postgres(url: str, made: Iterator[Row]) -> None:
    dialect = postgresql.dialect()
    connection = await asyncpg.connect(url)
    for index in spans.indexes:
        await connection.execute(str(DropIndex(index).compile(dialect=dialect)))
    while batch := list(islice(made, BATCH)):
        await connection.copy_records_to_table("spans", records=batch, columns=COLUMNS)
    for index in spans.indexes:
        await connection.execute(str(CreateIndex(index).compile(dialect=dialect)))
    await connection.execute("VACUUM ANALYZE spans")
    await connection.close()


# -- what is measured ---------------------------------------------------------------------------


async def _measure(
    name: str, database: Database, size: int, office: Office, *, with_peer: bool
) -> list[Line]:
    def ours(connection: Connection) -> Report:
        unit = Unit(connection, Vault([Fernet.generate_key().decode()]), BOT, None)  # type: ignore[arg-type]
        return figures.report(unit, office, Scope(), YEAR, TODAY)

    def floor(connection: Connection) -> Any:
        return connection.execute(select(func.count()).select_from(spans)).scalar()

    made, cost = await _cost(database.read, ours)
    assert made.totals.registered == size
    assert made.disagreements == ()
    _, least = await _cost(database.read, floor)
    peer: Cost | None = None
    if with_peer:
        counted, peer = await _cost(database.read, by_rows)
        assert {key: counted[key] for key in told(made)} == told(made)
    label = f"digest of a year, {size:,} petitions, {name}"
    beside = (peer.wall, peer.cpu, peer.megabytes) if peer else (None, None, None)
    return [
        _line(label, cost.wall, beside[0], least.wall, "s by the clock"),
        _line(label, cost.cpu, beside[1], least.cpu, "s of processor here"),
        _line(label, cost.megabytes, beside[2], None, "MB more at its peak"),
    ]


def _line(name: str, ours: float, peer: float | None, floor: float | None, unit: str) -> Line:
    return Line(name, ours, peer, floor, peer / ours if peer and ours else None, unit)


async def _cost(read: Read, work: Callable[[Connection], Any]) -> tuple[Any, Cost]:
    """What it made, and what the second run of it took: the first reads the file in."""
    await read(work)
    before, wall, cpu = _memory(), time.perf_counter(), time.process_time()
    made = await read(work)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return made, Cost(wall, cpu, (_peak() - before) / 1024)


def _memory() -> int:
    """Kilobytes in use; from now on the peak counts anew, where the system can do that."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return _peak()
    return _status("VmRSS")


def _peak() -> int:
    found = _status("VmHWM")
    return found or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _status(name: str) -> int:
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    line = next(each for each in status.read_text().splitlines() if each.startswith(name))
    return int(line.split()[1])


# -- the peer -----------------------------------------------------------------------------------

mapped = registry()


class Mapped:
    """A span as the ORM loads it."""


mapped.map_imperatively(Mapped, spans)


def by_rows(connection: Connection) -> Counter[tuple[str, str]]:
    """The year's figures and those of the year before, row by row."""
    found: Counter[tuple[str, str]] = Counter()
    with Session(connection) as session:
        for period in (YEAR, YEAR.before()):
            first, last = period.first.isoformat(), period.last.isoformat()
            days = (spans.c.since_on, spans.c.counted_on, spans.c.done_on)
            touched = or_(*(and_(day >= first, day <= last) for day in days))
            name = str(period.first.year)
            for row in session.scalars(select(Mapped).where(touched)):
                for figure in _figures_of(row, first, last):
                    found[name, figure] += 1
    return found


def _figures_of(row: Any, first: str, last: str) -> Iterator[str]:
    begun = first <= row.since_on <= last
    done = row.done_on is not None and first <= row.done_on <= last
    if row.kind == "registered" and begun:
        yield "registered"
        yield from (row.purpose, row.category, row.district, f"{row.unit_id} {row.how}")
    if row.kind == "handle" and begun:
        yield "accepted"
    if row.kind == "handle" and done:
        yield row.how
    if row.counted_on is not None and first <= row.counted_on <= last:
        in_time = row.done_on is not None and row.done_on <= row.due_on
        yield f"{row.kind} in time" if in_time else f"{row.kind} late"


def told(report: Report) -> dict[tuple[str, str], int]:
    """Some of ours, by the peer's names: it must have counted the same."""
    found: dict[tuple[str, str], int] = {}
    for period, totals in ((YEAR, report.totals), (YEAR.before(), report.before)):
        figures_of = {
            "registered": totals.registered,
            "accepted": totals.accepted,
            "accept in time": totals.acceptance.in_time,
            "handle in time": totals.completion.in_time,
            "handle late": totals.completion.due - totals.completion.in_time,
            "rate in time": totals.survey.rated,
            "rate late": totals.survey.silent,
            **{share.key: share.count for share in totals.outcomes.shares},
        }
        found |= {(str(period.first.year), name): n for name, n in figures_of.items()}
    return found
