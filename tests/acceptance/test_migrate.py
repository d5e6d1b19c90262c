"""`minsheng migrate`: a city whose tables an earlier program made goes on; a kill does no harm."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, TypeVar

import pytest
import structure
from acceptance.conftest import City
from acceptance.falling import Falling
from acceptance.programs import environment, until
from servers import Server
from sqlalchemy import Connection, MetaData, insert
from test_record_commands import Operator, counted, stop

from bot.opening import make_database
from bot.settings import Settings
from storage import schema
from storage.database import Database
from storage.schema import FIRST, NEWEST
from storage.sqlite import SqliteDatabase

T = TypeVar("T")
EVERY = 1 if os.environ.get("MINSHENG_TORTURE") else 3
"""Of so many statements it is killed before one."""
ROOT = Path(__file__).parents[2]
KEPT = ROOT / "tests" / "integration" / "kept"
"""What the program of the last commit before revisions left, after some petitions."""


@pytest.fixture(params=["sqlite", "postgres"])
async def city(quiet_city: City, request: pytest.FixtureRequest) -> City:
    """A city that has only a database without a table."""
    if request.param == "postgres":
        quiet_city.database_url = await request.getfixturevalue("postgres").empty()
    (quiet_city.folder / "data").mkdir()
    return quiet_city


@pytest.fixture
async def told(city: City) -> dict[str, str]:
    """All that the earlier program left is the city's; what was told then."""
    told: dict[str, str] = json.loads((KEPT / "0001.json").read_text())
    city.key = told["field_key"]
    for name in ("seal.key", "seal.pub", "seals.log"):
        (city.folder / "data" / name).write_text(told[name])
    city.settings().seal_key.chmod(0o600)
    script = (KEPT / "0001.sql").read_text()
    if not city.database_url:
        with closing(sqlite3.connect(city.settings().sqlite_file)) as file:
            file.executescript(script)
        return told
    database = make_database(city.settings())
    await structure.climb(database, FIRST)
    with closing(sqlite3.connect(":memory:")) as kept:
        kept.executescript(script)
        kept.row_factory = sqlite3.Row
        await database.write(lambda connection: copy(kept, connection))
    await database.close()
    return told


def copy(kept: sqlite3.Connection, connection: Any) -> None:
    """The rows into the tables as they are; before there were revisions nothing told of one."""
    connection.exec_driver_sql("DROP TABLE alembic_version")
    found = MetaData()
    found.reflect(connection)
    for table in found.sorted_tables:
        rows = [dict(row) for row in kept.execute(f"SELECT * FROM {table.name}")]
        for row in rows:
            for column in table.columns:
                if str(column.type) == "BOOLEAN":
                    row[column.name] = bool(row[column.name])
        if rows and table.name != "schema":
            connection.execute(insert(table), rows)
    for name in ("outbox", "due"):
        connection.exec_driver_sql(
            f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"
        )


@pytest.fixture
def operator(city: City, forge: Any) -> Operator:
    return Operator(city, forge)


async def test_a_city_whose_tables_an_earlier_program_made_goes_on(operator, city, told):
    operator = Operator(city, operator.forge)  # it has the keys now
    refused = await operator.run("run")
    assert (refused.code, refused.err) == (
        2,
        f"minsheng: DATABASE_URL: its tables are of revision {FIRST}, this program's of {NEWEST}: "
        "make a backup, then give `minsheng migrate`\n",
    )
    for command in ("verify", "bind-code zhujian", "outbox counts"):
        assert "`minsheng migrate`" in (await operator.run(*command.split())).err
    if not city.database_url:
        copy = str(city.settings().sqlite_file)  # as one that was put back, or is looked at
        looked = await operator.run("verify", "--database", copy)
        assert looked.err.startswith(f"minsheng: --database: its tables are of revision {FIRST}")
    migrated = await operator.run("migrate")
    assert (migrated.code, migrated.err) == (0, "")
    assert migrated.out.startswith(f"from revision {FIRST} to {NEWEST}, alone\n")
    assert (await operator.run("migrate")).out == f"revision {NEWEST}: nothing to do\n"

    verified = await operator.run("verify")
    assert (verified.code, counted(verified)) == (
        0,
        {
            "petitions": "3 (1 erased)",
            "entries": "13 (0 not yet sealed)",
            "seals": "1",
            "faults": "0",
        },
    )
    genuine = await operator.run("verify-receipt", told["number"], told["receipt"])
    assert genuine.out == "genuine\n"
    await city.client.clock(set="2026-03-04T02:00:00+00:00")
    wang = await city.client.person(1002, "王芳", "zh-hans")
    await city.client.post("people", id=1002, started=True)
    for _ in range(123):
        await city.client.raw({})  # this messenger counts its updates from the beginning
    program = await operator.start()
    await wang.expect("1/10")  # the last thing she asked the earlier program for
    await wang.type("/my")
    await wang.expect(told["number"])
    await stop(program)
    assert counted(await operator.run("verify"))["faults"] == "0"


async def test_a_demo_of_an_earlier_program_goes_on_by_itself(tmp_path, forge):
    database = SqliteDatabase(tmp_path / "minsheng.sqlite3")
    await database.open()
    await structure.climb(database, FIRST)
    await database.close()
    program = await forge.start({}, "demo", "--port", "0", "--folder", str(tmp_path))
    try:
        await until(lambda: "demo: http" in program.out, "the demo's page")
        assert program.out.startswith(f"from revision {FIRST} to {NEWEST}")
    finally:
        program.signal(15)
        assert await program.ends() == 0


def test_the_bot_does_without_alembic():
    """It would cost each start, and the memory of each worker."""
    code = "import sys, bot.app, bot.cli, bot.demo; print({'alembic', 'mako'} & {*sys.modules})"
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert told.stdout == "set()\n"


# -- killed ------------------------------------------------------------------------------------


@pytest.fixture
def falling() -> Iterator[Falling]:
    made = Falling()
    yield made
    made.close()


class Copies:
    """Copies of what the earlier program left; and what tables of each revision look like."""

    def __init__(self, city: City, server: Server | None) -> None:
        self._city = city
        self._server = server

    async def make(self) -> Settings:
        """The settings of a program on a new copy."""
        settings = self._city.settings()
        if self._server is not None:
            url = await self._server.copy(settings.postgres_url)
            return self._city.settings(database_url=url)
        copy = Path(mkdtemp(dir=self._city.folder)) / "copy.sqlite3"
        shutil.copy(settings.sqlite_file, copy)
        return self._city.settings(database_url=f"sqlite:///{copy}")

    async def known(self) -> dict[str, Any]:
        """Of each revision, and of the time before them."""
        known = {"before": await look(await self.make(), standing)}
        for revision in structure.revisions():
            if self._server is not None:
                settings = self._city.settings(database_url=await self._server.empty())
            else:
                file = self._city.folder / f"{revision}.sqlite3"
                settings = self._city.settings(database_url=f"sqlite:///{file}")
            async with opened(settings) as database:
                await structure.climb(database, revision)
                known[revision] = await database.read(standing)
        return known


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    database = make_database(settings)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


async def look(settings: Settings, work: Callable[[Connection], T]) -> T:
    async with opened(settings) as database:
        return await database.read(work)


def standing(connection: Connection) -> tuple[Any, str | None]:
    """What the tables look like, and of which revision they say they are: not each changes them."""
    return structure.structure(connection), schema.revision(connection)


@pytest.fixture
def copies(city: City, told: dict[str, str], request: pytest.FixtureRequest) -> Copies:
    return Copies(city, request.getfixturevalue("postgres") if city.database_url else None)


@pytest.mark.torture
async def test_killed_before_any_statement_it_leaves_a_revision_whole(city, copies, falling):
    """And given again it goes on from there."""
    known = await copies.known()
    before = await look(city.settings(), structure.contents)
    seen: list[str] = []
    code = -9
    while code == -9:
        settings = await copies.make()
        code = falling.run(environment(settings), 1 + len(seen) * EVERY, "migrate")
        now = await look(settings, standing)
        (revision,) = (name for name, tables in known.items() if tables == now)
        seen.append(revision)
        assert structure.kept(before, await look(settings, structure.contents))
        if code == -9 and seen.count(revision) == 1:
            assert falling.run(environment(settings), 10**6, "migrate") == 0
            assert await look(settings, standing) == known[NEWEST]
            assert structure.kept(before, await look(settings, structure.contents))
    assert code == 0
    assert sorted(set(seen), key=seen.index) == ["before", *structure.revisions()[1:]]
    assert seen.count("before") * EVERY > 5
