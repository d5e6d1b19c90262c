"""How is everything copied while the bot is at work? Into a folder of its own, the database in its
own way.

A copy is made under a name that ends in `.part`, looked at, put on disk, and only then given its
name: whatever has a name is whole. Keys are not in it. An attachment never changes, so it is
linked to the copy before, where the disk can do that, and takes no room twice.
"""

import fcntl
import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import quote

PAGES = 2000
"""Copied between two looks at whether it is to end."""
STEPS = 1_000_000
"""Of SQLite's machine, between two looks while the copy is checked."""
NAME = re.compile(r"(\d{6})-\d{4}-\d\d-\d\d")
DATABASE = "minsheng.sqlite3"
FILES = "files"


class CopyError(Exception):
    """No copy was made; says why."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A whole copy: its folder and how many bytes are in it."""

    folder: Path
    bytes: int


@dataclass(frozen=True, slots=True)
class Source:
    """What is copied: the database, the folder of attachments, and files that go beside them.

    A database that is no file copies itself into the folder it is given.
    """

    database: Path | Callable[[Path, Callable[[], bool]], None]
    files: Path
    beside: tuple[Path, ...] = ()


def make(
    source: Source, folder: Path, day: date, keep: int, ends: Callable[[], bool] = lambda: False
) -> Copy:
    """Make a copy and delete all but the last `keep`.

    `ends` is asked in between whether to give up. Raises `CopyError`, `OSError`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CopyError("another copy is being made") from None
        for left in folder.glob("*.part"):
            shutil.rmtree(left)
        before = made(folder)
        number = int(before[-1].name[:6]) + 1 if before else 1
        whole = folder / f"{number:06d}-{day.isoformat()}"
        part = whole.with_name(whole.name + ".part")
        part.mkdir(mode=0o700)
        try:
            _fill(part, source, before[-1] / FILES if before else None, ends)
        except BaseException as error:
            shutil.rmtree(part, ignore_errors=True)  # the disk may be full of it
            if isinstance(error, sqlite3.Error):
                raise CopyError(f"the database cannot be copied: {error}") from None
            raise
        size = sum(path.stat().st_size for path in part.rglob("*") if path.is_file())
        part.rename(whole)
        sync(folder)
        for old in made(folder)[:-keep]:
            shutil.rmtree(old)
        return Copy(whole, size)


def made(folder: Path) -> list[Path]:
    """The whole copies in this folder in the order they were made, whatever the clock said."""
    return sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name))


def _fill(part: Path, source: Source, before: Path | None, ends: Callable[[], bool]) -> None:
    # The log of seals is never ahead of the database, as long as it is copied first.
    _copy_all(source.beside, part, None, ends)
    if isinstance(source.database, Path):
        _database(source.database, part / DATABASE, ends)
    else:
        source.database(part, ends)
    # After the database: a file that it says is kept is there, unless it was erased since.
    files = part / FILES
    files.mkdir(mode=0o700)
    there = source.files.iterdir() if source.files.is_dir() else ()
    _copy_all((p for p in there if p.suffix != ".part"), files, before, ends)
    sync(files)
    sync(part)


def _database(source: Path, target: Path, ends: Callable[[], bool]) -> None:
    def look(_status: int, _left: int, _total: int) -> None:
        if ends():
            raise CopyError("ended before it was whole")

    target.touch(0o600)
    name = f"file:{quote(str(source))}?mode=ro"
    with (
        closing(sqlite3.connect(name, uri=True, isolation_level=None)) as ours,
        closing(sqlite3.connect(target, isolation_level=None)) as copy,
    ):
        # One view from beginning to end: writers go on, and nothing is begun anew for them.
        ours.execute("BEGIN")
        ours.execute("SELECT count(*) FROM sqlite_master").fetchone()
        ours.backup(copy, pages=PAGES, progress=look)
        # In one file: the copy is not written to, and is to be read from anywhere.
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.set_progress_handler(ends, STEPS)
        (found,) = copy.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise CopyError(f"the copy is not whole: {found}")
    sync(target)


def _copy_all(
    paths: Iterable[Path], target: Path, before: Path | None, ends: Callable[[], bool]
) -> None:
    for path in paths:
        if ends():
            raise CopyError("ended before it was whole")
        try:
            _copy(path, target / path.name, before / path.name if before else None)
        except FileNotFoundError:
            continue  # erased since it was listed, or not made yet


def _copy(path: Path, target: Path, before: Path | None) -> None:
    if before is not None and _same(path, before):
        try:
            os.link(before, target)
            return
        except OSError:  # this disk has no links, or no more of them
            target.unlink(missing_ok=True)
    shutil.copyfile(path, target)
    target.chmod(0o600)
    sync(target)


def _same(path: Path, before: Path) -> bool:
    return before.is_file() and before.stat().st_size == path.stat().st_size


def sync(path: Path) -> None:
    """Have it on the disk when this returns."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
