"""kill -9 just after an update arrived: how far had it come?

Told from outside, by what the database and the messenger know right after.
"""

import asyncio
import random
import time
from collections import Counter
from enum import StrEnum
from typing import Any, Protocol

from acceptance.conftest import City
from acceptance.programs import Forge, Program, environment
from acceptance.pushing import Balancer, Worker
from acceptance.scenes import ask

WITHIN_SECONDS = 0.05
STATE = "SELECT state FROM inbox WHERE update_id = ?"
UNSENT = "SELECT count(*) FROM outbox WHERE chat_id = ? AND state = 'waiting' AND rank = 0"


class Phase(StrEnum):
    """How far an update had come when who had it was killed."""

    UNKNOWN = "before the inbox commit"
    STORED = "before the unit's commit"
    HANDLED = "after it, before any send"
    SENDING = "during a send"
    ANSWERED = "answered"


class Messenger:
    """What the messenger knows, read in its own process: what it gave away, what it was asked."""

    def __init__(self, city: City) -> None:
        self.city = city
        world = city.emulator.world
        self._queue = next(iter(world.queues.values()))
        self._asked: dict[int, float] = {}
        self.known: set[int] = set(self._queue.pending)
        add, pick = self._queue.add_raw, world.faults.pick

        def add_raw(update: dict[str, Any]) -> int:
            number = add(update)
            self.known.add(number)
            return number

        def picked(method: str, chat_id: int | None) -> Any:
            if chat_id is not None:
                self._asked[chat_id] = time.monotonic()
            return pick(method, chat_id)

        self._queue.add_raw, world.faults.pick = add_raw, picked

    def polled(self) -> asyncio.Queue[tuple[dict[str, Any], None]]:
        """What the polling program is given from now on."""
        given: asyncio.Queue[tuple[dict[str, Any], None]] = asyncio.Queue()
        ask_for = self._queue.poll

        async def poll(limit: int, seconds: float) -> list[dict[str, Any]]:
            updates = await ask_for(limit, seconds)
            for update in updates:
                given.put_nowait((update, None))
            return updates

        self._queue.poll = poll
        return given

    async def phase(self, update: dict[str, Any], since: float) -> Phase:
        """How far it has come, with who had it dead; `since`: when that one got it."""
        await self.city.client.state()  # so that what the dead one had sent is read
        chat = private(update)
        assert chat is not None
        return await asyncio.to_thread(self._phase, update["update_id"], chat, since)

    def _phase(self, number: int, chat: int, since: float) -> Phase:
        match ask(self.city, STATE, number):
            case []:
                return Phase.UNKNOWN
            case [("new",)]:
                return Phase.STORED
        if ask(self.city, UNSENT, chat) == [(0,)]:
            return Phase.ANSWERED
        return Phase.SENDING if self._asked.get(chat, 0.0) > since else Phase.HANDLED


def private(update: dict[str, Any]) -> int | None:
    """The citizen whose update it is."""
    part = update.get("callback_query", update)
    chat = int(part.get("message", {}).get("chat", {}).get("id", 0))
    return chat if chat > 10_000 else None


class Programs(Protocol):
    """The bot, as one process or several."""

    arrived: asyncio.Queue[tuple[dict[str, Any], Any]]

    async def kill(self, which: Any) -> None:
        """kill -9 this one. What it leaves is looked at before anybody else changes it."""

    async def start(self, which: Any) -> None:
        """Another one in its place."""


class Polling:
    """One program, which asks for updates."""

    def __init__(self, messenger: Messenger, forge: Forge) -> None:
        self._env = environment(messenger.city.settings())
        self._forge = forge
        self._program: Program | None = None
        self.arrived = messenger.polled()

    async def start(self, which: None = None) -> None:
        self._program = await self._forge.start(self._env)
        await self._program.writes("bot.started", 60)

    async def kill(self, which: None = None) -> None:
        if self._program is not None:
            await self._program.kill()
            assert self._program.code == -9, self._program.err
            assert "Traceback" not in self._program.err
            assert "update.failed" not in self._program.err
            self._program = None

    async def stop(self) -> None:
        await self.kill()


class Pushed:
    """Three programs, which are pushed to in turn."""

    def __init__(self, messenger: Messenger, forge: Forge) -> None:
        self._city, self._forge = messenger.city, forge
        self._balancer = Balancer()
        self.arrived = self._balancer.passed

    async def start(self, which: Worker | None = None) -> None:
        if which is not None:
            self._balancer.open.set()
            await which.start()
            return
        await self._balancer.start()
        workers = [Worker(self._city, self._forge, self._balancer.url) for _ in range(3)]
        self._balancer.workers = workers
        await asyncio.gather(*(worker.start() for worker in workers))

    async def kill(self, which: Worker) -> None:
        killing = asyncio.create_task(which.kill())
        self._balancer.open.clear()  # nobody else gets its update before it was looked at
        await killing

    async def stop(self) -> None:
        self._balancer.open.set()
        for worker in self._balancer.workers:
            await worker.kill()
        await self._balancer.stop()


async def kill_again_and_again(
    messenger: Messenger,
    programs: Programs,
    kills: int,
    chance: random.Random,
    undisturbed: int,
) -> Counter[Phase]:
    """So many kills, each of who got an update up to 50 ms before; how far that had come.

    At most so many updates arrive `undisturbed` in between: some kills hit a start, some full work.
    """
    found: Counter[Phase] = Counter()
    for _ in range(kills):
        update, which, since = await _arrival(programs, chance.randrange(undisturbed))
        await asyncio.sleep(chance.random() * WITHIN_SECONDS)  # the moment of the kill
        await programs.kill(which)
        found[await messenger.phase(update, since)] += 1
        await programs.start(which)
    return found


async def _arrival(programs: Programs, after: int) -> tuple[dict[str, Any], Any, float]:
    """The first update of a citizen that comes after so many others."""
    while not programs.arrived.empty():
        programs.arrived.get_nowait()
    while True:
        update, which = await programs.arrived.get()
        since = time.monotonic()
        after -= 1
        if after < 0 and private(update) is not None:
            return update, which, since
