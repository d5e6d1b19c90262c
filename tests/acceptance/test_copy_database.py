"""`minsheng copy-database`: a city moves from SQLite to PostgreSQL, and goes on there."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import asyncpg
import pytest
from acceptance import test_main_job
from acceptance.conftest import City
from acceptance.falling import Falling
from acceptance.programs import Forge, environment
from acceptance.walks import ZH, file_petition
from servers import Server
from test_record_commands import Operator, stop

from storage.moving import copied

EVERY = 1 if os.environ.get("MINSHENG_TORTURE") else 10
UNFINISHED = (
    "minsheng: DATABASE_URL: what `minsheng copy-database` was copying into it is not whole; "
    "give that command again, with --anew\n"
)


@pytest.fixture
async def operator(quiet_city: City, forge: Forge) -> Operator:
    """Of a city that runs on SQLite."""
    return Operator(quiet_city, forge)


async def lived(operator: Operator) -> tuple[str, str]:
    """A case from filing to rating; one that is erased, one that waits: the numbers of these."""
    city = operator.city
    program = await operator.start()
    await test_main_job.test_filed_worked_replied_and_rated(city, ZH)
    numbers = []
    for user in (1003, 1002):
        person = await city.client.person(user, "王芳", "zh-hans")
        numbers.append((await file_petition(person))[0])
        await city.li.expect(numbers[-1], chat=city.zhujian)
    assert (await operator.run("erase", numbers[0], "--yes")).out == "erased\n"
    in_use = await operator.run("copy-database", "--to", "postgresql://nobody@localhost/none")
    assert (in_use.code, in_use.err) == (
        2,
        "minsheng: DATABASE_URL: another program is using this database\n",
    )
    await stop(program)
    return numbers[0], numbers[1]


def rows(city: City) -> dict[str, list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(city.settings().sqlite_file)) as file:
        return {t.name: file.execute(f"SELECT * FROM {t.name}").fetchall() for t in copied()}


async def moved(url: str) -> dict[str, list[tuple[Any, ...]]]:
    connection = await asyncpg.connect(url)
    try:
        found = {t.name: await connection.fetch(f"SELECT * FROM {t.name}") for t in copied()}
        return {name: [tuple(row) for row in rows] for name, rows in found.items()}
    finally:
        await connection.close()


async def test_a_city_moves_and_goes_on(operator, postgres):
    city = operator.city
    erased, number = await lived(operator)
    before = rows(city)
    target = await postgres.empty()
    done = await operator.run("copy-database", "--to", target)
    assert (done.code, done.err) == (0, "")
    told = done.out.splitlines()
    assert told[:-5] == [f"{name}: {len(of)} rows" for name, of in before.items()]
    assert told[-5:] == [
        "petitions: 3 (1 erased)",
        f"entries: {len(before['entries'])} (0 not yet sealed)",
        f"seals: {len(before['seals'])}",
        "faults: 0",
        "copied; DATABASE_URL is to name it now, and the SQLite file to be put aside",
    ]
    assert min(len(before[name]) for name in ("files", "outbox", "due", "inbox", "ties")) > 3
    assert in_order(await moved(target)) == in_order(before)
    assert rows(city) == before

    again = await operator.run("copy-database", "--to", target)
    assert (again.code, again.err) == (2, "minsheng: --to: it is not empty\n")
    again = await operator.run("copy-database", "--to", target, "--anew")
    assert (again.code, again.err) == (2, "minsheng: --to: it is not empty\n")

    operator.env["DATABASE_URL"] = target
    program = await operator.start()
    wang = await city.client.person(1002, "王芳", "zh-hans")
    await wang.type("/my")
    await wang.expect(number)
    await city.li.tap("认领", chat=city.zhujian)
    await city.li.expect("李建国", chat=city.zhujian)
    newcomer = await city.client.person(1004, "吴桂兰", "zh-hans")
    newest, _, _ = await file_petition(newcomer)
    await city.li.expect(newest, chat=city.zhujian)
    await stop(program)
    verified = await operator.run("verify")
    assert verified.code == 0
    assert verified.out.startswith("petitions: 4 (1 erased)\n")
    assert (await operator.run("erase", erased, "--yes")).out == "erased before\n"
    assert target not in done.out + program.err + verified.err


def in_order(tables: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[str]]:
    """The rows as texts, in which True is 1, as SQLite has it."""
    return {
        name: sorted(repr([plain(v) for v in row]) for row in of) for name, of in tables.items()
    }


def plain(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


async def test_faults_of_the_source_are_told_and_come_along(operator, postgres):
    await lived(operator)
    with closing(sqlite3.connect(operator.city.settings().sqlite_file)) as file, file:
        file.execute("UPDATE petitions SET unit_id = 'jiwei' WHERE state <> 'erased'")
    target = await postgres.empty()
    done = await operator.run("copy-database", "--to", target)
    assert done.code == 1
    assert "its row, ties or spans are not as its last entry left them" in done.out
    assert "the source has these faults too\n" in done.out
    operator.env["DATABASE_URL"] = target
    assert (await operator.run("verify")).code == 1


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE petitions SET unit_id = x'00ff'", "petitions"),
        ("UPDATE people SET language = 'a' || char(0)", "people"),
        ("UPDATE outbox SET rank = 'first'", "outbox"),
        ("UPDATE outbox SET rank = 5000000000", "outbox"),
        ("UPDATE people SET pushes = 7", "people"),
    ],
)
async def test_what_postgresql_cannot_hold_is_named_by_its_table(
    operator, postgres, statement, said
):
    program = await operator.start()
    await file_petition(await operator.city.citizen())
    await stop(program)
    with closing(sqlite3.connect(operator.city.settings().sqlite_file)) as file, file:
        file.execute(statement)
    target = await postgres.empty()
    done = await operator.run("copy-database", "--to", target)
    assert (done.code, done.err) == (
        2,
        f"minsheng: --to: {said}: a row holds what its column cannot hold on PostgreSQL\n",
    )
    operator.env["DATABASE_URL"] = target
    assert (await operator.run()).err == UNFINISHED


async def test_what_cannot_be_copied_says_why_and_names_no_address(operator, postgres):
    command = ("copy-database", "--to")
    nowhere = "postgresql://somebody:SECRET@localhost:1/none"

    async def refused(*words: str) -> str:
        program = await operator.run(*words)
        assert program.code == 2
        assert "SECRET" not in program.out + program.err
        return program.err.removeprefix("minsheng: ").strip()

    assert await refused(*command, nowhere) == "DATABASE_URL: there is no database to copy"
    program = await operator.start()
    await stop(program)
    assert (await refused(*command, nowhere)).startswith("--to: ")
    assert await refused(*command, "mysql://SECRET") == "--to: postgresql://… is needed"
    other = await postgres.empty()
    connection = await asyncpg.connect(other)
    await connection.execute("CREATE TABLE somebody (id int)")
    await connection.close()
    assert (await refused(*command, other)).startswith("--to: its tables are of no version")
    file = operator.city.settings().sqlite_file
    with closing(sqlite3.connect(file)) as held:
        held.execute("BEGIN IMMEDIATE")  # as a command has it that erases
        busy = await refused(*command, await postgres.empty())
        assert busy == "DATABASE_URL: database is locked"
    operator.env["DATABASE_URL"] = await postgres.database()
    said = "DATABASE_URL: it is PostgreSQL already; a copy is begun from SQLite"
    assert await refused(*command, await postgres.empty()) == said


@pytest.fixture
def falling() -> Iterator[Falling]:
    made = Falling()
    yield made
    made.close()


@pytest.mark.torture
async def test_a_copy_that_was_killed_is_not_taken_for_whole(
    operator: Operator, postgres: Server, falling: Falling
) -> None:
    """Before one of so many statements: it is empty or not whole, and can be begun again."""
    program = await operator.start()
    await file_petition(await operator.city.citizen())
    await stop(program)
    before = rows(operator.city)
    target = await postgres.empty()
    statement, states = 1, []
    while "whole" not in states:
        env = environment(operator.city.settings())
        code = falling.run(env, statement, "copy-database", "--to", target, "--anew")
        statement += EVERY
        states.append(await state(target))
        # It may fall when all is done but to let go of the source: what is whole stays so.
        assert code == -9 or states[-1] == "whole"
    assert code in (0, -9)
    assert list(dict.fromkeys(states)) == ["empty", "unfinished", "whole"]
    assert states.count("unfinished") * EVERY > 50
    assert states.count("whole") == 1
    assert {name: len(of) for name, of in (await moved(target)).items()} == {
        name: len(of) for name, of in before.items()
    }


async def state(url: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        if not await connection.fetchval("SELECT to_regclass('alembic_version')"):
            return "empty"
        found = await connection.fetchval("SELECT version_num FROM alembic_version")
        return "whole" if found else "unfinished"
    finally:
        await connection.close()
