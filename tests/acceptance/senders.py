"""Programs that send for one office, killed at will, and what the messenger's log says of them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from acceptance.conftest import City
from acceptance.programs import Forge, Program, environment
from sqlalchemy import func, select

from bot.opening import open_desk
from bot.settings import Settings
from storage import outbox
from storage.database import Desk, Unavailable
from storage.messages import Parcel, Post
from storage.tables import outbox as table

SECRET = "a-secret-of-this-test"
NOWHERE = "http://127.0.0.1:9/webhook"


@asynccontextmanager
async def the_senders(
    request: pytest.FixtureRequest, city: City, forge: Forge, **settings: object
) -> AsyncIterator["Senders"]:
    """One program on SQLite, or three on PostgreSQL, as the fixture's parameter says."""
    many = request.param == "three processes"
    url = await request.getfixturevalue("postgres").database() if many else ""
    chosen = city.settings(**settings, database_url=url)
    desk = await open_desk(chosen)
    made = Senders(city, forge, chosen, desk)
    await made.start(3 if many else 1)
    try:
        yield made
    finally:
        await made.stop()
        await desk.database.close()


class Senders:
    """One program that polls, or several that are pushed to: the messenger lets one alone poll."""

    def __init__(self, city: City, forge: Forge, settings: Settings, desk: Desk) -> None:
        self.city = city
        self.forge = forge
        self.settings = settings
        self.desk = desk
        self.programs: list[Program] = []
        self.after = 0

    async def start(self, count: int) -> None:
        """So many programs; the log is read from here on."""
        self.programs = [await self._one(count > 1) for _ in range(count)]
        log = await self.city.client.log()
        self.after = log[-1]["seq"] if log else 0

    async def kill(self, number: int) -> None:
        """kill -9 one of them, and start another in its place."""
        program = self.programs[number]
        await program.kill()
        assert program.code == -9, program.err
        self.programs[number] = await self._one(len(self.programs) > 1)

    async def _one(self, pushed: bool) -> Program:
        more = {"WEBHOOK_URL": NOWHERE} if pushed else {}
        env = environment(self.settings, LISTEN_PORT="0", WEBHOOK_SECRET=SECRET, **more)
        program = await self.forge.start(env)
        await program.writes("bot.started")
        return program

    async def meet(self, people: Iterable[int]) -> None:
        """People whom the bot may write to."""
        for user in people:
            await self.city.client.post("people", id=user, started=True)

    async def put(self, messages: list[tuple[int, str]]) -> None:
        """Store these messages as notices are stored."""
        parcels = [
            Parcel(chat_id=chat, post=Post(key="n", text=text), urgent=False)
            for chat, text in messages
        ]
        await self.desk.unit(lambda unit: outbox.put(unit, parcels))

    async def left(self) -> int:
        """How many wait to be sent."""
        return int(await self._ask(select(func.count()).where(table.c.state == "waiting")))

    async def in_flight(self) -> int:
        """How many are begun by now, of those that no dead program's end has been told of."""
        begun = (table.c.state == "waiting", table.c.begun.is_(True), table.c.owner.is_not(None))
        return int(await self._ask(select(func.count()).where(*begun)))

    async def rows(self) -> list[Any]:
        """Every message as it stands."""
        return await self._all(select(table).order_by(table.c.id))

    async def through(self, seconds: float) -> None:
        """Wait until nothing is left."""
        async with asyncio.timeout(seconds):
            while await self.left():  # noqa: ASYNC110 - other processes do it
                await asyncio.sleep(0.2)

    async def asked(self) -> list[dict[str, Any]]:
        """What the messenger was asked to send since the start."""
        return await self.city.client.log(self.after, "sendMessage")

    async def stop(self) -> None:
        """End them all."""
        for program in self.programs:
            await program.kill()

    async def _ask(self, query: Any) -> Any:
        return await self._look(lambda unit: unit.run(query).scalar())

    async def _all(self, query: Any) -> list[Any]:
        return list(await self._look(lambda unit: unit.run(query).all()))

    async def _look(self, work: Callable[[Any], Any]) -> Any:
        while True:
            try:
                return await self.desk.look(work)
            except Unavailable:
                await asyncio.sleep(0.05)
