"""The server is cut off, out of connections, or everything in it locked, in the middle of a day."""

import os
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest
from acceptance.conftest import City
from acceptance.programs import Forge
from acceptance.serving import Served
from acceptance.trouble import Writers
from servers import Process, Server

TORTURE = bool(os.environ.get("MINSHENG_TORTURE"))
WRITERS = 5
LASTS = 60.0 if TORTURE else 1.0
CONNECTIONS = 25
ENDED = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE application_name LIKE 'minsheng %'"
)

pytestmark = pytest.mark.torture


@pytest.fixture
def small_server(postgres: Server) -> Iterator[Server]:
    """A server of its own, which takes only a few connections."""
    assert postgres.process  # else it skips: no server of ours is to be had
    process = Process(max_connections=str(CONNECTIONS))
    yield Server(process.url, process)
    process.stop()


@pytest.fixture
async def served(
    request: pytest.FixtureRequest, quiet_city: City, forge: Forge
) -> AsyncIterator[Served]:
    server: Server = request.getfixturevalue(getattr(request, "param", "postgres"))
    quiet_city.database_url = await server.database()
    made = Served(quiet_city, forge)
    await made.start()
    yield made
    await made.close()


def away(served: Served):
    """Whether the numbers and health both say that the database does not answer."""

    async def seen() -> bool:
        numbers = await served.metrics()
        status, told = await served.health()
        health = (status, told) == (503, {"database": "unavailable"})
        return health and numbers["minsheng_database_up"] == 0

    return seen


async def over(served: Served, writers: Writers) -> None:
    await served.shows("minsheng_database_takes", 1)
    await served.shows("minsheng_database_up", 1)
    await writers.end()
    await writers.lost_nothing()
    assert (await served.metrics())["minsheng_database_refusals_total"] > 0
    assert (await served.health())[0] == 200


async def test_the_server_is_cut_off_and_comes_back(served, postgres):
    writers = Writers(served)
    await writers.begin(WRITERS)
    postgres.process.halt()
    await writers.hold_out(away(served), LASTS, postgres.process.go)
    await over(served, writers)


@pytest.mark.parametrize("served", ["small_server"], indirect=True)
async def test_others_have_all_the_server_s_connections(served, small_server):
    writers = Writers(served)
    await writers.begin(WRITERS)
    held = [await asyncpg.connect(served.tables.postgres) for _ in range(3)]

    async def seen() -> bool:
        """Whatever the bot lets go of, others take at once."""
        await held[0].execute(ENDED)
        try:
            while True:
                held.append(await asyncpg.connect(served.tables.postgres))
        except asyncpg.TooManyConnectionsError:
            return await away(served)()

    try:
        await writers.hold_out(seen, LASTS, lambda: [other.terminate() for other in held])
    finally:
        for other in held:
            other.terminate()
    await over(served, writers)


@pytest.mark.skipif(not TORTURE, reason="it takes as long as a unit waits for a lock")
async def test_every_connection_of_the_bot_waits_for_another_program(served):
    """Ten seconds for a lock, and meanwhile nobody who reads is kept waiting."""
    writers = Writers(served)
    await writers.begin(20)
    other = await asyncpg.connect(served.tables.postgres)
    await other.execute("BEGIN; LOCK TABLE inbox, outbox, drafts, people, throttle IN SHARE MODE")
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    most = 0

    async def seen() -> bool:
        nonlocal most
        most = max(most, await served.tables.ask(waiting))
        numbers = await served.metrics()
        assert numbers["minsheng_database_up"] == 1
        return numbers["minsheng_database_takes"] == 0

    await writers.hold_out(seen, LASTS, other.terminate)
    print("units that waited for the lock:", most)
    await over(served, writers)
