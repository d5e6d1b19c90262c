"""What does an error of PostgreSQL mean: that it cannot now, or that the statement is wrong?"""

import asyncpg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoneFree

from storage.database import Unavailable

DRIVER = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What the driver says by itself: of the server's, of how it is used, of a link that broke off."""
TROUBLE = (SQLAlchemyError, *DRIVER, OSError)
"""What comes of a database in trouble, and of a wrong statement too.

SQLAlchemy does not wrap what happens while a connection is opened, what the network says, or what
is said of a prepared statement (`storage.prepared`).
"""
DEADLOCK = "40P01"
CONFLICT = frozenset({"40001", DEADLOCK, "23505"})
"""Another unit was first: serialization failure, deadlock, unique key."""
UNAVAILABLE = frozenset(
    {
        "08",  # the connection
        "28",  # not let in
        "3D",  # there is no such database
        "53",  # out of disk, memory or connections
        "57",  # shut down, starting, or a statement cancelled
        "58",  # the server's machine
        "XX",  # a file is damaged
    }
)
"""Classes of what is wrong with the server; any other error is its statement's own."""
UNAVAILABLE_TOO = frozenset(
    {
        "25006",  # read-only: a standby, or told to be
        "25P03",  # idle in the middle of a unit for too long
        "40001",
        "40P01",
        "55P03",  # a lock waited for too long
    }
)


class Told(Exception):
    """An error of the driver's without the values that it quotes."""

    def __init__(self, error: BaseException | None, sqlstate: str | None) -> None:
        super().__init__(f"{type(error).__name__} {sqlstate or ''}".strip())
        self.sqlstate = sqlstate


def state_of(error: BaseException) -> str | None:
    """The server's code of this error (SQLSTATE), if it told one."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    found: str | None = getattr(cause, "sqlstate", None)
    return found


def plain(error: Exception) -> Exception:
    """A server in trouble is not the unit's fault; anything else is told without its values."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    state = state_of(error)
    if state is not None and (state[:2] in UNAVAILABLE or state in UNAVAILABLE_TOO):
        return Unavailable(str(cause.args[0]) if cause is not None else state)
    if isinstance(error, NoneFree):
        return Unavailable("every connection is in use")
    if isinstance(cause, asyncpg.InternalClientError) or str(cause).endswith(
        "connection is closed"
    ):
        return Unavailable("the connection was lost")
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return Unavailable("the connection was lost")
        return type(error)(error.statement, None, Told(cause, state), hide_parameters=True)
    if isinstance(error, OSError):
        return Unavailable(error.strerror or "the database does not answer")
    if isinstance(error, DRIVER):
        return Told(error, state)
    return error
