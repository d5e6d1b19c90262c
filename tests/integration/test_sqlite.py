"""One writer, shared commits: what is kept, what is not, and what a failing unit takes along."""

import asyncio
import resource
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

import storage.sqlite
from storage.database import Unavailable
from storage.sqlite import SqliteDatabase


def put(number: int) -> object:
    return lambda c: c.exec_driver_sql("INSERT INTO t (n) VALUES (?)", (number,)) and number


def numbers(connection: Connection) -> list[int]:
    return list(connection.exec_driver_sql("SELECT n FROM t ORDER BY n").scalars())


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    database = SqliteDatabase(tmp_path / "t.sqlite3")
    await database.open()
    await database.write(lambda c: c.exec_driver_sql("CREATE TABLE t (n INTEGER UNIQUE, b BLOB)"))
    yield database
    await database.close()


@pytest.fixture
def statements(database: SqliteDatabase) -> list[str]:
    """Every statement the file gets from the writer from now on."""
    found: list[str] = []
    with database._writer.connect() as connection:
        connection.connection.driver_connection.set_trace_callback(found.append)
    return found


@asynccontextmanager
async def a_busy_writer(database: SqliteDatabase) -> AsyncIterator[None]:
    """The writer is held inside a unit, so that what is written meanwhile shares a commit."""
    inside, go_on = threading.Event(), threading.Event()

    def wait(_connection: Connection) -> None:
        inside.set()
        assert go_on.wait(10)

    task = asyncio.create_task(database.write(wait))
    try:
        assert await asyncio.to_thread(inside.wait, 10)
        yield
    finally:
        go_on.set()
        await task


async def queued(database: SqliteDatabase, *works: object) -> list[asyncio.Task[object]]:
    """These units, waiting for the writer."""
    tasks = [asyncio.create_task(database.write(work)) for work in works]
    await asyncio.sleep(0)  # every task runs up to its wait
    assert database._jobs.qsize() == len(works)
    return tasks


async def together(database: SqliteDatabase, *works: object) -> list[object]:
    """Run these units in one commit; their results or their errors."""
    async with a_busy_writer(database):
        tasks = await queued(database, *works)
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_file_is_kept_as_promised(database: SqliteDatabase) -> None:
    def pragmas(connection: Connection) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

    assert await database.write(pragmas) == ["wal", 2, 1, 1]
    assert await database.read(pragmas) == ["wal", 2, 1, 1]


async def test_units_that_wait_share_one_commit(
    database: SqliteDatabase, statements: list[str]
) -> None:
    assert await together(database, *map(put, range(50))) == list(range(50))
    assert await database.read(numbers) == list(range(50))
    # One commit for the unit that held the writer, one for the fifty behind it.
    assert statements.count("COMMIT") == 2
    assert statements.count("BEGIN IMMEDIATE") == 2
    assert statements.count("SAVEPOINT unit") == 51


async def test_a_batch_has_its_limit(
    database: SqliteDatabase, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.sqlite, "BATCH", 10)
    await together(database, *map(put, range(25)))
    assert statements.count("COMMIT") == 1 + 3
    assert await database.read(numbers) == list(range(25))


async def test_a_unit_that_fails_is_rolled_back_alone(
    database: SqliteDatabase, statements: list[str]
) -> None:
    def half(connection: Connection) -> None:
        connection.exec_driver_sql("INSERT INTO t (n) VALUES (100)")
        raise KeyError("no")

    results = await together(database, put(1), half, put(2))
    assert results[0] == 1
    assert isinstance(results[1], KeyError)
    assert results[2] == 2
    assert await database.read(numbers) == [1, 2]
    assert statements.count("COMMIT") == 2


async def test_a_broken_rule_of_the_tables_is_the_unit_s_fault_and_shows_as_it_is(
    database: SqliteDatabase,
) -> None:
    results = await together(database, put(1), put(1), put(2))
    assert isinstance(results[1], IntegrityError)
    assert await database.read(numbers) == [1, 2]


async def test_an_error_never_quotes_what_was_written(database: SqliteDatabase) -> None:
    def twice(connection: Connection) -> None:
        for _ in range(2):
            connection.exec_driver_sql("INSERT INTO t (n, b) VALUES (?, ?)", (7, "陈秀英"))

    with pytest.raises(IntegrityError) as error:
        await database.write(twice)
    assert "陈秀英" not in str(error.value)


async def test_a_commit_that_fails_keeps_nothing_of_the_whole_batch(
    database: SqliteDatabase,
) -> None:
    """A deferred foreign key is checked by COMMIT itself, so this is a COMMIT that fails."""

    def tables(connection: Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql(
            "CREATE TABLE child (p REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)"
        )

    def orphan(connection: Connection) -> str:
        connection.exec_driver_sql("INSERT INTO child (p) VALUES (404)")
        return "done"

    await database.write(tables)
    results = await together(database, put(1), orphan, put(2))
    assert [type(each) for each in results] == [Unavailable] * 3
    assert await database.read(numbers) == []
    # And the writer lives on.
    assert await database.write(put(3)) == 3
    assert await database.read(numbers) == [3]


async def test_a_disk_that_is_full_at_the_commit_keeps_nothing_of_the_whole_batch(
    database: SqliteDatabase, tmp_path: Path
) -> None:
    """The pages go to the log at COMMIT; a file that may not grow is a full disk."""
    await database.write(put(1))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    grown = (tmp_path / "t.sqlite3-wal").stat().st_size

    def a_lot(connection: Connection) -> None:
        connection.exec_driver_sql("INSERT INTO t (n, b) VALUES (99, zeroblob(200000))")

    async with a_busy_writer(database):
        tasks = await queued(database, put(2), a_lot, put(3))
        resource.setrlimit(resource.RLIMIT_FSIZE, (grown + 4096, hard))
    try:
        results = await asyncio.gather(*tasks, return_exceptions=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [type(each) for each in results] == [Unavailable] * 3
    assert await database.read(numbers) == [1]
    assert await database.write(put(4)) == 4
    assert await database.read(numbers) == [1, 4]


async def test_a_full_disk_inside_a_unit_is_unavailable_and_said_so(
    database: SqliteDatabase,
) -> None:
    def small(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")

    def a_lot(connection: Connection) -> None:
        connection.exec_driver_sql("INSERT INTO t (n, b) VALUES (99, zeroblob(200000))")

    await database.write(small)
    results = await together(database, put(1), a_lot, put(2))
    # SQLite takes the whole transaction back when there is no room: so say all of its units.
    assert [type(each) for each in results] == [Unavailable] * 3
    assert {str(each) for each in results} == {"database or disk is full"}
    assert await database.read(numbers) == []
    await database.write(lambda c: c.exec_driver_sql("PRAGMA max_page_count = 100000"))
    assert await database.write(put(1)) == 1


async def test_a_file_that_another_program_holds_is_unavailable_and_free_again_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.sqlite, "BUSY_SECONDS", 0.05)
    database = SqliteDatabase(tmp_path / "t.sqlite3")
    await database.open()
    await database.write(lambda c: c.exec_driver_sql("CREATE TABLE t (n INTEGER)"))
    other = sqlite3.connect(tmp_path / "t.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    results = await asyncio.gather(
        *(database.write(put(n)) for n in (1, 2)), return_exceptions=True
    )
    assert [type(each) for each in results] == [Unavailable] * 2
    # Who only reads is not held up.
    assert await database.read(numbers) == []
    other.execute("ROLLBACK")
    other.close()
    assert await database.write(put(3)) == 3
    assert await database.read(numbers) == [3]
    await database.close()


async def test_a_file_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "nowhere" / "t.sqlite3")
    await database.open()
    with pytest.raises(Unavailable):
        await database.write(put(1))
    with pytest.raises(Unavailable):
        await database.read(numbers)
    await database.close()


async def test_what_is_not_committed_is_not_read(database: SqliteDatabase) -> None:
    await database.write(put(1))
    inside, go_on = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        connection.exec_driver_sql("INSERT INTO t (n) VALUES (2)")
        inside.set()
        assert go_on.wait(10)

    task = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(inside.wait, 10)
    assert await database.read(numbers) == [1]
    go_on.set()
    await task
    assert await database.read(numbers) == [1, 2]


async def test_what_is_written_is_on_the_disk_when_the_unit_returns(
    database: SqliteDatabase, tmp_path: Path
) -> None:
    await database.write(put(1))
    with sqlite3.connect(tmp_path / "t.sqlite3") as other:
        assert other.execute("SELECT n FROM t").fetchall() == [(1,)]
    other.close()


async def test_a_reader_that_fails_shows_its_own_error_and_holds_nothing_up(
    database: SqliteDatabase,
) -> None:
    def fail(_connection: Connection) -> None:
        raise LookupError("mine")

    for _ in range(5):
        with pytest.raises(LookupError, match="mine"):
            await database.read(fail)
    await database.write(put(1))
    assert await database.read(numbers) == [1]


async def test_who_gives_up_waiting_does_not_undo_the_unit(database: SqliteDatabase) -> None:
    async with a_busy_writer(database):
        (impatient,) = await queued(database, put(1))
        impatient.cancel()
        with pytest.raises(asyncio.CancelledError):
            await impatient
    await database.write(put(2))
    assert await database.read(numbers) == [1, 2]


async def test_closing_finishes_what_was_begun(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "t.sqlite3")
    await database.open()
    await database.write(lambda c: c.exec_driver_sql("CREATE TABLE t (n INTEGER)"))
    tasks = [asyncio.create_task(database.write(put(n))) for n in range(20)]
    await asyncio.sleep(0)
    await database.close()
    assert sorted(await asyncio.gather(*tasks)) == list(range(20))
    with sqlite3.connect(tmp_path / "t.sqlite3") as other:
        assert other.execute("SELECT count(*) FROM t").fetchone() == (20,)
    other.close()
