"""Attachments come into our keeping encrypted; what cannot be had now is had later."""

import fcntl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiogram import Bot
from aiohttp import ClientConnectionError
from desks import Time, a_desk, rows

from emulator import Client, Emulator, LocalSession, Person
from notifier.fetching import Fetcher
from storage import files
from storage.database import Desk
from storage.files import Attachment
from storage.unit import Unit

pytestmark = pytest.mark.usefixtures("either")

CONTENT = "证据 EVIDENCE-271828\n".encode() * 50


@dataclass
class Store:
    """The fetcher, its folder, and who sends it files."""

    desk: Desk
    time: Time
    client: Client
    bot: Bot
    wang: Person
    folder: Path

    async def send(self, size: int | None = None, name: str = "letter.txt") -> Attachment:
        """Wang sends a document, and its ids are committed."""
        seen = await self.wang.document(name, CONTENT)
        file = seen.raw["document"]

        def work(unit: Unit) -> Attachment:
            sent: dict[str, object] = {
                "kind": "document",
                "file_id": file["file_id"],
                "unique_id": file["file_unique_id"],
                "chat_id": self.wang.id,
                "message_id": seen.id,
                "size": file["file_size"] if size is None else size,
                "name": name,
                "caption": "",
            }
            return files.add(unit, unit.vault.new_key(unit.connection), sent)

        return await self.desk.unit(work)

    async def fetch(self) -> list[str]:
        await Fetcher(self.desk, self.bot, self.folder).run()
        return sorted(r.state for r in await rows(self.desk, "files"))

    async def opened(self, attachment: Attachment) -> bytes:
        sealed = (self.folder / attachment.id).read_bytes()
        return await self.desk.look(lambda u: u.open(sealed, attachment.key_id))


@pytest.fixture
async def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Store]:
    time = Time().patch(monkeypatch)
    emulator = Emulator(None)
    await emulator.start()
    bot = Bot("42:x", session=LocalSession(emulator.url, timeout=0.5))
    async with Client(emulator.url) as client, a_desk(tmp_path / "m.sqlite3", time) as desk:
        await client.bot("42:x")
        wang = await client.person(7, "王芳")
        await wang.type("/start")
        yield Store(desk, time, client, bot, wang, tmp_path / "files")
        await bot.session.close()
    await emulator.stop()


async def test_a_file_is_fetched_once_and_encrypted_under_its_petition_s_key(store: Store) -> None:
    one = await store.send()
    assert await store.fetch() == ["kept"]
    kept = (store.folder / one.id).read_bytes()
    assert b"EVIDENCE" not in kept
    assert await store.opened(one) == CONTENT
    assert [p.name for p in store.folder.iterdir()] == [one.id]
    asked = len(await store.client.log(method="getFile"))
    assert await store.fetch() == ["kept"]
    assert len(await store.client.log(method="getFile")) == asked == 1


async def test_more_than_one_batch_is_fetched(store: Store) -> None:
    sent = [await store.send() for _ in range(12)]
    assert await store.fetch() == ["kept"] * 12
    assert len(list(store.folder.iterdir())) == len(sent)


async def test_what_bots_cannot_fetch_is_not_tried(store: Store) -> None:
    await store.send(size=files.FETCHABLE_BYTES + 1)
    assert await store.fetch() == ["passed_on"]
    assert await store.client.log(method="getFile") == []


async def test_a_fault_leaves_the_file_for_later_and_the_others_go_on(store: Store) -> None:
    first, second = await store.send(), await store.send()
    await store.client.fault("getFile", "500")
    assert await store.fetch() == ["kept", "wanted"]
    store.time.pass_(299)
    assert await store.fetch() == ["kept", "wanted"]
    store.time.pass_(1)
    assert await store.fetch() == ["kept", "kept"]
    assert await store.opened(first) == await store.opened(second) == CONTENT


async def test_two_that_wrote_the_same_file_wrote_into_each_other_s(store: Store) -> None:
    file = await store.send()
    store.folder.mkdir()
    part = store.folder / f"{file.id}.part"
    with part.open("wb") as theirs:
        fcntl.flock(theirs, fcntl.LOCK_EX)
        theirs.write(b"half of what another writes")
        theirs.flush()
        assert await store.fetch() == ["wanted"]
        assert part.read_bytes() == b"half of what another writes"
    store.time.pass_(300)
    assert await store.fetch() == ["kept"]  # it died at it
    assert await store.opened(file) == CONTENT
    assert [path.name for path in store.folder.iterdir()] == [file.id]


async def test_one_that_came_late_wrote_over_what_was_there_whole(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had opened the half-written file before the other one gave it its name."""
    file = await store.send()
    lock = fcntl.flock

    def the_other_is_through(opened: Any, how: int) -> None:
        (store.folder / f"{file.id}.part").replace(store.folder / file.id)
        lock(opened, how)

    monkeypatch.setattr(fcntl, "flock", the_other_is_through)
    assert await store.fetch() == ["wanted"]
    monkeypatch.undo()
    assert (store.folder / file.id).read_bytes() == b""  # as the other one left it


async def test_what_cannot_be_written_is_left_for_later_and_the_others_go_on(store: Store) -> None:
    first, second = await store.send(), await store.send()
    store.folder.mkdir()
    taken = store.folder / f"{first.id}.part"
    taken.mkdir()
    with pytest.raises(IsADirectoryError):
        taken.unlink()  # so it can neither be written nor be cleared away
    assert await store.fetch() == ["kept", "wanted"]
    assert await store.opened(second) == CONTENT
    taken.rmdir()
    store.time.pass_(300)
    assert await store.fetch() == ["kept", "kept"]
    assert await store.opened(first) == CONTENT


@pytest.mark.parametrize("error", [ClientConnectionError("cut"), TimeoutError(), OSError(28, "x")])
async def test_a_download_that_breaks_off_does_not_keep_the_others_waiting(
    store: Store, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    first, second = await store.send(), await store.send()
    download, broken = store.bot.download, [error]

    async def break_once(file: str) -> object:
        if broken:
            raise broken.pop()
        return await download(file)

    monkeypatch.setattr(store.bot, "download", break_once)
    assert await store.fetch() == ["kept", "wanted"]
    assert len(list(store.folder.iterdir())) == 1
    store.time.pass_(300)
    assert await store.fetch() == ["kept", "kept"]
    assert await store.opened(first) == await store.opened(second) == CONTENT


async def test_a_file_the_messenger_no_longer_serves_does_not_keep_the_others_waiting(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between asking where it is and fetching it, the file went: the server says 404."""
    sent = {attachment.id: attachment for attachment in [await store.send(), await store.send()]}
    get_file, gone = store.bot.get_file, [True]

    async def elsewhere(file_id: str, **more: object) -> object:
        found = await get_file(file_id, **more)
        return found.model_copy(update={"file_path": "no/such"}) if gone and gone.pop() else found

    monkeypatch.setattr(store.bot, "get_file", elsewhere)
    assert await store.fetch() == ["kept", "wanted"]
    (kept,) = store.folder.iterdir()
    assert await store.opened(sent[kept.name]) == CONTENT


async def test_a_file_removed_before_it_was_fetched_is_left_alone(store: Store) -> None:
    one = await store.send()
    await store.desk.unit(lambda u: files.drop(u, one.id))
    assert await store.fetch() == ["gone"]
    assert list(store.folder.iterdir()) == []
