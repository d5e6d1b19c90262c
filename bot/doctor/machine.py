"""Can everything be kept? The folder of the data, the room on its disk, the clock it goes by."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot.doctor.finding import Finding, care, note, well
from bot.settings import Settings

FOLDER, DISK, CLOCK = "data folder", "disk", "clock"
LEAST_BYTES = 1024**3
"""A database that grows by a few hundred megabytes a year, its log and a copy being made."""
MOST_APART = 2.0
"""Seconds: leases are in the database's time, dates and the log in ours."""
REAL = "https://api.telegram.org"


def folder(settings: Settings) -> Iterator[Finding]:
    """Whether something can be written where everything is kept."""
    path = _kept(settings)
    if not path.is_dir():
        yield care(FOLDER, f"{path} is not there", "make it, or let the first start make it")
        return
    try:
        with tempfile.TemporaryFile(dir=path) as file:
            file.write(b"?")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        say = f"nothing can be written to {path}: {error.strerror}"
        yield care(FOLDER, say, "see that it is the bot's own and that its disk is well")
        return
    yield well(FOLDER, f"{path} can be written to")


def disk(settings: Settings, least: int = LEAST_BYTES) -> Iterator[Finding]:
    """Whether there is room on the disks of the data and of its copies."""
    copies = [Path(settings.backup_folder)] if settings.backup_folder else []
    for path in dict.fromkeys((_kept(settings), settings.data_folder, *copies)):
        if not path.is_dir():
            continue
        free = shutil.disk_usage(path).free
        says = f"{free / 1024**3:.1f} GiB free for {path}"
        if free < least:
            yield care(DISK, says, "make room: with a full disk nothing is lost, and all waits")
        else:
            yield well(DISK, says)


def _kept(settings: Settings) -> Path:
    """The folder of the database, or of what is kept beside one on a server."""
    return settings.data_folder if settings.postgres_url else settings.sqlite_file.parent


def moved(settings: Settings) -> Iterator[Finding]:
    """Whether the office's clock is another than the machine's: a thing of the demo."""
    if settings.demo_clock is None:
        return
    says = "DEMO_CLOCK is set: the bot goes by a clock that can be moved"
    if str(settings.bot_api_url).startswith(REAL):
        yield care(CLOCK, says, "unset DEMO_CLOCK: deadlines are counted by it")
    else:
        yield note(CLOCK, says)


def apart(theirs: float, before: float, after: float) -> Iterator[Finding]:
    """The database's clock, asked between two looks at ours."""
    difference = theirs - (before + after) / 2
    if abs(difference) > MOST_APART + (after - before) / 2:
        says = f"the database's clock is {difference:+.0f} s from this machine's"
        yield care(CLOCK, says, "let both machines keep time (chrony, systemd-timesyncd)")
    else:
        yield well(CLOCK, "the database's clock and this machine's agree")
