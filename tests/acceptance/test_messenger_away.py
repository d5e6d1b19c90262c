"""The messenger is away, ten minutes in `make torture`: what is written is kept, and answered."""

import asyncio
import os
import time
from collections.abc import AsyncIterator

import pytest
from acceptance.conftest import City
from acceptance.programs import Forge
from acceptance.serving import Served
from acceptance.trouble import Writers

LASTS = 600.0 if os.environ.get("MINSHENG_TORTURE") else 2.0
UP = "minsheng_messenger_up"

pytestmark = pytest.mark.torture


@pytest.fixture(params=["sqlite", "postgres"])
async def served(
    request: pytest.FixtureRequest, quiet_city: City, forge: Forge
) -> AsyncIterator[Served]:
    if request.param == "postgres":
        quiet_city.database_url = await request.getfixturevalue("postgres").database()
    made = Served(quiet_city, forge)
    await made.start()
    yield made
    await made.close()


async def test_what_is_written_meanwhile_is_kept_and_answered_after(served):
    """The webhook is reached all the while: it is the way out that is not there."""
    writers = Writers(served)
    await writers.begin(3)
    await writers.end()
    await served.arrived()
    await served.drained("outbox", "waiting")
    began = time.monotonic()
    await served.city.client.down(True)
    while time.monotonic() - began < LASTS:
        for writer in writers.all:
            text = f"断网时的第{len(writer.typed)}句"
            if sum(map(len, writer.typed)) < 5000:
                assert await served.push(served.says(text, writer.person.id)) == 200
                writer.typed.append(text)
        await asyncio.sleep(LASTS / 20)  # as somebody types
    await served.shows("minsheng_inbox_new", 0)  # all of it is handled, and waits to be said
    numbers = await served.metrics()
    assert (numbers[UP], numbers["minsheng_database_takes"]) == (0, 1)
    assert numbers["minsheng_messenger_silences_total"] > 0
    assert numbers['minsheng_outbox_rows{priority="answer",state="waiting"}'] > 0
    assert (await served.health())[0] == 200
    await served.city.client.down(False)
    await served.shows(UP, 1, seconds=90)
    await writers.lost_nothing()
    assert await served.tables.ask("SELECT count(*) FROM outbox WHERE state = 'failed'") == 0
