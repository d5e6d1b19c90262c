"""When is everything copied? Every night where BACKUP_FOLDER says where to, and when asked.

The night's copy is SQLite's alone: a PostgreSQL is copied when somebody asks, by hand or by a
timer, because a large one is better kept by ways of its own.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

import structlog

from bot.loading import load_office
from bot.opening import open_desk
from bot.settings import Settings, SettingsError
from dialogs.daily import next_at
from petitions.deadlines import local_date
from petitions.office import Office
from storage import backups, copying, due, dumping
from storage.copying import Copy, CopyError, Source
from storage.database import Desk, Unavailable
from storage.due import Duty
from storage.unit import Unit

log = structlog.get_logger(__name__)

BACKUP, OFFICE = "backup", "office"


class Backups:
    """Makes the day's copy, and plans the next one."""

    def __init__(self, desk: Desk, settings: Settings, office: Office) -> None:
        self._desk = desk
        self._settings = settings
        self._office = office
        self._ends = False

    def begin(self, unit: Unit) -> None:
        """Have a copy made at the office's hour; none where nobody said where to."""
        if self._settings.backup_folder and not self._settings.postgres_url:
            due.ensure(unit, BACKUP, OFFICE, self._next(unit))
        else:
            due.drop(unit, BACKUP, OFFICE)

    async def run(self, duty: Duty) -> None:
        """Make a copy in a thread of its own. Raises `CopyError`, `OSError`."""
        try:
            copy = await asyncio.to_thread(self.make)
        except (CopyError, OSError) as error:
            kind = type(error).__name__
            await self._desk.unit(partial(backups.failed, error=kind))
            raise
        await self._desk.unit(partial(self._made, copy=copy, duty=duty))
        log.info("backup.made", name=copy.folder.name, bytes=copy.bytes)

    def make(self) -> Copy:
        """A copy of everything but the keys. Raises `CopyError`, `OSError`."""
        settings, keep = self._settings, self._office.backup.keep
        seal = settings.seal_key
        beside = (seal.with_name("seals.log"), seal.with_suffix(".pub"))
        source = Source(self._database(), settings.files, beside)
        day = local_date(self._desk.clock(), self._office.tz)
        return copying.make(source, Path(settings.backup_folder), day, keep, lambda: self._ends)

    def _database(self) -> Path | Callable[[Path, Callable[[], bool]], None]:
        """The file; or what has the server copied."""
        if url := self._settings.postgres_url:
            return lambda folder, ends: _dump(url, folder, ends)
        return self._settings.sqlite_file

    def stop(self) -> None:
        """Give up the copy that is being made; the next start makes it anew."""
        self._ends = True

    def _made(self, unit: Unit, copy: Copy, duty: Duty) -> None:
        due.done(unit, duty)
        backups.note(unit, copy.folder.name, copy.bytes)
        due.plan(unit, BACKUP, OFFICE, self._next(unit))

    def _next(self, unit: Unit) -> datetime:
        return next_at(self._office.backup.at, self._office.tz, unit.now)


async def back_up(settings: Settings) -> Copy:
    """A copy now, beside a running bot or without one. Raises `SettingsError`, `CopyError`."""
    if not settings.backup_folder:
        raise SettingsError("BACKUP_FOLDER: name the folder that copies are to go to")
    office = load_office(settings.office_file)
    desk = await open_desk(settings)
    try:
        copy = await asyncio.to_thread(Backups(desk, settings, office).make)
        await desk.unit(partial(backups.note, name=copy.folder.name, size=copy.bytes))
    except CopyError:
        await desk.unit(partial(backups.failed, error=CopyError.__name__))
        raise
    except OSError as error:
        with suppress(Unavailable):  # its disk is full, say: it is told here all the same
            await desk.unit(partial(backups.failed, error=type(error).__name__))
        raise SettingsError(f"BACKUP_FOLDER: {error.strerror}") from None
    finally:
        await desk.database.close()
    return copy


def _dump(url: str, folder: Path, ends: Callable[[], bool]) -> None:
    """The whole database as one file; what it says goes to disk with the rest."""
    dumping.dump(url, folder / dumping.DUMP, ends)
    copying.sync(folder / dumping.DUMP)
