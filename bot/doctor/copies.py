"""When was everything copied last, and is that copy still there?"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.doctor.finding import Finding, care, lasting, note, well
from bot.settings import Settings
from storage import backups, copying
from storage.unit import Unit

BACKUP = "backup"
OLDEST = timedelta(days=2)
"""A copy is made every night; one that was missed is told the day after."""
SERVER_S_OWN = "see back-up-and-restore.md: deploy/back-up-postgres makes copies there"


def copied(unit: Unit, settings: Settings) -> Iterator[Finding]:
    """The age of the last copy, and how the last try ended."""
    if not settings.backup_folder:
        yield _nowhere(settings)
        return
    folder = Path(settings.backup_folder)
    if not folder.is_dir():
        yield care(BACKUP, f"BACKUP_FOLDER: {folder} is not there", "is its disk mounted?")
        return
    if settings.postgres_url:
        yield from _on_disk(folder)
        return
    made, tried = backups.last(unit), backups.last(unit, made=False)
    if tried is not None and tried.error:
        says = f"the last try failed: {tried.error}"
        yield care(BACKUP, says, "see duty.failed in the log; minsheng backup tries it now")
    if made is None:
        yield care(BACKUP, "no copy was ever made", "minsheng backup makes one now")
        return
    yield _aged(made.at, unit.now)
    if made.name and not (folder / made.name).is_dir():
        says = f"the last copy, {made.name}, is not in {folder}"
        yield care(BACKUP, says, "find out who took it away; minsheng backup makes another")


def _nowhere(settings: Settings) -> Finding:
    if settings.postgres_url:
        says = "PostgreSQL is copied by its own tools, which cannot be seen from here"
        return note(BACKUP, says, f"{SERVER_S_OWN}; with BACKUP_FOLDER set they are seen")
    return care(BACKUP, "nothing is copied", "set BACKUP_FOLDER to a folder on another disk")


def _on_disk(folder: Path) -> Iterator[Finding]:
    """PostgreSQL's copies, which a program of its own makes and nobody notes."""
    whole = copying.made(folder)
    if not whole:
        yield care(BACKUP, f"there is no copy in {folder}", SERVER_S_OWN)
        return
    at = datetime.fromtimestamp(whole[-1].stat().st_mtime, UTC)
    yield _aged(at, datetime.now(UTC))


def _aged(at: datetime, now: datetime) -> Finding:
    age = now - at
    says = f"the last copy is {lasting(max(0.0, age.total_seconds()))} old"
    if age > OLDEST:
        return care(BACKUP, says, "see duty.failed in the log, and the room on its disk")
    return well(BACKUP, says)
