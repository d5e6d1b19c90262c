"""A desk on a real database, with a clock that the test moves and leases that follow it.

A test that uses the fixture `either` runs on SQLite and on PostgreSQL; any other on SQLite.
"""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from cryptography.fernet import Fernet
from making import NOW
from servers import Server
from sqlalchemy import Table, select

from storage import schema, tables
from storage.canonical import as_stored
from storage.database import Database, Desk
from storage.postgres import PostgresDatabase
from storage.refusing import Told
from storage.sqlite import SqliteDatabase
from storage.unit import Unit
from storage.vault import Vault

T = TypeVar("T")
BOT = 42
on_sqlite = pytest.mark.parametrize("either", ["sqlite"], indirect=True)
"""For a test, beside others on either database, of what is SQLite's own."""
REFUSED = (sqlite3.IntegrityError, Told)
"""How a database's driver says that such a row is there already."""
KEY = Fernet.generate_key().decode()
MADE = ("registered_at", "at", "arrival", "seq", "left_at", "since", "n", "id")
"""Columns by which a table's rows are in the order of their making, where it has one."""


class Time:
    """The office's clock and real time, each moved by the test alone."""

    def __init__(self) -> None:
        self.now = NOW
        self.real = 1_000_000.0

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.real += seconds

    def patch(self, monkeypatch: pytest.MonkeyPatch) -> "Time":
        for name in ("real_time",):
            monkeypatch.setattr(Unit, name, lambda _unit: self.real)
        return self


class Places:
    """Where the test's databases are: files, or databases of the server's in their stead."""

    def __init__(self) -> None:
        self.server: Server | None = None
        self.urls: dict[Path, str] = {}

    async def database(self, path: Path) -> Database:
        """The database that stands for this path, the same each time."""
        url = await self.url(path)
        return PostgresDatabase(url) if url else SqliteDatabase(path)

    async def url(self, path: Path) -> str:
        """Its address; empty where it is the file."""
        if self.server is None:
            return ""
        if path not in self.urls:
            self.urls[path] = await self.server.database()
        return self.urls[path]

    def only(self) -> str:
        """The address of the one database that the test has."""
        (url,) = self.urls.values()
        return url

    async def clear(self) -> None:
        """The databases go back to the server."""
        server, self.server = self.server, None
        while server and self.urls:
            await server.give_back(self.urls.popitem()[1])


PLACES = Places()


@asynccontextmanager
async def a_desk(
    path: Path, time: Callable[[], datetime], *keys: str, bot: int = BOT
) -> AsyncIterator[Desk]:
    """The desk as the bot opens it."""
    database = await PLACES.database(path)
    await database.open()
    try:
        desk = Desk(database, Vault(keys or (KEY,)), bot, time)
        await database.write(schema.prepare)
        await database.write(desk.vault.check)
        yield desk
    finally:
        await database.close()


async def rows(desk: Desk, table: str, **where: Any) -> list[Any]:
    """The rows of a table as they stand, in the order of their making."""
    return await desk.look(lambda unit: _rows(unit, tables.metadata.tables[table], where))


def _rows(unit: Unit, table: Table, where: dict[str, Any]) -> list[Any]:
    these = (table.c[name] == value for name, value in where.items())
    made = [table.c[name] for name in MADE if name in table.c]
    return list(unit.run(select(*as_stored(table.c)).where(*these).order_by(*made)))
