"""Citizens who go on writing while something is in trouble, and what must hold when it is over."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from acceptance.serving import Served
from acceptance.walks import ZH, to_step

from bot.opening import open_desk
from emulator import Person
from storage import drafts

PAUSE = 1.0 if os.environ.get("MINSHENG_TORTURE") else 0.1
"""As somebody types; what is typed in a minute has to fit into the form."""
LOOK = 0.1


@dataclass
class Writer:
    """Somebody who describes what happened, a message after the other, whatever is answered."""

    person: Person
    typed: list[str] = field(default_factory=list)
    over: bool = False

    async def write(self) -> None:
        """Type on and on, until it is over."""
        while not self.over:
            text = f"{self.person.id}的第{len(self.typed)}句"
            await self.person.type(text)
            self.typed.append(text)
            await asyncio.sleep(PAUSE)  # as somebody types


class Writers:
    """Several of them at once."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.all: list[Writer] = []
        self._writing: list[asyncio.Task[None]] = []

    async def begin(self, count: int, *, writing: bool = True) -> None:
        """So many open the form, and go on writing from now on."""
        self.all = [Writer(await self.served.city.citizen(3001 + n)) for n in range(count)]
        await asyncio.gather(*(to_step(writer.person, ZH, "facts") for writer in self.all))
        if writing:
            self.go_on()

    def go_on(self) -> None:
        """They write from now on."""
        self._writing = [asyncio.create_task(writer.write()) for writer in self.all]

    async def end(self) -> None:
        """They have written enough."""
        for writer in self.all:
            writer.over = True
        await asyncio.gather(*self._writing)

    async def hold_out(
        self, seen: Callable[[], Awaitable[bool]], seconds: float, trouble: Callable[[], object]
    ) -> None:
        """Write until the trouble is `seen`, and so many seconds more; then it is over."""
        async with asyncio.timeout(60):
            while not await seen():  # noqa: ASYNC110 - another process's state
                await asyncio.sleep(LOOK)
        await asyncio.sleep(seconds)
        trouble()

    async def lost_nothing(self) -> None:
        """Each word is in its form once, in its order, and was tried once; all are answered."""
        served = self.served
        await served.arrived()
        await served.drained("inbox", "new", 120)
        await served.drained("outbox", "waiting", 120)
        tries = "SELECT count(*), max(attempts), max(state) FROM inbox"
        assert (await served.tables.rows(tries))[0][1:] == (1, "done")
        desk = await open_desk(served.settings)
        try:
            for writer in self.all:
                chat = writer.person.id
                draft = await desk.look(lambda unit, chat=chat: drafts.current(unit, chat, chat))
                assert draft is not None
                assert draft.answers["facts"] == writer.typed
        finally:
            await desk.database.close()
        for writer in self.all:
            seen = [m.text for m in await writer.person.sees() if m.from_bot]
            assert f"已记下第 {len(writer.typed)} 段" in seen[-1]
