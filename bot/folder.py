"""Where is everything kept, and are we alone with it?

A file of SQLite's is one program's. A database of PostgreSQL's is shared by as many as there are:
there nobody may take what another has in hand.
"""

import fcntl
from typing import TextIO

from bot.settings import Settings, SettingsError

IN_USE = "DATABASE_URL: another program is using this database"


def make_folder(settings: Settings) -> None:
    """Make the folder the database is in, or what is kept beside it. Raises `SettingsError`."""
    elsewhere = settings.database_url and not settings.postgres_url
    folder = settings.data_folder if settings.postgres_url else settings.sqlite_file.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        key = "DATABASE_URL" if elsewhere else "DATA_FOLDER"
        raise SettingsError(f"{key}: {error.strerror}") from None


def only_one(settings: Settings) -> TextIO | None:
    """Keep a second program off the same SQLite file; the lock goes with the process.

    None where the database is shared. Raises `SettingsError`.
    """
    make_folder(settings)
    if settings.postgres_url:
        return None
    try:
        lock = settings.sqlite_file.with_suffix(".lock").open("w")
    except OSError as error:
        raise SettingsError(f"DATA_FOLDER: {error.strerror}") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise SettingsError(IN_USE) from None
    return lock
