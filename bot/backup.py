"""When is everything copied? Every night where BACKUP_FOLDER says where to, and when asked.

For SQLite alone: PostgreSQL has ways of its own.
"""

import asyncio
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
from storage import backups, copying, due
from storage.copying import Copy, CopyError, Source
from storage.database import Desk
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
        source = Source(settings.sqlite_file, settings.files, beside)
        day = local_date(self._desk.clock(), self._office.tz)
        return copying.make(source, Path(settings.backup_folder), day, keep, lambda: self._ends)

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
    if settings.postgres_url:
        raise SettingsError("DATABASE_URL: PostgreSQL is copied with its own pg_dump; see the docs")
    office = load_office(settings.office_file)
    desk = await open_desk(settings)
    try:
        copy = await asyncio.to_thread(Backups(desk, settings, office).make)
        await desk.unit(partial(backups.note, name=copy.folder.name, size=copy.bytes))
    except OSError as error:
        raise SettingsError(f"BACKUP_FOLDER: {error.strerror}") from None
    finally:
        await desk.database.close()
    return copy
