"""The primary dies under load and its standby takes over: a pause, and not a loss."""

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator, Callable, Iterator
from urllib.parse import urlsplit

import aiohttp
import pytest
from acceptance.conftest import City
from acceptance.crowds import Crowd
from acceptance.deaths import Messenger
from acceptance.judging import drained, held
from acceptance.programs import Forge
from acceptance.pushing import Balancer, Worker
from acceptance.scenes import ask
from acceptance.walks import ZH, to_step
from servers import Server
from sqlalchemy import Connection
from standby import Pair

from bot.opening import open_desk
from storage import inbox
from storage.database import Unavailable
from storage.hosts import Hosts
from storage.inbox import Arrival
from storage.postgres import WRITERS, PostgresDatabase

pytestmark = pytest.mark.torture
FULL = bool(os.environ.get("MINSHENG_TORTURE"))
FAILOVERS = 10 if FULL else 1
CITIZENS = 100 if FULL else 4
BETWEEN = 500 if FULL else 40
"""So many updates are acknowledged before the primary is killed."""
AWAY_SECONDS = 1.0
BACK_SECONDS = 20.0


@pytest.fixture(scope="module")
def pair(postgres: Server) -> Iterator[Pair]:
    """A primary and its standby; whoever kills one makes another."""
    if postgres._process is None:
        pytest.skip("TEST_DATABASE_URL names a server that is not ours to kill")
    made = Pair(postgres._process)
    try:
        made.make()
        yield made
    finally:
        made.close()


class Desk:
    """Three workers that share what the pair keeps, behind one address."""

    def __init__(self, city: City, pair: Pair, forge: Forge) -> None:
        self.city, self.pair = city, pair
        city.database_url = pair.database()
        self.messenger = Messenger(city)
        self.balancer = Balancer()
        self._forge = forge

    async def start(self) -> None:
        await self.balancer.start()
        self.balancer.workers = [
            Worker(self.city, self._forge, self.balancer.url) for _ in range(3)
        ]
        await asyncio.gather(*(worker.start() for worker in self.balancer.workers))

    async def stop(self) -> None:
        for worker in self.balancer.workers:
            await worker.kill()
        await self.balancer.stop()

    async def health(self, wanted: int) -> float:
        """Wait until every worker says so; how long that took."""
        began = time.monotonic()
        async with aiohttp.ClientSession() as http, asyncio.timeout(BACK_SECONDS):
            for worker in self.balancer.workers:
                while await _status(http, worker) != wanted:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        return time.monotonic() - began

    async def fail_over(self) -> None:
        """The primary dies, its standby takes over; all that was acknowledged is there."""
        await asyncio.to_thread(self.pair.kill, self.pair.primary)
        acknowledged = set(self.balancer.acknowledged)
        await self.health(503)
        await asyncio.sleep(AWAY_SECONDS)  # while nobody takes writes
        await asyncio.to_thread(self.pair.promote)
        back = await self.health(200)
        rows = await asyncio.to_thread(ask, self.city, "SELECT update_id FROM inbox")
        assert acknowledged - {number for (number,) in rows} == set()
        print(f"{len(acknowledged)} acknowledged and there; back after {back:.1f} s")


async def _status(http: aiohttp.ClientSession, worker: Worker) -> int:
    async with http.get(f"{worker.home}/health") as answer:
        return answer.status


@pytest.fixture
async def desk(quiet_city: City, pair: Pair, forge: Forge) -> AsyncIterator[Desk]:
    made = Desk(quiet_city, pair, forge)
    await made.start()
    yield made
    await made.stop()


async def test_the_primary_dies_under_load(desk):
    crowd, chance = Crowd(desk.city), random.Random(5)

    async def again_and_again() -> None:
        for number in range(FAILOVERS):
            if number:
                await asyncio.to_thread(desk.pair.follow)
            enough = len(desk.balancer.acknowledged) + BETWEEN
            while len(desk.balancer.acknowledged) < enough:
                await desk.balancer.passed.get()
            await asyncio.sleep(chance.random() * 0.05)
            await desk.fail_over()

    await crowd.live(CITIZENS, 2, again_and_again())
    await drained(desk.city, 600)
    await desk.stop()
    print(f"{FAILOVERS} of them, {len(desk.messenger.known)} updates, {len(crowd.filed)} filed")
    await held(desk.city, crowd, desk.messenger.known)
    await asyncio.to_thread(desk.pair.follow)


async def test_while_the_standby_is_away_nothing_is_acknowledged(desk):
    """Every commit waits for it; when it is back, all goes on, each thing once."""
    chen = await desk.city.citizen()
    await to_step(chen, ZH, "facts")
    await drained(desk.city)
    before = set(desk.balancer.acknowledged)
    await asyncio.to_thread(desk.pair.kill, desk.pair.standby)
    await chen.type("水管一直在漏。")
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    async with asyncio.timeout(20):
        while await asyncio.to_thread(ask, desk.city, waiting) == [(0,)]:
            pass
    assert desk.balancer.acknowledged == before
    await asyncio.to_thread(desk.pair.start_standby)
    await chen.expect("已记下第 1 段")
    await chen.type("物业不管。")
    await chen.expect("已记下第 2 段")


async def test_what_the_standby_never_confirmed_is_not_acknowledged(quiet_city, pair, monkeypatch):
    """A commit that waited in vain is seen on the primary, and is not yet what we promise."""
    monkeypatch.setattr("storage.postgres.COMMAND_SECONDS", 1.0)
    quiet_city.database_url = pair.database()
    desk = await open_desk(quiet_city.settings())
    count = "SELECT count(*) FROM inbox"

    async def receive() -> list[Arrival]:
        return await desk.unit(lambda unit: inbox.store(unit, [Arrival(1, 5, b"{}")]))

    await asyncio.to_thread(pair.kill, pair.standby)
    with pytest.raises(Unavailable):
        await receive()
    assert await asyncio.to_thread(ask, quiet_city, count) == [(1,)]
    with pytest.raises(Unavailable):
        await receive()  # it is known now
    await asyncio.to_thread(pair.start_standby)
    async with asyncio.timeout(20):
        while True:
            try:
                assert await receive() == []
                break
            except Unavailable:
                pass  # it has not caught up
    name = urlsplit(quiet_city.database_url).path[1:]
    await desk.database.close()
    assert pair.tell(pair.standby, count, name) == "1"


async def test_a_standby_that_has_yet_to_hear_of_the_database_is_passed_over(pair):
    """It said "there is none of that name", and the program took that for the primary's word."""
    await asyncio.to_thread(pair.tell, pair.standby, "SELECT pg_wal_replay_pause()")
    connection = await Hosts(pair.database(first=pair.standby)).connect()
    assert await connection.fetchval("SELECT inet_server_port()") == pair.ports[pair.primary]
    await connection.close()
    await asyncio.to_thread(pair.tell, pair.standby, "SELECT pg_wal_replay_resume()")


async def test_a_machine_without_power_is_found_out_soon(pair):
    """By its own defaults the server would believe in it for two hours, and all its chats wait."""
    database = PostgresDatabase(pair.database())
    await database.open()

    def work(connection: Connection) -> list[object]:
        names = ("keepalives_idle", "keepalives_interval", "keepalives_count", "user_timeout")
        return [connection.exec_driver_sql(f"SHOW tcp_{name}").scalar() for name in names]

    assert await database.write(work) == ["5", "2", "3", "10000"]
    await database.close()


async def test_nobody_waits_for_a_primary_that_hangs(pair, monkeypatch):
    """What was asked of it is asked again of the other; all its connections are left at once."""
    monkeypatch.setattr("storage.hosts.WATCH_SECONDS", 0.2)
    monkeypatch.setattr("storage.hosts.EACH_SECONDS", 0.5)
    database = PostgresDatabase(pair.database())
    await database.open()

    def work(connection: Connection) -> object:
        return connection.exec_driver_sql("SELECT inet_server_port()").scalar()

    assert await asyncio.gather(*(database.write(work) for _ in range(WRITERS)))
    pair.halt(pair.primary)
    waiting = [asyncio.create_task(_in_the_end(database, work)) for _ in range(WRITERS)]
    await asyncio.to_thread(pair.promote)
    async with asyncio.timeout(10):  # a statement is waited for much longer
        assert await asyncio.gather(*waiting) == [pair.ports[pair.primary]] * WRITERS
    await database.close()
    pair.kill(pair.standby)
    await asyncio.to_thread(pair.follow)


async def _in_the_end(database: PostgresDatabase, work: Callable[[Connection], object]) -> object:
    while True:
        try:
            return await database.write(work)
        except Unavailable:
            continue
