"""A desk on a real SQLite file, with a clock that the test moves and leases that follow it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from cryptography.fernet import Fernet
from making import NOW
from sqlalchemy import text

from storage import tables
from storage.database import Desk
from storage.sqlite import SqliteDatabase
from storage.unit import Unit
from storage.vault import Vault

T = TypeVar("T")
BOT = 42
KEY = Fernet.generate_key().decode()


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
        monkeypatch.setattr(Unit, "real_time", lambda _unit: self.real)
        return self


@asynccontextmanager
async def a_desk(
    path: Path, time: Callable[[], datetime], *keys: str, bot: int = BOT
) -> AsyncIterator[Desk]:
    """The desk as the bot opens it."""
    database = SqliteDatabase(path)
    await database.open()
    try:
        desk = Desk(database, Vault(keys or (KEY,)), bot, time)
        await database.write(tables.metadata.create_all)
        await database.write(desk.vault.check)
        yield desk
    finally:
        await database.close()


async def rows(desk: Desk, table: str, **where: Any) -> list[Any]:
    """The rows of a table as they stand, in the order of their making."""
    named = " AND ".join(f"{name} = :{name}" for name in where) or "1"

    def work(unit: Unit) -> list[Any]:
        return list(unit.run(text(f"SELECT * FROM {table} WHERE {named} ORDER BY rowid"), where))

    return await desk.look(work)
