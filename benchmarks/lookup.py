"""What does it cost to look a petition up by its number, with ten thousand stored and ten million?

Ours is what a citizen's 查询进度 runs, `record.by_code`, in a unit as it runs there; the peer
the same row as one would write it first: `session.execute(select(…))` of the ORM, in a session
that is open; the floor the bare driver's query. Then the whole answer: ours reads and decrypts the
record, in a look of its own, the peer reads its rows, in a session of its own. Each size in turns,
so that a busy machine is busy for all of them.
"""

import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
from cryptography.fernet import Fernet
from sqlalchemy import select
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import registry

from benchmarks import bulk
from benchmarks.table import Line
from petitions import numbers
from petitions.commands import Register
from petitions.lifecycle import register
from petitions.record import Party
from storage import record, schema
from storage.database import Database, Desk
from storage.postgres import PostgresDatabase
from storage.sqlite import SqliteDatabase
from storage.tables import entries, petitions
from storage.unit import Unit
from storage.vault import Vault
from tests.making import RULES, a_filing
from tests.servers import NoServer, Server, a_server

SIZES = (10_000, 100_000, 1_000_000)
FULL = (*SIZES, 10_000_000)
KNOWN, EACH, ROUNDS = 2_000, 100, 15
"""So many petitions are whole, of the others there are only rows; so many are asked for a round."""
BOT = 42
KEY = Fernet.generate_key().decode()
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
CODE = "4679ACEF"
US = 1_772_416_800_000_000
NUMBER = "'990100' || (20160101 + n / 40000) || {five} || '0'"
FILLS = {
    "petitions": (
        "INSERT INTO petitions (id, bot_id, number, code_digest, petitioner_id, key_id, purpose,"
        " category, district, unit_id, state, version, length, registered_at, updated_at, due_on)"
        f" SELECT {{hex10}}, {BOT}, {NUMBER}, {{hex16}}, 1000 + n % 500000, {{hex16}}, 'request',"
        f" 'urban.utilities', 'north', 'housing', 'replied', 4, 4, {US} - n, {US} - n,"
        " CASE WHEN {tenth} THEN '2026-05-01' END FROM numbers"
    ),
    "entries": (
        "INSERT INTO entries (petition_id, seq, kind, version, at, by_kind, body, commitment,"
        " projected, chain, seal_id)"
        f" SELECT {{hex10}}, 1, 'registered', 1, {US} - n, 'petitioner', {{blob}}, {{blob}},"
        " {blob}, {blob}, 1 FROM numbers"
    ),
    "keys": "INSERT INTO keys (id, wrapped) SELECT {hex16}, {blob} FROM numbers",
}


class Row:
    """The petition as the peer's ORM has it."""


class Step:
    """An entry of its record as the peer's ORM has it."""


mapped = registry()
mapped.map_imperatively(Row, petitions)
mapped.map_imperatively(Step, entries)


class Place:
    """One database with so many rows, and how each of the three looks numbers up in it."""

    def __init__(
        self, stored: int, desk: Desk, engine: AsyncEngine, floor: Callable[[str], Awaitable[Any]]
    ) -> None:
        self.stored = stored
        self.desk = desk
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._floor = floor
        self.known: list[str] = []

    async def ours(self, numbers: Sequence[str]) -> list[float]:
        """The product's query, in a unit as it runs: the code is wrong, so nothing is decrypted."""

        def find(unit: Unit) -> list[float]:
            took = []
            for number in numbers:
                began = time.perf_counter()
                assert record.by_code(unit, number, "wrong") is None
                took.append(time.perf_counter() - began)
            return took

        return await self.desk.look(find)

    async def peer(self, numbers: Sequence[str]) -> list[float]:
        """As one would write it first, in a session that is open."""
        took = []
        async with self._sessions() as session:
            for number in numbers:
                began = time.perf_counter()
                found = await session.execute(select(Row).where(petitions.c.number == number))
                assert found.scalar_one()
                took.append(time.perf_counter() - began)
        return took

    async def floor(self, numbers: Sequence[str]) -> list[float]:
        """By the bare driver."""
        return [await _timed(self._floor, number) for number in numbers]

    async def our_status(self, numbers: Sequence[str]) -> list[float]:
        """With the right code: the record read and decrypted, its key too; a look of its own."""

        async def ask(number: str) -> None:
            self.desk.vault.forget()
            found = lambda u: record.by_code(u, number, u.digest("code", number, CODE))  # noqa: E731
            assert await self.desk.look(found)

        return [await _timed(ask, number) for number in numbers]

    async def peer_status(self, numbers: Sequence[str]) -> list[float]:
        """The row and the steps of its record, nothing decrypted, in a session of its own."""

        async def ask(number: str) -> None:
            async with self._sessions() as session:
                found = await session.execute(select(Row).where(petitions.c.number == number))
                this = entries.c.petition_id == found.scalar_one().id  # type: ignore[attr-defined]
                steps = await session.execute(select(Step).where(this).order_by(entries.c.seq))
                assert steps.scalars().all()

        return [await _timed(ask, number) for number in numbers]


async def _timed(ask: Callable[[str], Awaitable[Any]], number: str) -> float:
    began = time.perf_counter()
    await ask(number)
    return time.perf_counter() - began


async def run(sizes: Sequence[int] = SIZES, rounds: int = ROUNDS) -> list[Line]:
    """On SQLite and, where there is one, on PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="minsheng-") as folder:
        places = [partial(sqlite, Path(folder) / f"{n}.sqlite3", n) for n in sizes]
        lines = await _on("SQLite", places, rounds)
    try:
        server = a_server(shared_buffers="1GB")  # a quarter of a small server's memory
    except NoServer:
        return lines
    try:
        return [
            *lines,
            *await _on("PostgreSQL", [partial(postgres, server, n) for n in sizes], rounds),
        ]
    finally:
        await server.close()


async def full() -> list[Line]:
    """Up to ten million."""
    return await run(FULL)


async def _on(name: str, opened: Sequence[Callable[[], Any]], rounds: int) -> list[Line]:
    async with AsyncExitStack() as stack:
        places = [await stack.enter_async_context(each()) for each in opened]
        for place in places:
            await _file(place)
        rows = [await _all(places, rounds, ask) for ask in (Place.ours, Place.peer, Place.floor)]
        whole = [await _all(places, rounds, ask) for ask in (Place.our_status, Place.peer_status)]
    lines = []
    for what, found in (("by number", rows), ("status, decrypted", [*whole, [None] * len(places)])):
        for place, ours, peer, floor in zip(places, *found, strict=True):
            said = f"{name}: {what}, among {place.stored:,}"
            lines.append(Line(said, ours, peer, floor, peer / ours, "µs"))
        said = f"{name}: {what}, last size to first"
        growth = [each[-1] / each[0] if each[0] else None for each in found]
        lines.append(Line(said, *growth, growth[0], "times"))
    return lines


async def _file(place: Place) -> None:
    """Petitions filed by the product's own hand, their numbers spread over all."""
    days = place.stored // 40_000 + 1
    for n in range(KNOWN):
        day = date(2016, 1, 1) + timedelta(days=n * days // KNOWN)
        place.known.append(numbers.make("990100", day, 50_000 + n))

    def file(unit: Unit) -> None:
        for number in place.known:
            event = register(Register(a_filing(), number, "00" * 16), unit.now, RULES)
            key, digest = unit.vault.new_key(unit.connection), unit.digest("code", number, CODE)
            record.register(unit, event, 1001, Party("petitioner", 1001), key, digest)

    await place.desk.unit(file)


async def _all(
    places: Sequence[Place],
    rounds: int,
    ask: Callable[[Place, Sequence[str]], Awaitable[list[float]]],
) -> list[float]:
    """The median in microseconds at each place, some numbers here, some there."""
    took: list[list[float]] = [[] for _ in places]
    chance = random.Random(1)
    for _ in range(rounds):
        for place, times in zip(places, took, strict=True):
            times += await ask(place, chance.sample(place.known, EACH))
    return [statistics.median(times) * 1e6 for times in took]


async def _desk(database: Database) -> Desk:
    await database.open()
    desk = Desk(database, Vault([KEY]), BOT, lambda: NOW)
    await database.write(schema.prepare)
    await database.write(desk.vault.check)
    return desk


@asynccontextmanager
async def sqlite(path: Path, stored: int) -> AsyncIterator[Place]:
    """A file with so many petitions."""
    await (await _desk(SqliteDatabase(path))).database.close()
    bulk.sqlite(path, stored, FILLS)
    desk = await _desk(SqliteDatabase(path))
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}")
    with closing(sqlite3.connect(path)) as bare:

        async def floor(number: str) -> Any:
            return bare.execute("SELECT * FROM petitions WHERE number = ?", (number,)).fetchone()

        try:
            yield Place(stored, desk, engine, floor)
        finally:
            await engine.dispose()
            await desk.database.close()


@asynccontextmanager
async def postgres(server: Server, stored: int) -> AsyncIterator[Place]:
    """A database of the server's with so many petitions."""
    url = await server.database()
    desk = await _desk(PostgresDatabase(url))
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://"))
    bare = await asyncpg.connect(url)
    try:
        await bulk.postgres(bare, stored, FILLS)

        async def floor(number: str) -> Any:
            return await bare.fetchrow("SELECT * FROM petitions WHERE number = $1", number)

        yield Place(stored, desk, engine, floor)
    finally:
        await bare.close()
        await engine.dispose()
        await desk.database.close()
