"""When was everything copied last, and is that copy still there?"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from bot.doctor.finding import Finding, care, lasting, note, well
from bot.settings import Settings
from storage import backups
from storage.unit import Unit

BACKUP = "backup"
OLDEST = timedelta(days=2)
"""A copy is made every night; one that was missed is told the day after."""


def copied(unit: Unit, settings: Settings) -> Iterator[Finding]:
    """The age of the last copy, and how the last try ended."""
    folder = Path(settings.backup_folder) if settings.backup_folder else None
    if folder is not None and not folder.is_dir():
        yield care(BACKUP, f"BACKUP_FOLDER: {folder} is not there", "is its disk mounted?")
        return
    made, tried = backups.last(unit), backups.last(unit, made=False)
    # A program that knows no folder may share the database with one that makes the copies.
    if folder is None and made is None and tried is None:
        yield _nowhere(settings)
        return
    if tried is not None and tried.error:
        says = f"the last try failed: {tried.error}"
        yield care(BACKUP, says, "see duty.failed in the log; minsheng backup tries it now")
    if made is None:
        yield care(BACKUP, "no copy was ever made", "minsheng backup makes one now")
        return
    yield _aged(made.at, unit.now)
    if made.name and folder is not None and not (folder / made.name).is_dir():
        says = f"the last copy, {made.name}, is not in {folder}"
        yield care(BACKUP, says, "find out who took it away; minsheng backup makes another")


def _nowhere(settings: Settings) -> Finding:
    if settings.postgres_url:
        says = "whether PostgreSQL's own tools copy it cannot be seen from here"
        return note(BACKUP, says, "or set BACKUP_FOLDER, and let a timer give minsheng backup")
    return care(BACKUP, "nothing is copied", "set BACKUP_FOLDER to a folder on another disk")


def _aged(at: datetime, now: datetime) -> Finding:
    age = now - at
    says = f"the last copy is {lasting(max(0.0, age.total_seconds()))} old"
    if age > OLDEST:
        return care(BACKUP, says, "see duty.failed in the log, and the room on its disk")
    return well(BACKUP, says)
