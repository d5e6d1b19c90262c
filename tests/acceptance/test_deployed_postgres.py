"""The scripts of deploy/postgres, as the image runs them: a primary, a standby that knows all.

The standby is promoted as the how-to has it; a bot that was told of both goes on by itself.
"""

import asyncio
import json
from collections.abc import AsyncIterator

import asyncpg
import pytest
from acceptance.clusters import Cluster
from acceptance.conftest import City
from acceptance.programs import Forge, environment
from acceptance.walks import file_petition
from servers import Server


@pytest.fixture
async def cluster(postgres: Server) -> AsyncIterator[Cluster]:
    if postgres._process is None:
        pytest.skip("TEST_DATABASE_URL names a server that is not ours to make two of")
    made = Cluster(postgres._process)
    try:
        await asyncio.to_thread(made.make)
        await asyncio.to_thread(made.start, "primary")
        await asyncio.to_thread(made.start, "standby")
        yield made
    finally:
        made.close()


class Doctor:
    """What the doctor says of the server."""

    def __init__(self, city: City, forge: Forge) -> None:
        self.city = city
        self.forge = forge

    async def says(self, url: str) -> list[tuple[str, str]]:
        env = environment(self.city.settings(database_url=url))
        done = await self.forge.run(env, "doctor", "--json")
        assert "Traceback" not in done.err, done.err
        lines = [json.loads(line) for line in done.out.splitlines()]
        return [(each["level"], each["says"]) for each in lines if each["check"] == "server"]


async def ask(url: str, query: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_the_standby_knows_all_and_takes_over(cluster, quiet_city, forge):
    city = quiet_city
    doctor = Doctor(city, forge)
    sync = "SELECT sync_state FROM pg_stat_replication WHERE application_name = 'standby'"
    assert await ask(cluster.at("primary"), sync) == "sync"
    assert await ask(cluster.at("standby"), "SELECT pg_is_in_recovery()") is True

    city.database_url = cluster.url
    program = await forge.start(environment(city.settings()))
    await program.writes("bot.started")
    chen = await city.citizen()
    number, _, _ = await file_petition(chen)
    on_standby = f"SELECT count(*) FROM petitions WHERE number = '{number.replace('-', '')}'"
    assert await ask(cluster.at("standby"), on_standby) == 1
    (well,) = await doctor.says(cluster.url)
    assert well[0] == "well"
    assert await doctor.says(cluster.at("standby")) == [
        ("care", "DATABASE_URL leads to a standby, which takes nothing")
    ]

    reader = environment(city.settings(database_url=cluster.at("standby")))
    verified = await forge.run(reader, "verify")  # what only reads may be asked of the standby
    assert "faults: 0" in verified.out, verified.err

    await asyncio.to_thread(cluster.kill, "standby")
    gone = [("care", "no standby is connected: every commit waits for one")]
    async with asyncio.timeout(20):
        while await doctor.says(cluster.url) != gone:
            pass  # each look takes a second
    await asyncio.to_thread(cluster.start, "standby")
    async with asyncio.timeout(20):
        while await ask(cluster.at("primary"), sync) != "sync":  # noqa: ASYNC110
            await asyncio.sleep(0.1)

    await asyncio.to_thread(cluster.kill, "primary")
    await chen.type("/my")
    await asyncio.to_thread(cluster.promote)
    await chen.expect(number)  # the bot found the other by itself, and nothing is missing
    second, _, _ = await file_petition(chen)  # nor does it wait for a standby of its own
    (note,) = await doctor.says(cluster.url)
    assert note[0] == "note"
    assert second != number
    await program.kill()
