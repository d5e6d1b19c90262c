"""How is a database looked at without changing it? Read-only, as it stood at one moment."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, StaticPool, create_engine
from sqlalchemy.exc import DBAPIError

from storage.sqlite import plain


@contextmanager
def look_at(path: Path) -> Iterator[Connection]:
    """One view of the file, beside whoever writes to it. Raises `Unavailable`."""
    engine = create_engine(
        "sqlite://",
        creator=lambda: _open(path),
        poolclass=StaticPool,
        isolation_level="AUTOCOMMIT",  # BEGIN is ours
        hide_parameters=True,
    )
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield connection
            connection.exec_driver_sql("ROLLBACK")
    except (DBAPIError, sqlite3.Error) as error:  # opening is not wrapped by SQLAlchemy
        raise plain(error) from None
    finally:
        engine.dispose()


@contextmanager
def untouched(path: Path) -> Iterator[None]:
    """Nobody writes to the file until this is left. Raises `Unavailable`."""
    try:
        with closing(sqlite3.connect(path, timeout=5, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
    except sqlite3.Error as error:
        raise plain(error) from None


def _open(path: Path) -> Any:
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=ro", uri=True, timeout=5, isolation_level=None
    )
    # A text that is none any more is a fault to be named, not one to stumble over.
    connection.text_factory = lambda value: value.decode("utf-8", "surrogateescape")
    return connection
