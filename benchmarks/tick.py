"""What does a tick cost when much is stored and little is due?

A tick does a hundred duties: claimed, done in a unit each, marked done. A claim leases a hundred
messages of the outbox. Both with little and with much stored, on each database, in turns. The peer
does the same as one would write it first: the ORM, a commit each, no partial index. The floor is
the bare driver with our index: one query, an update of each row, one commit.
"""

import sqlite3
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session, registry

from benchmarks import bulk
from benchmarks.table import Line
from notifier.schedule import Schedule
from storage import claiming, due, outbox, schema
from storage.columns import microseconds
from storage.database import Database, Desk
from storage.messages import Notice, Parcel
from storage.postgres import PostgresDatabase
from storage.sqlite import SqliteDatabase
from storage.tables import due as table
from storage.tables import outbox as messages
from storage.unit import Unit
from storage.vault import Vault
from tests.servers import NoServer, Server, a_server

SMALL, LARGE, FULL = 10_000, 1_000_000, 10_000_000
DUE, ROUNDS = 100, 15
BOT = 42
KEY = Fernet.generate_key().decode()
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
US = microseconds(NOW)
DAY = 86_400_000_000
FILL = {
    # Nine of ten are done, the last is due some day; of the messages all are settled.
    "due": (
        "INSERT INTO due (bot_id, kind, subject, due_at, done_at, attempts, hold_until)"
        f" SELECT {BOT}, 'deadline', 'p' || n,"
        f" CASE WHEN {{tenth}} THEN {US} + {DAY} + n ELSE {US} - n END,"
        f" CASE WHEN {{tenth}} THEN NULL ELSE {US} - n END, 0, 0 FROM numbers"
    ),
    "outbox": (
        "INSERT INTO outbox (bot_id, chat_id, key, petition_id, rank, lasting, begun, unknown,"
        " state, due_at, hold_until, attempts, progress, payload, settled_at)"
        f" SELECT {BOT}, n % 5000, 'notice.accepted', 'p' || n, 2, FALSE, FALSE, 0, 'sent',"
        f" {US} - n, 0, 1, 0, {{blob}}, {US} - n FROM numbers"
    ),
}
INDEXES = ("ix_due_open", "uq_due_open", "ix_due_subject_kind")


class Due:
    """The row as the peer's ORM has it."""

    id: int
    done_at: int | None


registry().map_imperatively(Due, table)


@dataclass
class Place:
    """One database with so many rows, and how each of the three works on it."""

    stored: int
    desk: Desk
    peer: Callable[[], Awaitable[None]]
    floor: Callable[[], Awaitable[None]]
    drop: Callable[[], Awaitable[None]]
    round: int = 0

    async def plan(self) -> None:
        """A hundred duties are due."""
        self.round += 1

        def work(unit: Unit) -> None:
            for n in range(DUE):
                due.plan(unit, "survey", f"r{self.round}-{n}", unit.now - timedelta(seconds=n))

        await self.desk.unit(work)

    async def put(self) -> None:
        """A hundred messages wait, each for another chat; those before are sent."""
        notice = Notice(kind="accepted")
        parcels = [Parcel(chat_id=n + 1, notice=notice, urgent=False) for n in range(DUE)]
        sent = {"state": "sent", "settled_at": NOW}
        waiting = text("state = 'waiting'")
        await self.desk.unit(lambda u: u.run(update(messages).where(waiting).values(sent)))
        await self.desk.unit(lambda u: outbox.put(u, parcels))

    async def tick(self) -> None:
        """Ours: do what is due."""
        await Schedule(self.desk, lambda _unit, _duty: [], {}).tick()

    async def claim(self) -> None:
        """Ours: lease what waits."""
        assert len(await self.desk.unit(lambda unit: claiming.claim(unit, DUE))) == DUE


async def run(small: int = SMALL, large: int = LARGE, rounds: int = ROUNDS) -> list[Line]:
    """On SQLite and, where there is one, on PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="minsheng-") as folder:
        sizes = {n: Path(folder) / f"{n}.sqlite3" for n in (small, large)}
        async with sqlite(sizes[small], small) as few, sqlite(sizes[large], large) as many:
            lines = await _measure("SQLite", few, many, rounds)
    try:
        server = a_server()
    except NoServer:
        return lines
    try:
        async with postgres(server, small) as few, postgres(server, large) as many:
            return [*lines, *await _measure("PostgreSQL", few, many, rounds)]
    finally:
        await server.close()


async def full() -> list[Line]:
    """With ten million stored."""
    return await run(large=FULL)


async def _measure(name: str, few: Place, many: Place, rounds: int) -> list[Line]:
    ours = await _timed(few, many, rounds, Place.plan, Place.tick)
    claims = await _timed(few, many, rounds, Place.put, Place.claim)
    floor = await _timed(few, many, rounds, Place.plan, lambda place: place.floor())
    for place in (few, many):
        await place.drop()
    peer = await _timed(few, many, min(rounds, 5), Place.plan, lambda place: place.peer())
    lines = []
    for what, found, beside, least in (
        ("tick", ours, peer, floor),
        ("outbox claim", claims, (None, None), (None, None)),
    ):
        for place, n in ((few, 0), (many, 1)):
            ratio = found[1] / found[0] if n else None
            said = f"{name}: {what}, {DUE} due of {place.stored + DUE:,}"
            lines.append(Line(said, found[n], beside[n], least[n], ratio, "ms"))
    return lines


async def _timed(
    few: Place,
    many: Place,
    rounds: int,
    ready: Callable[[Place], Awaitable[None]],
    work: Callable[[Place], Awaitable[None]],
) -> tuple[float, float]:
    """The median of so many rounds in milliseconds, one place after the other in each."""
    took: dict[int, list[float]] = {few.stored: [], many.stored: []}
    for _ in range(rounds + 1):
        for place in (few, many):
            await ready(place)
            began = time.perf_counter()
            await work(place)
            took[place.stored].append((time.perf_counter() - began) * 1000)
    low, high = (statistics.median(times[1:]) for times in took.values())  # the first warms up
    return low, high


async def _desk(database: Database) -> Desk:
    await database.open()
    desk = Desk(database, Vault([KEY]), BOT, lambda: NOW)
    await database.write(schema.prepare)
    await database.write(desk.vault.check)
    return desk


# -- SQLite --------------------------------------------------------------------------------------


@asynccontextmanager
async def sqlite(path: Path, stored: int) -> AsyncIterator[Place]:
    """A file with so many rows in each table."""
    await (await _desk(SqliteDatabase(path))).database.close()
    bulk.sqlite(path, stored, FILL)
    desk = await _desk(SqliteDatabase(path))
    try:
        engine = create_engine(f"sqlite:///{path}")

        async def peer() -> None:
            with Session(engine) as session:
                for row in session.scalars(_first_thought()).all():
                    row.done_at = NOW  # type: ignore[assignment]
                    session.commit()

        async def floor() -> None:
            with closing(sqlite3.connect(path, isolation_level=None)) as bare:
                bare.execute("BEGIN IMMEDIATE")
                found = bare.execute(_bare("?"), (US,)).fetchall()
                done = [(US, row_id) for (row_id,) in found]
                bare.executemany("UPDATE due SET done_at = ? WHERE id = ?", done)
                bare.execute("COMMIT")

        async def drop() -> None:
            with closing(sqlite3.connect(path)) as bare:
                for index in INDEXES:
                    bare.execute(f"DROP INDEX {index}")

        yield Place(stored, desk, peer, floor, drop)
        engine.dispose()
    finally:
        await desk.database.close()


# -- PostgreSQL ----------------------------------------------------------------------------------


@asynccontextmanager
async def postgres(server: Server, stored: int) -> AsyncIterator[Place]:
    """A database of the server's with so many rows in each table."""
    url = await server.database()
    desk = await _desk(PostgresDatabase(url))
    bare = await asyncpg.connect(url)
    try:
        await bulk.postgres(bare, stored, FILL)
        engine = create_async_engine(
            "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(url)
        )

        async def peer() -> None:
            async with AsyncSession(engine, expire_on_commit=False) as session:
                for row in (await session.scalars(_first_thought())).all():
                    row.done_at = NOW  # type: ignore[assignment]
                    await session.commit()

        async def floor() -> None:
            async with bare.transaction():
                found = await bare.fetch(_bare("$1"), US)
                done = [(US, row["id"]) for row in found]
                await bare.executemany("UPDATE due SET done_at = $1 WHERE id = $2", done)

        async def drop() -> None:
            for index in INDEXES:
                await bare.execute(f"DROP INDEX {index}")

        yield Place(stored, desk, peer, floor, drop)
        await engine.dispose()
    finally:
        await bare.close()
        await desk.database.close()


def _first_thought() -> Any:
    """What is due, as one would ask first."""
    return (
        select(Due)
        .where(table.c.done_at.is_(None), table.c.due_at <= NOW)
        .order_by(table.c.due_at)
        .limit(DUE)
    )


def _bare(mark: str) -> str:
    return (
        f"SELECT id FROM due WHERE done_at IS NULL AND due_at <= {mark} ORDER BY due_at LIMIT {DUE}"
    )
