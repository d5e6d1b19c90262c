"""How does PostgreSQL run a unit? From BEGIN to COMMIT on a connection of its own.

BEGIN and COMMIT are ours, as in SQLite, and SQLAlchemy thinks that each statement commits itself:
so what is prepared can go straight to the driver, in the same transaction as all the rest.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import await_only, greenlet_spawn

from storage.refusing import DRIVER

T = TypeVar("T")
WRITING = "BEGIN ISOLATION LEVEL READ COMMITTED"
SHARING = f"{WRITING}; SET LOCAL lock_timeout = 50"
"""In milliseconds: several units at once wait for no lock that others hold for longer."""
READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
DONE = "COMMIT"


async def run(engine: AsyncEngine, work: Callable[[Connection], T], begin: str) -> T:
    """Run a plain function beside the loop, without a thread, while the driver waits.

    In one go: SQLAlchemy's own way changes sides for each of its steps. Raises what the driver
    does, what SQLAlchemy makes of that, and what `work` raised.
    """
    return await greenlet_spawn(_whole, engine.sync_engine, work, begin)


def _whole(engine: Engine, work: Callable[[Connection], T], begin: str) -> T:
    with engine.connect() as connection:
        while _driver(connection).is_closed():
            # Its server went away while it lay idle: another that lay there, or a new one.
            connection.invalidate()
        if not begin:
            return work(connection)
        driver = _driver(connection)
        try:
            await_only(driver.execute(begin))
            done = work(connection)
            ended = await_only(driver.execute(DONE))
        except BaseException:
            _take_back(connection, driver)
            raise
        if ended != DONE:
            raise RuntimeError("a unit went on after an error of its own: nothing of it was kept")
        return done


def _take_back(connection: Connection, driver: Any) -> None:
    """End it without a trace; a connection on which that cannot be is used no more."""
    try:
        await_only(driver.execute("ROLLBACK"))
    except BaseException as error:
        connection.invalidate()
        if not isinstance(error, (*DRIVER, OSError)):
            raise


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection
