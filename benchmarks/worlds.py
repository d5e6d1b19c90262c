"""A messenger in a process of its own, with people and groups in it; a desk on a fresh database."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from emulator import Client
from storage import tables
from storage.database import Desk
from storage.sqlite import SqliteDatabase
from storage.vault import Vault

TOKEN = "4200000001:benchmark"  # noqa: S105 - the emulator takes any
BOT = 4200000001


@asynccontextmanager
async def a_messenger(*more: str) -> AsyncIterator[Client]:
    """An emulator in another process; its control client."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "emulator",
        "--port",
        "0",
        *more,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    try:
        async with Client(url) as client:
            await client.bot(TOKEN)
            yield client
    finally:
        process.terminate()
        await process.wait()


async def settle(client: Client, people: range, groups: range = range(0)) -> None:
    """People who have pressed /start, and groups that the bot is in (by negative ids)."""

    async def one(user: int) -> None:
        await client.post("people", id=user, started=True)

    for start in range(0, len(people), 100):
        await asyncio.gather(*(one(user) for user in people[start : start + 100]))
    for group in groups:
        await client.group(f"{group}", [people[0]], id=group, bot_is_admin=True)


@asynccontextmanager
async def a_desk(folder: Path) -> AsyncIterator[Desk]:
    """A desk on SQLite as the bot opens it."""
    database = SqliteDatabase(folder / "bench.sqlite3")
    await database.open()
    try:
        vault = Vault((Fernet.generate_key().decode(),))
        desk = Desk(database, vault, BOT, lambda: datetime.now(UTC))
        await database.write(tables.metadata.create_all)
        await database.write(vault.check)
        yield desk
    finally:
        await database.close()


async def sent(client: Client, after: int) -> list[dict[str, Any]]:
    """What the bot asked to send since that entry of the log."""
    return await client.log(after, "sendMessage")
