"""The program itself on PostgreSQL: the whole main job, the operator's commands, two at once."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import closing
from typing import Any

import aiohttp
import asyncpg
import pytest
from acceptance import test_main_job
from acceptance.conftest import City
from acceptance.ending import proven
from acceptance.lives import LIVES
from acceptance.playing import Play
from acceptance.programs import Forge, Program, environment
from acceptance.walks import ZH, file_petition
from servers import Server

SECRET = "a-secret-of-this-test"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
HELP = "怎么用"
LONGEST = max(LIVES, key=lambda name: len(LIVES[name].lines))


@pytest.fixture
async def served(quiet_city: City, postgres: Server) -> City:
    """A city whose bot will keep everything in PostgreSQL, beginning with nothing."""
    quiet_city.database_url = await postgres.empty()
    return quiet_city


@pytest.fixture
async def bot(served: City, forge: Forge) -> AsyncIterator[Program]:
    """`minsheng run`, a process of its own."""
    program = await forge.start(environment(served.settings()))
    await program.writes("bot.started")
    yield program
    await program.kill()
    assert "Traceback" not in program.err
    assert served.database_url not in program.err


async def ask(city: City, query: str) -> Any:
    connection = await asyncpg.connect(city.database_url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_the_main_job_and_the_operator_s_commands(served, bot, forge):
    await test_main_job.test_filed_worked_replied_and_rated(served, ZH)
    assert not list((served.folder / "data").glob("*sqlite*"))
    env = environment(served.settings())
    number = await ask(served, "SELECT number FROM petitions")

    async def command(*words: str) -> Program:
        program = await forge.run(env, *words)
        assert program.err == ""
        return program

    found = await command("verify")
    assert found.code == 0
    assert re.search(r"petitions: 1 .*entries: 1\d .*faults: 0", found.out, re.DOTALL)
    paper = served.folder / "case.pdf"
    assert (await command("dossier", number, "--out", str(paper))).code == 0
    assert paper.read_bytes().startswith(b"%PDF")
    refused = await forge.run(env, "rotate-keys")
    assert (refused.code, refused.err) == (
        2,
        "minsheng: DATABASE_URL: another program is using this database\n",
    )
    bot.signal(15)
    assert await bot.ends() == 0
    assert (await command("rotate-keys")).code == 0
    assert (await command("erase", number, "--yes")).out == "erased\n"
    assert re.search(r"petitions: 1 \(1 erased\)", (await command("verify")).out)
    assert (await ask(served, "SELECT count(*) FROM keys WHERE wrapped IS NULL")) >= 1
    await ask(served, "UPDATE petitions SET category = 'x'")
    found = await command("verify")
    assert found.code == 1
    assert "its row, ties or spans are not as its last entry left them" in found.out


@pytest.mark.parametrize("name", [LONGEST])
async def test_a_long_life_is_lived_and_proven(served, name):
    await served.start()
    await proven(served, await Play(served).play(LIVES[name]))


async def test_it_is_killed_and_goes_on_from_what_the_server_has(served, bot, forge):
    number, _, _ = await file_petition(await served.citizen())
    await bot.kill()
    again = await forge.start(environment(served.settings()))
    await again.writes("bot.started")
    await served.li.expect(number, chat=served.zhujian)
    await served.li.tap("认领", chat=served.zhujian)
    await served.li.expect("李建国", chat=served.zhujian)
    await again.kill()


class Worker:
    """One of several programs that are pushed to and share a database."""

    def __init__(self, city: City, forge: Forge) -> None:
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/webhook"
        self._env = environment(
            city.settings(webhook_url=self.url, webhook_secret=SECRET, listen_port=port)
        )
        self._forge = forge

    async def start(self) -> None:
        self.program = await self._forge.start(self._env)
        await self.program.writes("bot.started")

    async def push(self, http: aiohttp.ClientSession, update: dict[str, Any]) -> int:
        async with http.post(self.url, json=update, headers={HEADER: SECRET}) as answer:
            return answer.status


def says(number: int, text: str) -> dict[str, Any]:
    """An update in which a citizen writes this."""
    who = {"id": 1001, "first_name": "陈秀英"}
    message = {"message_id": number, "date": 1772400000, "text": text}
    message |= {"chat": {**who, "type": "private"}, "from": {**who, "is_bot": False}}
    return {"update_id": 900_000_000 + number, "message": message}


async def test_two_programs_that_get_the_same_update_give_it_one_effect(served, forge):
    """Both start on an empty database, and the messenger tells both, again and again."""
    workers = [Worker(served, forge) for _ in range(2)]
    await asyncio.gather(*(worker.start() for worker in workers))
    chen = await served.citizen()
    await chen.type("/start")
    await chen.expect(ZH.file)
    async with aiohttp.ClientSession() as http:
        for number in range(1, 11):
            pushes = [w.push(http, says(number, "/help")) for w in workers for _ in range(3)]
            assert await asyncio.gather(*pushes) == [200] * 6
    await chen.expect(HELP)
    waiting = (
        "SELECT (SELECT count(*) FROM inbox WHERE state = 'new')"
        " + (SELECT count(*) FROM outbox WHERE state = 'waiting')"
    )
    async with asyncio.timeout(60):
        while await ask(served, waiting):
            pass
    said = [seen for seen in await chen.sees() if seen.from_bot and HELP in seen.text]
    assert len(said) == 10
    assert await ask(served, "SELECT count(*) FROM inbox WHERE update_id > 900000000") == 10
    for worker in workers:
        worker.program.signal(15)
    assert [await worker.program.ends() for worker in workers] == [0, 0]
