"""Where do units run? In one of two databases: SQLite in a file, PostgreSQL on a server."""

import time
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from storage.unit import Unit
from storage.vault import Vault

T = TypeVar("T")
Clock = Callable[[], datetime]
REFUSED_SECONDS = 15.0
"""Longer than a unit waits for a lock: one that is refused again and again is one trouble, though
others, which want another table, get through meanwhile."""


class Unavailable(Exception):
    """The database cannot take this now (busy, full, gone); nothing of the unit was kept.

    Where a connection was lost at the very commit, all of it may have been: whoever tries again
    looks whether it is done, as every unit does that could do harm twice.
    """


class Database(Protocol):
    """A database that runs plain functions in transactions.

    `process` is the name by which the others know this one.
    """

    process: str

    async def open(self) -> None:
        """Connect; raises `Unavailable`."""

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` durably, all or nothing. Raises `Unavailable`, or what `work` raised.

        It may be run more than once, where another unit was ahead of it: it changes nothing but
        the database.
        """

    async def share(self, work: Callable[[Connection], T]) -> T:
        """The same, in a commit that others may share: for what is short and often done."""

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work`, which only reads, on the newest committed state."""

    async def others(self) -> int:
        """How many other programs have it open, where they may."""

    async def gone(self, processes: Collection[str]) -> set[str]:
        """Which of these have died for sure, and will not come back."""

    async def scrub(self) -> None:
        """Have what was erased leave the disk too, as far as the database can tell."""

    async def close(self) -> None:
        """Finish what was begun and let go."""


class Desk:
    """The database together with the vault, the bot it serves and the clock."""

    def __init__(self, database: Database, vault: Vault, bot_id: int, clock: Clock) -> None:
        self.database = database
        self.vault = vault
        self.bot_id = bot_id
        self.clock = clock
        self.process = database.process
        self._refused_at = float("-inf")
        self.refused = 0  # so many units, since the start, which the database could not take

    @property
    def takes(self) -> bool:
        """Whether all that was to be written of late could be."""
        return time.monotonic() - self._refused_at > REFUSED_SECONDS

    async def unit(self, work: Callable[[Unit], T]) -> T:
        """Run `work` as one atomic unit."""
        return await self._write(self.database.write, work)

    async def share(self, work: Callable[[Unit], T]) -> T:
        """The same, in a commit that others may share: for what is short and often done.

        Not for a unit that changes how its commit is made, as that of `storage.pace` does.
        """
        return await self._write(self.database.share, work)

    async def _write(
        self, write: Callable[[Callable[[Connection], T]], Awaitable[T]], work: Callable[[Unit], T]
    ) -> T:
        try:
            return await write(lambda connection: work(self._unit(connection)))
        except Unavailable:
            self._refused_at = time.monotonic()
            self.refused += 1
            raise

    async def look(self, work: Callable[[Unit], T]) -> T:
        """Run `work`, which only reads."""
        try:
            return await self.database.read(
                lambda connection: work(self._unit(connection, writes=False))
            )
        except Unavailable:
            self.refused += 1
            raise

    def _unit(self, connection: Connection, *, writes: bool = True) -> Unit:
        return Unit(connection, self.vault, self.bot_id, self.clock(), self.process, writes)
