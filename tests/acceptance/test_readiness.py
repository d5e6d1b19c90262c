"""Who may be sent updates, and who is alive? Asked over HTTP of the program itself."""

import asyncio
import json
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from typing import Any

import aiohttp
import asyncpg
import pytest
from acceptance.conftest import City
from acceptance.programs import Forge, Program, environment
from servers import Server

SECRET = "a-secret-of-this-test"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
READY = (200, {"ready": True})
ALIVE = (200, {"database": "ok"})
UPDATE = {"update_id": 900_000_001, "invented": {}}
"""Of a kind nobody knows: taken, and done by being seen."""


def not_ready(why: str) -> tuple[int, Any]:
    return 503, {"ready": False, "why": why}


class Watched:
    """A worker that is pushed to, asked at both of its doors."""

    def __init__(self, city: City, forge: Forge) -> None:
        self.city = city
        self.forge = forge
        self.http = aiohttp.ClientSession()
        self.program: Program

    async def start(self, **env: str) -> None:
        """Start it, and wait until both doors are open; that is before it is through with it."""
        url = {"WEBHOOK_URL": "http://127.0.0.1:9/webhook", "WEBHOOK_SECRET": SECRET}
        more = {"METRICS_PORT": "0", "LISTEN_PORT": "0", "DRAIN_SECONDS": "0", **url, **env}
        self.program = await self.forge.start(environment(self.city.settings()) | more)
        await self.program.writes("web.started")
        self.doors = [self._port("monitor.started"), self._port("web.started")]

    def _port(self, event: str) -> str:
        found = re.search(rf'"port": (\d+), "event": "{event}"', self.program.err)
        assert found, self.program.err
        return f"http://127.0.0.1:{found[1]}"

    async def says(self, path: str) -> tuple[int, Any]:
        """What both doors say, which is the same."""
        one, other = await self._both(path)
        assert one == other
        return one

    async def _both(self, path: str) -> list[tuple[int, Any]]:
        return [await self._get(door + path) for door in self.doors]

    async def _get(self, url: str) -> tuple[int, Any]:
        async with self.http.get(url) as answer:
            return answer.status, json.loads(await answer.text())

    async def becomes(self, wanted: tuple[int, Any], seconds: float = 20) -> None:
        """Wait until this is what it says of being ready."""
        async with asyncio.timeout(seconds):
            while await self._both("/ready") != [wanted, wanted]:
                pass  # each look takes a while of its own

    async def push(self) -> int:
        """Deliver an update; the status of the answer."""
        url = f"{self.doors[1]}/webhook"
        async with self.http.post(url, json=UPDATE, headers={HEADER: SECRET}) as answer:
            return answer.status


@pytest.fixture
async def watched(quiet_city: City, forge: Forge) -> AsyncIterator[Watched]:
    made = Watched(quiet_city, forge)
    yield made
    await made.http.close()
    await made.program.kill()


async def test_it_is_alive_before_it_is_ready_and_ready_once_it_has_started(watched):
    await watched.city.client.fault("setWebhook", "500", times=3)
    await watched.start()
    assert await watched.says("/ready") == not_ready("starting")
    assert await watched.says("/health") == ALIVE
    await watched.program.writes("bot.started")
    assert await watched.says("/ready") == READY


async def test_who_stops_says_so_first_and_takes_what_comes_until_the_end(watched):
    await watched.start(DRAIN_SECONDS="2")
    await watched.becomes(READY)
    watched.program.signal(15)
    await watched.becomes(not_ready("stopping"), 1)
    assert await watched.says("/health") == ALIVE
    assert await watched.push() == 200
    assert await watched.program.ends() == 0
    with pytest.raises(aiohttp.ClientConnectorError):
        await watched.push()
    with closing(sqlite3.connect(watched.city.settings().sqlite_file)) as connection:
        (state,) = connection.execute(
            "SELECT state FROM inbox WHERE update_id = ?", (UPDATE["update_id"],)
        ).fetchone()
    assert state == "done"


async def test_who_cannot_write_is_alive_and_not_ready(watched):
    await watched.start()
    await watched.becomes(READY)
    file = watched.city.settings().sqlite_file
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        # However many ask, the database is asked once; nobody waits longer than some seconds.
        async with asyncio.timeout(9):
            said = await asyncio.gather(*(watched.says("/ready") for _ in range(20)))
        assert said == [not_ready("database")] * 20
        assert await watched.says("/health") == ALIVE
        other.execute("ROLLBACK")
    await watched.becomes(READY)


async def test_on_a_server_that_only_reads(watched, postgres: Server):
    """As a standby does that somebody was led to in error."""
    url = watched.city.database_url = await postgres.empty()
    name = url.partition("?")[0].rpartition("/")[2]
    await watched.start()
    await watched.becomes(READY)
    await postgres.ask(
        f'ALTER DATABASE "{name}" SET default_transaction_read_only = on',
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
    )
    await watched.becomes(not_ready("database"))
    assert await watched.says("/health") == ALIVE
    assert await watched.push() == 503
    await postgres.ask(
        f'ALTER DATABASE "{name}" RESET default_transaction_read_only',
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
    )
    await watched.becomes(READY)
    assert await watched.push() == 200
    connection = await asyncpg.connect(url)
    assert await connection.fetchval("SELECT count FROM throttle WHERE subject = 'health'") > 1
    await connection.close()
