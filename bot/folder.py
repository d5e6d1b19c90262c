"""Where is everything kept, and are we alone with it?"""

import fcntl
from typing import TextIO

from bot.settings import Settings, SettingsError


def make_folder(settings: Settings) -> None:
    """Make the folder the database is in. Raises `SettingsError`."""
    try:
        settings.sqlite_file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        key = "DATABASE_URL" if settings.database_url else "DATA_FOLDER"
        raise SettingsError(f"{key}: {error.strerror}") from None


def only_one(settings: Settings) -> TextIO:
    """Keep a second program off the same SQLite file; the lock goes with the process."""
    make_folder(settings)
    lock = settings.sqlite_file.with_suffix(".lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise SettingsError("DATABASE_URL: another program is using this database") from None
    return lock
