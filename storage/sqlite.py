"""How does SQLite take many writers? It does not: one thread writes, and units share commits.

Each unit is a savepoint; whatever is waiting when the writer comes round goes into one
transaction, so that its sync to disk is paid once for all of them.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import (
    Connection,
    Engine,
    SingletonThreadPool,
    StaticPool,
    create_engine,
    event,
)
from sqlalchemy.exc import DBAPIError

from storage.database import Unavailable
from storage.scrubbing import empty_wal

T = TypeVar("T")
TROUBLE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)
"""What is wrong with the file or the machine; any other error is its statement's own."""
BATCH = 200
BUSY_SECONDS = 5


class _Job:
    """A unit that waits for the writer, and the loop that waits for the unit."""

    def __init__(self, work: Callable[[Connection], Any], loop: asyncio.AbstractEventLoop) -> None:
        self.work = work
        self.loop = loop
        self.future: asyncio.Future[Any] = loop.create_future()
        self.result: Any = None
        self.error: BaseException | None = None

    def settle(self) -> None:
        if self.future.done():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


class SqliteDatabase:
    """One file, one writer thread, a few readers."""

    def __init__(self, path: Path, readers: int = 2) -> None:
        self.path = path
        self.process = uuid4().hex
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._writer = _engine(path, StaticPool)
        self._reader = _engine(path, SingletonThreadPool)
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="reader")
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    async def open(self) -> None:
        """Start the writer."""
        self._thread.start()

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in the next shared commit; returns once that commit is on disk.

        Whoever is cancelled while it runs does not stop it.
        """
        job = _Job(work, asyncio.get_running_loop())
        self._jobs.put(job)
        result: T = await job.future
        return result

    async def share(self, work: Callable[[Connection], T]) -> T:
        """The same: here all that waits goes together."""
        return await self.write(work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a reader's own connection."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self._read, work)

    async def others(self) -> int:
        """None: a lock beside the file sees to that."""
        return 0

    async def gone(self, processes: Collection[str]) -> set[str]:
        """All but this one: whoever asks has the lock."""
        return set(processes) - {self.process}

    async def scrub(self) -> None:
        """Empty the write-ahead file, which still holds older pages, unless somebody is at work."""
        await asyncio.to_thread(empty_wal, self.path)

    async def close(self) -> None:
        """Finish the queue, then let go of the file."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        self._readers.shutdown()
        self._writer.dispose()
        self._reader.dispose()

    def _read(self, work: Callable[[Connection], T]) -> T:
        try:
            with self._reader.connect() as connection:
                raw: Any = connection.connection.driver_connection
                raw.execute("BEGIN")
                try:
                    return work(connection)
                finally:
                    if raw.in_transaction:  # a session of the ORM ends it by itself
                        raw.execute("COMMIT")
        except (DBAPIError, sqlite3.Error) as error:
            raise plain(error) from None

    def _run(self) -> None:
        stopping = False
        while not stopping:
            jobs = [self._jobs.get()]
            while len(jobs) < BATCH and not self._jobs.empty():
                jobs.append(self._jobs.get())
            stopping = None in jobs
            self._commit([job for job in jobs if job is not None])

    def _commit(self, jobs: list[_Job]) -> None:
        """Run the jobs, each in its savepoint, and commit them together."""
        if not jobs:
            return
        try:
            with self._writer.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                try:
                    for job in jobs:
                        _attempt(connection, job)
                    connection.exec_driver_sql("COMMIT")
                except BaseException:
                    if _in_transaction(connection):
                        connection.exec_driver_sql("ROLLBACK")
                    raise
        except Exception as error:
            # The shared commit failed: whatever the jobs found, none of it was kept. The file
            # may not even open, which SQLAlchemy does not wrap; the writer goes on all the same.
            reason = error.orig if isinstance(error, DBAPIError) else error
            for job in jobs:
                job.error = Unavailable(str(reason))
        for loop in {job.loop for job in jobs}:
            loop.call_soon_threadsafe(_settle, [job for job in jobs if job.loop is loop])


def _attempt(connection: Connection, job: _Job) -> None:
    raw: Any = connection.connection.driver_connection
    raw.execute("SAVEPOINT unit")
    try:
        job.result = job.work(connection)
    except (DBAPIError, sqlite3.Error) as error:
        if not raw.in_transaction:
            raise  # with a full disk SQLite takes the whole batch back by itself
        raw.execute("ROLLBACK TO unit")
        job.error = plain(error)
    except Exception as error:
        raw.execute("ROLLBACK TO unit")
        job.error = error
    raw.execute("RELEASE unit")


def _in_transaction(connection: Connection) -> bool:
    raw: Any = connection.connection.driver_connection
    return bool(raw.in_transaction)


def plain(error: DBAPIError | sqlite3.Error) -> Exception:
    """A busy or full database is not the unit's fault; anything else is shown as it is."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_OK)  # none: sqlite3's own error
    return Unavailable(str(cause)) if code & 0xFF in TROUBLE else error


def _settle(jobs: list[_Job]) -> None:
    for job in jobs:
        job.settle()


def _engine(path: Path, pool: type[Any]) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=pool,
        isolation_level="AUTOCOMMIT",  # BEGIN and COMMIT are ours
        hide_parameters=True,  # an error never quotes what a person typed
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY;"
        )

    return engine
