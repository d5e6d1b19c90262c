"""The messenger tells three programs the same, five times at once: it has one effect."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from acceptance.conftest import City
from acceptance.judging import drained
from acceptance.programs import Forge
from acceptance.pushing import Worker
from acceptance.scenes import ask
from acceptance.walks import ZH, to_step
from servers import Server

HELP = "怎么用"
TIMES = 5
AGAIN = 10
WHO = {"id": 1001, "first_name": "陈秀英"}


class Desk:
    """Three programs on one database, which all start on an empty one."""

    def __init__(self, city: City, forge: Forge) -> None:
        self.city = city
        self.workers = [Worker(city, forge) for _ in range(3)]

    async def start(self) -> None:
        await asyncio.gather(*(worker.start() for worker in self.workers))
        self._http = aiohttp.ClientSession()

    async def deliver(self, update: dict[str, Any]) -> None:
        """To all of them at once, and to two of them twice."""
        pushes = [self.workers[n % 3].push(self._http, update) for n in range(TIMES)]
        assert await asyncio.gather(*pushes) == [200] * TIMES

    async def stop(self) -> list[int]:
        """All are told to end; how each did."""
        await self._http.close()
        for worker in self.workers:
            worker.program.signal(15)
        return [await worker.program.ends() for worker in self.workers]


@pytest.fixture
async def desk(quiet_city: City, postgres: Server, forge: Forge) -> AsyncIterator[Desk]:
    quiet_city.database_url = await postgres.empty()
    made = Desk(quiet_city, forge)
    await made.start()
    yield made
    assert await made.stop() == [0, 0, 0]
    for worker in made.workers:
        assert "Traceback" not in worker.program.err
        assert "update.failed" not in worker.program.err


def says(number: int, text: str) -> dict[str, Any]:
    """An update in which the citizen writes this."""
    message = {"message_id": number, "date": 1772400000, "text": text}
    message |= {"chat": {**WHO, "type": "private"}, "from": {**WHO, "is_bot": False}}
    return {"update_id": 900_000_000 + number, "message": message}


async def test_each_of_them_is_answered_once(desk):
    chen = await desk.city.citizen()
    await chen.type("/start")
    await chen.expect(ZH.file)
    for number in range(1, AGAIN + 1):
        await desk.deliver(says(number, "/help"))
    await drained(desk.city)
    said = [seen for seen in await chen.sees() if seen.from_bot and HELP in seen.text]
    assert len(said) == AGAIN
    stored = "SELECT count(*) FROM inbox WHERE update_id > 900000000"
    assert ask(desk.city, stored) == [(AGAIN,)]


async def test_a_petition_is_filed_once_and_an_answer_kept_once(desk):
    chen = await desk.city.citizen()
    await to_step(chen, ZH, "review")
    shown = await chen.last()
    pressed = {
        "id": "77",
        "from": {**WHO, "is_bot": False},
        "chat_instance": "1",
        "message": {**shown.raw, "chat": {**WHO, "type": "private"}},
        "data": shown.data(ZH.submit),
    }
    await desk.deliver({"update_id": 900_000_003, "callback_query": pressed})
    await chen.expect(ZH.submitted)
    await drained(desk.city)
    assert ask(desk.city, "SELECT count(*) FROM petitions") == [(1,)]
    assert ask(desk.city, "SELECT kind FROM entries") == [("registered",)]
    said = [seen for seen in await chen.sees() if seen.from_bot and ZH.submitted in seen.text]
    assert len(said) == 1
    await to_step(chen, ZH, "facts")
    await desk.deliver(says(1, "水管一直在漏。"))
    await chen.expect("已记下第 1 段")
    await desk.deliver(says(2, "物业不管。"))
    await chen.expect("已记下第 2 段")
