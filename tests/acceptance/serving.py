"""`minsheng run` as a process of its own, pushed to by whoever tests it, and watched meanwhile."""

import asyncio
import itertools
import json
import re
import socket
from typing import Any

import aiohttp
from acceptance.conftest import City
from acceptance.floods import HEADER, says
from acceptance.programs import Forge, Program, environment, until
from acceptance.tables import Tables

from bot.settings import Settings

SECRET = "a-secret-of-this-test"
SAMPLE = re.compile(r"^(minsheng_\w+(?:\{[^}]*\})?) (\S+)$", re.MULTILINE)
PRODUCT_PACE = {"pace_overall": 30, "pace_chat": 1, "pace_group": 20, "tick_seconds": 1.0}


def free_ports(count: int) -> list[int]:
    """Ports at which nobody listens."""
    taken = [socket.socket() for _ in range(count)]
    for one in taken:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in taken]
    for one in taken:
        one.close()
    return ports


class Served:
    """One program, the messenger's side of its door, and its monitoring's."""

    def __init__(self, city: City, forge: Forge, **settings: Any) -> None:
        self.city = city
        self.forge = forge
        self.port, self.metrics_port = free_ports(2)
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings: Settings = city.settings(
            **{
                "webhook_url": f"{self.url}/webhook",
                "webhook_secret": SECRET,
                "listen_port": self.port,
                **settings,
            }
        )
        self.tables = Tables(self.settings)
        self.http = aiohttp.ClientSession()
        self.program: Program
        self.serials = itertools.count(900_000_000)

    async def start(self, **environ: str) -> None:
        """Start it and wait until it serves."""
        env = environment(self.settings, METRICS_PORT=str(self.metrics_port), **environ)
        self.program = await self.forge.start(env)
        await self.program.writes("bot.started")

    def says(self, text: str, user: int = 1001) -> dict[str, Any]:
        """The next update, in which this person writes this in private."""
        return says(next(self.serials), user, text)

    async def push(self, body: dict[str, Any] | bytes, **headers: str) -> int:
        """Deliver this; the status of the answer."""
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        given = {HEADER: SECRET, **headers}
        async with self.http.post(f"{self.url}/webhook", data=data, headers=given) as answer:
            return answer.status

    async def health(self) -> tuple[int, Any]:
        """What `/health` answers."""
        async with self.http.get(f"{self.url}/health") as answer:
            return answer.status, await answer.json()

    async def metrics(self) -> dict[str, float]:
        """Every number, by its name with labels."""
        async with self.http.get(f"http://127.0.0.1:{self.metrics_port}/metrics") as answer:
            return {name: float(value) for name, value in SAMPLE.findall(await answer.text())}

    async def shows(self, name: str, value: float, seconds: float = 60) -> None:
        """Wait until a number is this."""
        async with asyncio.timeout(seconds):
            while (await self.metrics())[name] != value:  # noqa: ASYNC110 - another process's
                await asyncio.sleep(0.1)

    async def arrived(self, seconds: float = 60) -> None:
        """Wait until the messenger has been rid of all it had for the bot."""
        queue = next(iter(self.city.emulator.world.queues.values()))
        await until(lambda: not queue.pending, "everything delivered", seconds)

    async def drained(self, table: str, state: str, seconds: float = 30) -> None:
        """Wait until nothing in this table is in this state."""
        async with asyncio.timeout(seconds):
            query = f"SELECT count(*) FROM {table} WHERE state = '{state}'"
            while await self.tables.ask(query):  # noqa: ASYNC110 - another process does it
                await asyncio.sleep(0.1)

    async def close(self) -> None:
        """End it; it has said nothing that it must not."""
        await self.http.close()
        if hasattr(self, "program"):
            await self.program.kill()
            assert "Traceback" not in self.program.err
