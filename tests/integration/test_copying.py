"""Copies of everything: whole or not there, made beside whoever writes, without a key in them."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from desks import Time, a_desk, rows
from making import an_office
from structlog.testing import capture_logs

from bot.backup import BACKUP, OFFICE, Backups
from bot.settings import Settings, load_settings
from notifier.schedule import Schedule
from storage import backups, copying, due
from storage.copying import CopyError, Source
from storage.database import Desk

DAY = date(2026, 3, 2)


@pytest.fixture
def source(tmp_path: Path) -> Source:
    database, files = tmp_path / "data" / "minsheng.sqlite3", tmp_path / "data" / "files"
    files.mkdir(parents=True)
    with closing(sqlite3.connect(database)) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE pairs (a INTEGER, b INTEGER)")
    (files / "f1").write_bytes(b"one")
    (files / "f2.part").write_bytes(b"half")
    for name in ("seal.key", "field.key", "seal.pub", "seals.log"):
        (tmp_path / "data" / name).write_text(name)
    beside = (tmp_path / "data" / "seals.log", tmp_path / "data" / "seal.pub")
    return Source(database, files, beside)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "copies"


def inside(copy: Path) -> set[str]:
    return {str(path.relative_to(copy)) for path in copy.rglob("*")}


def test_a_copy_has_the_database_and_the_attachments_and_no_key(
    source: Source, folder: Path
) -> None:
    made = copying.make(source, folder, DAY, 3)
    assert made.folder.name == "000001-2026-03-02"
    assert inside(made.folder) == {
        *("minsheng.sqlite3", "files", "files/f1", "seals.log", "seal.pub")
    }
    assert (made.folder / "files" / "f1").read_bytes() == b"one"
    assert made.folder.stat().st_mode & 0o077 == 0
    assert (made.folder / "minsheng.sqlite3").stat().st_mode & 0o077 == 0


def test_a_copy_made_beside_a_writer_shows_one_moment(
    source: Source, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "PAGES", 1)
    stop, wrote = threading.Event(), threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(source.database, isolation_level=None)) as ours:
            n = 0
            while not stop.is_set():
                n += 1
                ours.execute("BEGIN IMMEDIATE")
                ours.execute("INSERT INTO pairs VALUES (?, 0)", (n,))
                ours.execute("UPDATE pairs SET b = ?", (n,))
                ours.execute("COMMIT")
                if n > 50:
                    wrote.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert wrote.wait(60)
        made = copying.make(source, folder, DAY, 3)
    finally:
        stop.set()
        writer.join()
    with closing(sqlite3.connect(made.folder / "minsheng.sqlite3")) as copy:
        (count, least, most) = copy.execute("SELECT count(*), min(b), max(b) FROM pairs").fetchone()
    assert count > 50
    assert least == most == count


def test_the_last_copies_are_kept_whatever_the_clock_said(source: Source, folder: Path) -> None:
    days = [DAY, DAY + timedelta(days=365), DAY + timedelta(days=1), DAY + timedelta(days=2)]
    for day in days:
        copying.make(source, folder, day, 2)
    names = [path.name for path in copying.made(folder)]
    assert names == ["000003-2026-03-03", "000004-2026-03-04"]


def test_an_attachment_takes_no_room_twice(source: Source, folder: Path) -> None:
    first = copying.make(source, folder, DAY, 3).folder / "files" / "f1"
    second = copying.make(source, folder, DAY, 3).folder / "files" / "f1"
    assert first.stat().st_ino == second.stat().st_ino
    assert first.stat().st_ino != (source.files / "f1").stat().st_ino


def test_what_was_not_finished_has_no_name_and_is_cleared_away(
    source: Source, folder: Path
) -> None:
    asked = 0

    def ends() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    with pytest.raises(CopyError, match="ended before it was whole"):
        copying.make(source, folder, DAY, 3, ends)
    assert copying.made(folder) == []
    assert list(folder.glob("*.part")) == []  # a disk that is full of it is not to stay so
    (folder / "000001-2026-03-01.part").mkdir()  # of one that was killed
    copying.make(source, folder, DAY, 3)
    assert [path.name for path in copying.made(folder)] == ["000001-2026-03-02"]
    assert list(folder.glob("*.part")) == []


def test_a_database_that_is_damaged_gives_no_copy(source: Source, folder: Path) -> None:
    copying.make(source, folder, DAY, 1)
    with closing(sqlite3.connect(source.database)) as made:
        made.executemany("INSERT INTO pairs VALUES (?, ?)", [(n, n) for n in range(5000)])
        made.commit()
        made.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with source.database.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096)
    with pytest.raises(CopyError):
        copying.make(source, folder, DAY, 1)
    assert [path.name for path in copying.made(folder)] == ["000001-2026-03-02"]


def test_two_copies_are_not_made_at_once(source: Source, folder: Path) -> None:
    def second() -> bool:
        with pytest.raises(CopyError, match="another copy"):
            copying.make(source, folder, DAY, 3)
        return False

    copying.make(source, folder, DAY, 3, second)
    assert len(copying.made(folder)) == 1


# -- the day's copy ------------------------------------------------------------------------------


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time().patch(monkeypatch)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(
        bot_token="42:x-y-z",
        field_keys=(Fernet.generate_key().decode(),),
        office_file=tmp_path / "office.toml",
        data_folder=tmp_path,
        backup_folder=str(tmp_path / "copies"),
    )


@pytest.fixture
async def desk(settings: Settings, time: Time) -> AsyncIterator[Desk]:
    async with a_desk(settings.sqlite_file, time) as desk:
        yield desk


def block(folder: Path, *, there: bool = True) -> None:
    """A file is where the folder is to be, or not any more."""
    if there:
        folder.write_text("in the way")
    else:
        folder.unlink()


async def test_a_copy_is_made_every_night_and_one_that_fails_is_tried_again(
    desk: Desk, settings: Settings, time: Time
) -> None:
    made = Backups(desk, settings, an_office())
    schedule = Schedule(desk, lambda *_: [], {}, {BACKUP: made.run})
    folder = Path(settings.backup_folder)
    block(folder)
    await desk.unit(made.begin)
    await desk.unit(made.begin)  # another start plans no other
    (planned,) = await rows(desk, "due")
    time.pass_(17 * 3600 - 1)  # one second before three in the morning
    await schedule.tick()
    await schedule.idle()
    assert await desk.look(partial(backups.last, made=False)) is None
    with capture_logs() as logged:
        time.pass_(1)
        await schedule.tick()
        await schedule.idle()
        await schedule.tick()
        await schedule.idle()
    assert [(e["event"], e["error"]) for e in logged] == [("duty.failed", "FileExistsError")]
    failed = await desk.look(partial(backups.last, made=False))
    assert failed is not None
    assert (failed.at, failed.error) == (time.now, "FileExistsError")
    block(folder, there=False)
    time.pass_(60)
    await schedule.tick()
    await schedule.idle()
    (copy,) = copying.made(folder)
    noted = await desk.look(backups.last)
    assert noted is not None
    assert (noted.at, noted.name) == (time.now, copy.name)
    at = await desk.look(lambda u: due.planned_at(u, BACKUP, OFFICE))
    assert at is not None
    assert at - time.now == timedelta(days=1) - timedelta(seconds=60)
    assert planned.done_at is None


async def test_a_copy_that_is_being_made_is_given_up_at_the_end(
    desk: Desk, settings: Settings, time: Time
) -> None:
    made = Backups(desk, settings, an_office())
    made.stop()
    with pytest.raises(CopyError):
        await asyncio.to_thread(made.make)


async def test_without_a_folder_no_copy_is_planned(
    desk: Desk, settings: Settings, time: Time
) -> None:
    await desk.unit(Backups(desk, settings, an_office()).begin)
    none = settings.model_copy(update={"backup_folder": ""})
    await desk.unit(Backups(desk, none, an_office()).begin)
    assert await desk.look(lambda u: due.planned_at(u, BACKUP, OFFICE)) is None
