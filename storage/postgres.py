"""How does PostgreSQL take many writers? Each unit is a transaction on a connection of its own.

Units stay plain functions: SQLAlchemy runs them beside the loop, without a thread, while the
driver (asyncpg) waits for the network. Any number of processes may share the database.

Units write under READ COMMITTED, because of what they do first: they take a row's lock and read
what it protects. There every statement sees what was committed before it began, so whoever
waited for the lock goes on from what the other one left. Under REPEATABLE READ it would see the
state before the wait and fail each time; SERIALIZABLE would do without the locks, but where a
table is read whole, as small ones are, it takes units for rivals that have nothing in common.
What no lock protects, a unique key does: a unit that lost the race for one is run again, and
finds what the winner wrote. docs/explanation/databases.md lists what is protected by what.

Readers see one moment (REPEATABLE READ), as they do in SQLite, and cannot write.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Coroutine, Sequence
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.database import Unavailable
from storage.hosts import Hosts
from storage.refusing import CONFLICT, DEADLOCK, TROUBLE, plain, state_of
from storage.together import Together
from storage.transaction import READING, SHARING, WRITING, run

T = TypeVar("T")
WRITERS = 10
READERS = 5
TRIES = 5
"""How often a unit is run that others keep getting ahead of."""
STATEMENTS = 500
"""How many prepared statements a connection keeps: more than the program has."""
QUEUE_SECONDS = 30.0
COMMAND_SECONDS = 60.0
NEEDED = ("fsync", "full_page_writes", "synchronous_commit")
"""Server settings without which what is acknowledged may be lost."""

ASIDE_SECONDS = 0.1
"""How long a unit that was ended because of a deadlock lets the other one go first."""

ABSENT_SECONDS = 5.0
"""Who has no connection for so long has died. One that lives asks for something every second, and
connects again at once where the server was away."""
SILENT_SECONDS = COMMAND_SECONDS + 30.0
"""Who is connected and has asked nothing for so long hangs: longer than its longest question."""
FOREVER = 1e9
OURS = "minsheng "
PRESENT = text(
    "SELECT substr(application_name, length(:ours) + 1) AS process,"
    " max(state_change) < clock_timestamp() - make_interval(secs => :silent) AS silent"
    " FROM pg_stat_activity"
    " WHERE datname = current_database() AND starts_with(application_name, :ours) GROUP BY 1"
)


class PostgresDatabase:
    """A database on a server, reached by a pool of connections to write and one to read."""

    def __init__(
        self,
        url: str,
        writers: int = WRITERS,
        readers: int = READERS,
        *,
        patient: bool = False,
    ) -> None:
        patience = None if patient else COMMAND_SECONDS  # to make an index may take an hour
        self._units: set[asyncio.Task[Any]] = set()
        self.process = uuid4().hex
        self._absent: dict[str, float] = {}
        self._looked = 0.0
        self._together = Together(self.write, self._write_lot)
        self._hosts = hosts = Hosts(url)
        self._watching: asyncio.Task[None] | None = None
        name = OURS + self.process
        self._writer = _engine(
            hosts,
            writers,
            name,
            patience,
            # A process that hangs in the middle of a unit must not hold the others up for ever.
            settings={"lock_timeout": "10s", "idle_in_transaction_session_timeout": "60s"},
        )
        self._reader = _engine(hosts, readers, name, patience)

    async def open(self) -> None:
        """Connect, and see that what is committed is kept. Raises `Unavailable`."""
        await self.read(_check_durable)
        if self._hosts.one_writes:
            self._watching = asyncio.create_task(self._hosts.watch())

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` and commit; again from the start when another unit was ahead of it.

        Raises `Unavailable`: nothing was kept, unless the connection was lost at the very commit,
        when all of it may have been.
        """
        return await self._see_through(self._write(work))

    async def share(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in the next commit of those that go together."""
        return await self._together.write(work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a connection that only reads."""
        return await self._see_through(self._read(work))

    async def others(self) -> int:
        """How many other programs of ours are connected, bots and commands."""
        return len(await self._present() - {self.process})

    async def gone(self, processes: Collection[str]) -> set[str]:
        """Those that had no connection at any look for `ABSENT_SECONDS`, of which this is one.

        One that hangs, stopped or in a machine that stands still, counts as gone too: when it
        wakes up it finds what it had in hand done, or somebody else's.

        One look is not enough, nor are two with a long time between: where the server was away,
        nobody has a connection until they ask again.
        """
        absent, now = set(processes) - await self._present(SILENT_SECONDS), time.monotonic()
        known = self._absent if now - self._looked < ABSENT_SECONDS else {}
        self._absent, self._looked = {p: known.get(p, now) for p in absent}, now
        return {p for p, since in self._absent.items() if now - since >= ABSENT_SECONDS}

    async def _present(self, silent: float = FOREVER) -> set[str]:
        """Who is connected and has asked for something within so many seconds."""
        return await self.read(lambda connection: present(connection, silent))

    async def scrub(self) -> None:
        """Have the destroyed keys leave their table now, not when the server comes round to it."""
        try:
            await run(self._writer, lambda c: c.exec_driver_sql("VACUUM keys"), begin="")
        except TROUBLE as error:
            raise plain(error) from None

    async def close(self) -> None:
        """Finish the units in hand, then let go of the connections."""
        await self._together.idle()
        await asyncio.gather(*self._units, return_exceptions=True)
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait((self._watching,))
        await self._writer.dispose()
        await self._reader.dispose()

    async def _see_through(self, unit: Coroutine[Any, Any, T]) -> T:
        """Wait for the unit; whoever is cancelled while it runs does not cut it off."""
        task = asyncio.create_task(unit)
        self._units.add(task)
        task.add_done_callback(self._units.discard)
        return await asyncio.shield(task)

    async def _write(self, work: Callable[[Connection], T]) -> T:
        tries = 0
        while True:
            tries += 1
            try:
                return await run(self._writer, work, WRITING)
            except TROUBLE as error:
                if tries == TRIES or (state := state_of(error)) not in CONFLICT:
                    raise plain(error) from None
            # Whoever was ahead has committed by now, so there is nothing to wait for; but who
            # has been let on by the end of a deadlock has its rows still to lock.
            if state == DEADLOCK:
                await asyncio.sleep(ASIDE_SECONDS)

    async def _write_lot(self, works: Sequence[Callable[[Connection], Any]]) -> list[Any]:
        """All of them in one commit, or none: whoever else is at the same rows, goes first."""

        def lot(connection: Connection) -> list[Any]:
            return [work(connection) for work in works]

        try:
            return await self._see_through(run(self._writer, lot, SHARING))
        except TROUBLE as error:
            raise plain(error) from None

    async def _read(self, work: Callable[[Connection], T]) -> T:
        try:
            return await run(self._reader, work, READING)
        except TROUBLE as error:
            raise plain(error) from None


def present(connection: Connection, silent: float = FOREVER) -> set[str]:
    """The programs of ours that are connected and asked for something within so many seconds."""
    found = connection.execute(PRESENT, {"ours": OURS, "silent": silent})
    return {row.process for row in found if not row.silent}


def _check_durable(connection: Connection) -> None:
    """Refuse a server that forgets what it said it had kept."""
    for name in NEEDED:
        if connection.exec_driver_sql(f"SHOW {name}").scalar() == "off":
            raise Unavailable(f"the server's {name} is off: it would lose what it has acknowledged")


def _engine(
    hosts: Hosts,
    size: int,
    name: str,
    patience: float | None,
    settings: dict[str, str] | None = None,
) -> AsyncEngine:
    """An engine whose address is known to the driver alone, which reads all forms of it."""

    told = {
        "application_name": name,
        # A machine without power says no goodbye: the server finds out within some ten seconds,
        # and only then is it known here that this process is gone (`gone`).
        "tcp_keepalives_idle": "5",
        "tcp_keepalives_interval": "2",
        "tcp_keepalives_count": "3",
        "tcp_user_timeout": "10000",
        "jit": "off",  # compiling costs more than any statement of ours
        **(settings or {}),
    }

    async def made() -> Any:
        return await hosts.connect(
            command_timeout=patience,
            server_settings=told,
            statement_cache_size=STATEMENTS,
            max_cached_statement_lifetime=0,
        )

    def connect() -> Any:
        return engine.dialect.dbapi.connect(  # type: ignore[union-attr]
            async_creator_fn=made,
            prepared_statement_cache_size=STATEMENTS,
        )

    engine = create_async_engine(
        "postgresql+asyncpg://",
        creator=connect,
        pool_size=size,
        max_overflow=0,
        pool_timeout=QUEUE_SECONDS,
        isolation_level="AUTOCOMMIT",  # BEGIN and COMMIT are ours
        hide_parameters=True,  # an error never quotes what a person typed
    )
    return engine
