"""The program itself on PostgreSQL: the whole main job, the operator's commands, a kill."""

import re
from collections.abc import AsyncIterator
from typing import Any

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
