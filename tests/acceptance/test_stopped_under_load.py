"""Told to end while many write: what was acknowledged is there, and nothing is tried twice for it.

One program on SQLite, three on one PostgreSQL; `make torture` has 50 people write.
"""

import asyncio
import itertools
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
from acceptance.conftest import City
from acceptance.programs import Forge
from acceptance.serving import Served
from acceptance.trouble import Writer, Writers

TORTURE = bool(os.environ.get("MINSHENG_TORTURE"))
CITIZENS = 50 if TORTURE else 10
STOPS = 30 if TORTURE else 3
END_SECONDS = 10.0

pytestmark = pytest.mark.torture


class Pushed(Writer):
    """A citizen whose messages are pushed to whichever program takes them, until one does."""

    served: Iterator[Served]

    async def write(self) -> None:
        """Push one message after the other, each until it is acknowledged."""
        while not self.over:
            served = next(self.served)
            text = f"{self.person.id}的第{len(self.typed)}句"
            update = served.says(text, self.person.id)
            while not await taken(served, update):
                await asyncio.sleep(0.02)  # the back-off of whoever pushes
                served = next(self.served)
            self.typed.append(text)


async def taken(served: Served, update: dict[str, object]) -> bool:
    """Whether it was acknowledged; a program that ends does not answer, or says 503."""
    try:
        return await served.push(update) == 200
    except aiohttp.ClientError:
        return False


@pytest.fixture(params=["sqlite", "postgres"])
async def all_served(
    request: pytest.FixtureRequest, quiet_city: City, forge: Forge
) -> AsyncIterator[list[Served]]:
    if request.param == "postgres":
        quiet_city.database_url = await request.getfixturevalue("postgres").database()
    first = Served(quiet_city, forge)
    made = [first]
    if request.param == "postgres":
        url = first.settings.webhook_url
        made += [Served(quiet_city, forge, webhook_url=url) for _ in range(2)]
    serials = itertools.count(900_000_000)
    for served in made:
        served.serials = serials
        await served.start()
    yield made
    for served in made:
        await served.close()


async def test_nothing_acknowledged_is_lost_and_nothing_is_tried_twice(all_served):
    writers = Writers(all_served[0])
    await writers.begin(CITIZENS, writing=False)
    pushed = [Pushed(writer.person) for writer in writers.all]
    for citizen in pushed:
        citizen.served = itertools.cycle(all_served)
    writers.all = list(pushed)
    writers.go_on()
    took = []
    for number in range(STOPS):
        await asyncio.sleep(0.3)  # they write
        ending = all_served[number % len(all_served)]
        began = time.monotonic()
        ending.program.signal(signal.SIGTERM)
        assert await ending.program.ends(END_SECONDS) == 0, ending.program.err
        took.append(time.monotonic() - began)
        assert "Traceback" not in ending.program.err
        await ending.start()
    await writers.end()
    print(f"{sum(len(w.typed) for w in pushed)} written, {STOPS} ends, longest {max(took):.2f} s")
    await writers.lost_nothing()
