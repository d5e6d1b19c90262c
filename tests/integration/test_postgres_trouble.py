"""What a PostgreSQL in trouble does to a unit: nothing is kept, it is said, and it is got over."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import asyncpg
import pytest
from servers import Server
from sqlalchemy import Connection, event, func, literal, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.util import await_only

import storage.postgres
from storage import refusing, schema
from storage.database import Unavailable
from storage.postgres import TRIES, PostgresDatabase
from storage.prepared import Prepared
from storage.transaction import WRITING, run

MARK = "记号MARKER"


def put(number: int) -> object:
    return lambda c: c.execute(text("INSERT INTO t (n) VALUES (:n)"), {"n": number}) and number


def numbers(connection: Connection) -> list[int]:
    return list(connection.execute(text("SELECT n FROM t ORDER BY n")).scalars())


@pytest.fixture(scope="module")
def urls() -> dict[str, str]:
    return {}


@pytest.fixture
async def url(postgres: Server, urls: dict[str, str]) -> str:
    """A database with a table of its own, the same for these tests; empty."""
    if not urls:
        urls["t"] = await postgres.empty()
    connection = await asyncpg.connect(urls["t"])
    await connection.execute("DROP TABLE IF EXISTS t; CREATE TABLE t (n INTEGER UNIQUE, word TEXT)")
    await connection.close()
    return urls["t"]


@pytest.fixture
async def database(url: str) -> AsyncIterator[PostgresDatabase]:
    database = PostgresDatabase(url, writers=2, readers=1)
    await database.open()
    yield database
    await database.close()


async def ask(url: str, statement: str) -> object:
    """What somebody else does meanwhile."""
    connection = await asyncpg.connect(url, server_settings={"application_name": "somebody else"})
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


SLEEPS = Prepared(select(func.pg_sleep(literal(20)).label("slept")))
END_OURS = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name LIKE 'minsheng %'"
)


async def test_a_unit_is_kept_whole_or_not_at_all(database: PostgresDatabase) -> None:
    def half(connection: Connection) -> None:
        connection.execute(text("INSERT INTO t (n) VALUES (1)"))
        raise KeyError

    with pytest.raises(KeyError):
        await database.write(half)
    assert await database.write(put(2)) == 2
    assert await database.read(numbers) == [2]


async def test_what_is_committed_is_on_disk(database: PostgresDatabase) -> None:
    shown = [
        await run(lambda c: c.exec_driver_sql("SHOW synchronous_commit").scalar())
        for run in (database.write, database.read)
    ]
    assert shown == ["on", "on"]


async def test_a_server_that_forgets_what_it_acknowledged_is_refused(url: str) -> None:
    forgetful = PostgresDatabase(f"{url}&synchronous_commit=off")
    with pytest.raises(Unavailable, match="synchronous_commit is off"):
        await forgetful.open()
    await forgetful.close()


async def test_readers_see_one_moment_and_cannot_write(
    database: PostgresDatabase, url: str
) -> None:
    def levels(connection: Connection) -> list[object]:
        names = ("transaction_isolation", "transaction_read_only")
        return [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in names]

    assert await database.read(levels) == ["repeatable read", "on"]
    assert await database.write(levels) == ["read committed", "off"]
    with pytest.raises(Unavailable, match="read-only transaction"):
        await database.read(put(1))
    assert await database.read(numbers) == []


async def test_a_connection_that_is_lost_is_said_or_got_over(
    database: PostgresDatabase, url: str
) -> None:
    """Said where the driver has not heard of it yet; else another one is taken."""
    await database.write(put(1))
    await database.read(numbers)
    assert await ask(url, END_OURS)
    kept = [1]
    with suppress(Unavailable):
        kept.append(await database.write(put(2)))
    with suppress(Unavailable):
        assert await database.read(numbers) == kept
    assert await database.write(put(3)) == 3
    assert await database.read(numbers) == [*kept, 3]


async def test_those_that_lay_idle_while_the_server_was_away_trouble_nobody(
    database: PostgresDatabase, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each unit that met one failed, one after the other, long after the server was back."""
    made = []
    connect = asyncpg.connect

    async def noted(*where: Any, **how: Any) -> Any:
        made.append(await connect(*where, **how))
        return made[-1]

    with monkeypatch.context() as patch:
        patch.setattr(asyncpg, "connect", noted)
        await asyncio.gather(*(database.write(put(n)) for n in range(4)))
    assert await ask(url, END_OURS)
    async with asyncio.timeout(10):
        while not all(connection.is_closed() for connection in made):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    for n in range(4, 8):  # one after the other, so that each meets what the one before left
        assert await database.write(put(n)) == n


async def test_a_connection_lost_in_the_middle_keeps_nothing(
    database: PostgresDatabase, url: str
) -> None:
    def work(connection: Connection) -> None:
        connection.execute(text("INSERT INTO t (n) VALUES (1)"))
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(Unavailable):
        await database.write(work)
    assert await database.write(put(2)) == 2
    assert await database.read(numbers) == [2]


async def test_who_is_cancelled_while_it_is_taken_back_leaves_nothing_open(url: str) -> None:
    """The next unit got the connection with the other's transaction on it."""
    database = PostgresDatabase(url, writers=1, readers=1)
    await database.open()

    def work(connection: Connection) -> None:
        connection.execute(text("INSERT INTO t (n) VALUES (1)"))
        SLEEPS.run(connection)

    unit = asyncio.create_task(run(database._writer, work, WRITING))
    sleeps = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"
    async with asyncio.timeout(10):
        while not await ask(url, sleeps):  # noqa: ASYNC110 - the server begins it
            await asyncio.sleep(0.01)
    for _ in range(2):
        unit.cancel()
        await asyncio.sleep(0.001)
    with pytest.raises(asyncio.CancelledError):
        await unit
    assert [await database.write(put(n)) for n in (2, 3)] == [2, 3]
    assert await database.read(numbers) == [2, 3]
    await database.close()


async def test_a_server_that_is_not_there_is_unavailable(url: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        for address in (
            f"postgresql://u:SECRET@127.0.0.1:{port}/d",
            "postgresql://u:SECRET@/d?host=/nowhere",
            url.replace("minsheng@", "nobody:SECRET@"),
            url.replace("/minsheng_", "/no_such_"),
        ):
            away = PostgresDatabase(address)
            with pytest.raises(Unavailable) as error:
                await away.open()
            assert "SECRET" not in str(error.value)
            await away.close()


@pytest.mark.parametrize(
    "rest", ["127.0.0.1:99999/d", "127.0.0.1:SECRET/d", "127.0.0.1/d?sslmode=SECRET", "[SECRET/d"]
)
async def test_an_address_that_is_none_is_said_without_it(rest: str) -> None:
    nowhere = PostgresDatabase(f"postgresql://u:SECRET@{rest}")
    with pytest.raises(Unavailable) as error:
        await nowhere.open()
    assert "SECRET" not in str(error.value)
    await nowhere.close()


async def test_too_many_connections_are_waited_out(
    database: PostgresDatabase, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object, **_more: object) -> None:
        raise asyncpg.TooManyConnectionsError("sorry, too many clients already")

    with monkeypatch.context() as patch:
        patch.setattr(asyncpg, "connect", full)
        with pytest.raises(Unavailable, match="too many clients"):
            await database.write(put(1))
    assert await database.write(put(2)) == 2


async def test_units_wait_for_a_connection_and_give_up_after_a_while(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.postgres, "QUEUE_SECONDS", 0.05)
    database = PostgresDatabase(url, writers=1)
    holder = await asyncpg.connect(url)
    await holder.execute("BEGIN; LOCK TABLE t")
    first = asyncio.create_task(database.write(put(1)))
    while not await holder.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
        pass
    with pytest.raises(Unavailable, match="every connection is in use"):
        await database.write(put(2))
    await holder.close()
    assert await first == 1
    await database.close()


async def test_a_process_that_hung_kept_its_chats_for_good(
    database: PostgresDatabase, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its connections stay as they are, and nothing is asked on them."""
    monkeypatch.setattr("storage.postgres.SILENT_SECONDS", 0.5)
    monkeypatch.setattr("storage.postgres.ABSENT_SECONDS", 0.3)
    hung, busy = PostgresDatabase(url), PostgresDatabase(url)
    for other in (hung, busy):
        await other.open()

    async def gone() -> set[str]:
        await busy.read(numbers)
        return await database.gone({hung.process, busy.process})

    try:
        assert await gone() == set()
        async with asyncio.timeout(10):
            while not (found := await gone()):
                pass
        assert found == {hung.process}
        assert await database.others() == 2  # it is there all the same: no key is rotated beside it
        await hung.read(numbers)  # it goes on
        assert await gone() == set()
    finally:
        await hung.close()
        await busy.close()


async def test_who_is_cancelled_does_not_cut_the_unit_off(
    database: PostgresDatabase, url: str
) -> None:
    holder = await asyncpg.connect(url)
    await holder.execute("BEGIN; LOCK TABLE t")
    unit = asyncio.create_task(database.write(put(1)))
    while not await holder.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
        pass
    unit.cancel()
    with pytest.raises(asyncio.CancelledError):
        await unit
    await holder.close()
    await database.close()  # sees it through
    again = PostgresDatabase(url)
    assert await again.read(numbers) == [1]
    await again.close()


async def test_two_that_wait_for_each_other_are_both_done(
    database: PostgresDatabase,
) -> None:
    await database.write(put(1))
    await database.write(put(2))
    begun: list[int] = []

    def both(first: int, second: int) -> object:
        def work(connection: Connection) -> None:
            add = text("UPDATE t SET word = concat(word, 'x') WHERE n = :n")
            connection.execute(add, {"n": first})
            begun.append(first)
            while len(set(begun)) < 2:  # both hold their first row
                connection.execute(text("SELECT 1"))
            connection.execute(add, {"n": second})

        return work

    await asyncio.gather(database.write(both(1, 2)), database.write(both(2, 1)))
    assert len(begun) == 3  # one of them was run again, and not before the other was through
    words = text("SELECT word FROM t ORDER BY n")
    assert await database.read(lambda c: list(c.execute(words).scalars())) == ["xx", "xx"]


async def test_a_key_that_is_taken_for_good_is_the_unit_s_own_error(
    database: PostgresDatabase,
) -> None:
    await database.write(put(1))
    tries = 0

    def work(connection: Connection) -> None:
        nonlocal tries
        tries += 1
        connection.execute(text("INSERT INTO t (n, word) VALUES (1, :w)"), {"w": MARK})

    with pytest.raises(IntegrityError) as error:
        await database.write(work)
    assert tries == TRIES
    assert MARK not in str(error.value)
    assert "(1)" not in str(error.value)  # as PostgreSQL's own words have it


async def test_an_error_of_the_program_is_none_of_the_database_and_quotes_nobody(
    database: PostgresDatabase,
) -> None:
    def wrong(connection: Connection) -> None:
        connection.execute(text("SELECT no_such_column FROM t"))

    def shapeless(connection: Connection) -> None:
        connection.execute(text("SELECT n FROM t WHERE n = :n"), {"n": MARK})

    def nul(connection: Connection) -> None:
        connection.execute(text("INSERT INTO t (word) VALUES (:w)"), {"w": f"{MARK}\0"})

    for tried in (database.write, database.read):
        with pytest.raises(ProgrammingError, match="42703"):
            await tried(wrong)
        for work in (shapeless, nul):
            with pytest.raises(DBAPIError) as error:
                await database.write(work)
            assert MARK not in str(error.value)
            assert error.value.__cause__ is None
            assert error.value.__suppress_context__


@pytest.mark.parametrize(
    "state", ["08006", "25006", "40001", "40P01", "53100", "53300", "55P03", "57P01", "58030"]
)
def test_trouble_of_the_server_is_not_the_unit_s_fault(state: str) -> None:
    error = asyncpg.PostgresError("trouble")
    error.sqlstate = state
    found = refusing.plain(error)
    assert isinstance(found, Unavailable)
    assert str(found) == "trouble"


async def test_tables_of_another_version_or_of_somebody_else_are_refused(
    postgres: Server, database: PostgresDatabase
) -> None:
    with pytest.raises(schema.OtherSchema, match="no version that is known"):
        await database.write(schema.prepare)
    own = PostgresDatabase(await postgres.empty())
    await own.write(schema.prepare)
    await own.write(schema.prepare)
    await own.read(schema.check_tables)
    for newer in (
        "UPDATE alembic_version SET version_num = '9999'",
        "UPDATE schema SET oldest = '9999'",
    ):
        await own.write(lambda c, newer=newer: c.execute(text(newer)))
    with pytest.raises(schema.OtherSchema, match="revision 9999"):
        await own.write(schema.prepare)
    await own.close()


async def test_texts_compare_byte_by_byte_whatever_the_database_s_language(
    postgres: Server,
) -> None:
    """Or what Python merges would not be in the order in which the database sorts it."""
    database = PostgresDatabase(await postgres.database())
    query = text(
        "SELECT c.relname || '.' || a.attname FROM pg_attribute AS a"
        " JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_collation AS l ON l.oid = a.attcollation"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND l.collname <> 'C'"
        " AND c.relname <> 'alembic_version'"  # alembic's own, of one row
    )
    assert await database.read(lambda c: list(c.execute(query).scalars())) == []
    await database.close()


async def test_who_begins_as_another_makes_the_tables_finds_none_or_all(postgres: Server) -> None:
    """Two looks had the making between them, and the program took the tables for a stranger's."""
    url = await postgres.empty()
    first, second = PostgresDatabase(url), PostgresDatabase(url)

    def after_the_first_look(*_: object) -> None:
        await_only(second.write(schema.prepare))

    def begin(connection: Connection) -> None:
        event.listen(connection, "after_cursor_execute", after_the_first_look, once=True)
        schema.prepare(connection)

    await first.write(begin)
    await first.read(schema.check_tables)
    await first.close()
    await second.close()
