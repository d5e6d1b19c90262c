"""After a rotation the first key alone opens everything, and the record is as true as before."""

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from archives import NEW, OLD, Archive, number_of, some_lives
from cryptography.fernet import Fernet, InvalidToken
from desks import on_sqlite, rows
from sqlalchemy import LargeBinary, func, select, update

from bot import evidence
from bot.folder import only_one
from bot.settings import SettingsError
from storage import files, groups, inbox, leases, outbox, record, rotating
from storage.database import Desk
from storage.inbox import Arrival
from storage.messages import Parcel, Post
from storage.rotating import HOLDINGS
from storage.tables import metadata
from storage.unit import Unit

THIRD = Fernet.generate_key().decode()


async def fill(archive: Archive, desk: Desk) -> None:
    """Something in every column that is sealed under the office's keys."""
    await some_lives(archive, desk)

    def work(unit: Unit) -> None:
        inbox.store(unit, [Arrival(1, 5, b"one"), Arrival(2, 5, b"two")])
        inbox.set_aside(unit, 2, "an error")
        inbox.store(unit, [Arrival(3, 5, b"three")])
        inbox.done(unit, 3)
        outbox.put(unit, [Parcel(chat_id=5, post=Post(key="k", text="waiting"))])
        (row,) = outbox.put(unit, [Parcel(chat_id=6, post=Post(key="k", text="sent"))])
        outbox.settle(unit, row, "sent", shown="as shown", message_id=1)
        groups.store_code(unit, "bind", "front")

    await desk.unit(work)


@pytest.fixture
async def archive(either: None, tmp_path: Path) -> Archive:
    archive = Archive(tmp_path / "data")
    async with archive.desk() as desk:
        await fill(archive, desk)
    archive.keys = (NEW, OLD)
    return archive


async def sealed(desk: Desk) -> dict[str, list[bytes]]:
    """What is sealed under the office's keys, by column."""

    def work(unit: Unit) -> dict[str, list[bytes]]:
        return {
            str(holding): [
                found
                for found in unit.run(select(holding.column).where(*holding.where)).scalars()
                if found
            ]
            for holding in HOLDINGS
        }

    return await desk.look(work)


def opens(key: str, token: bytes) -> bool:
    try:
        Fernet(key).decrypt(token)
    except InvalidToken:
        return False
    return True


async def test_the_new_key_alone_opens_everything(archive: Archive) -> None:
    async with archive.desk() as desk:
        before = await sealed(desk)
        digest = await desk.look(lambda unit: unit.digest("code", "1"))
    assert {name for name, found in before.items() if not found} == set()
    rotated = await evidence.rotate(archive.settings)
    assert rotated.shut == []
    assert rotated.changed == sum(map(len, before.values()))
    archive.keys = (NEW,)
    async with archive.desk() as desk:
        for name, found in (await sealed(desk)).items():
            assert len(found) == len(before[name])
            assert all(opens(NEW, token) and not opens(OLD, token) for token in found), name

        def work(unit: Unit) -> None:
            assert unit.digest("code", "1") == digest
            arrivals = inbox.left(unit, leases.holders(unit), ())
            assert [arrival.body for arrival in arrivals] == [b"one"]
            assert groups.use_code(unit, "bind") == "front"
            found = record.by_number(unit, number_of(3))
            assert found is not None
            assert found[0].filing.title == "停水"
            unit.seal(b"more", record.key_of(unit, found[0].id))
            files.count_wanted(unit)

        await desk.unit(work)
    assert archive.verify() == []


async def test_the_old_key_alone_opens_nothing_any_more(archive: Archive) -> None:
    await evidence.rotate(archive.settings)
    archive.keys = (OLD,)
    with pytest.raises(Exception, match="none of the keys opens this database"):
        async with archive.desk():
            pytest.fail("opened")


@on_sqlite
async def test_a_second_time_there_is_nothing_to_do(archive: Archive) -> None:
    await evidence.rotate(archive.settings)
    content = archive.file.read_bytes()
    assert (await evidence.rotate(archive.settings)).changed == 0
    assert archive.file.read_bytes()[100:] == content[100:]


async def test_keys_are_rotated_again_and_again(archive: Archive) -> None:
    await evidence.rotate(archive.settings)
    archive.keys = (THIRD, NEW)
    async with archive.desk() as desk:
        await some_lives(archive, desk, first=8)
    await evidence.rotate(archive.settings)
    archive.keys = (THIRD,)
    assert archive.verify() == []


async def test_a_crash_between_any_two_pages_is_made_good(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is done stays done, both keys open everything meanwhile, and it goes on from there."""
    rotate, fatal = rotating.rotate, 0
    pages = 0

    def crash(unit: Unit, holding: Any, after: Any) -> Any:
        nonlocal pages
        pages += 1
        page = rotate(unit, holding, after, limit=2)
        if pages == fatal:
            raise RuntimeError  # its unit is not kept
        return page

    monkeypatch.setattr(rotating, "rotate", crash)
    while True:
        pages, fatal = 0, fatal + 1
        try:
            await evidence.rotate(archive.settings)
            break
        except RuntimeError:
            assert archive.verify() == []
    assert fatal > 10
    archive.keys = (NEW,)
    assert archive.verify() == []


async def test_a_page_more_than_its_rows_is_the_last(archive: Archive) -> None:
    """Whatever the size of a page, every row is met once."""
    async with archive.desk() as desk:
        count = len((await sealed(desk))["keys.wrapped"])
        for limit in (1, count - 1, count, count + 1):
            seen, page = 0, rotating.Page(after=())
            while page.after is not None:
                after = page.after or None
                page = await desk.unit(
                    lambda u, a=after, n=limit: rotating.rotate(_Counting(u), HOLDINGS[0], a, n)
                )
                seen += page.changed
            assert seen == count


class _Counting:
    """Rotates without writing."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self.vault = unit.vault

    def run(self, statement: Any) -> Any:
        return self._unit.run(statement) if statement.is_select else None


async def test_what_another_command_writes_meanwhile_is_met_too(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something under the old key, in a table that was walked already."""
    rotate, late = rotating.rotate, []

    def meanwhile(unit: Unit, holding: Any, after: Any) -> Any:
        if holding is HOLDINGS[-1] and not late:
            late.append(Fernet(OLD).encrypt(b"late"))
            unit.run(update(table).where(table.c.update_id == 1).values(payload=late[0]))
        return rotate(unit, holding, after)

    table = metadata.tables["inbox"]
    monkeypatch.setattr(rotating, "rotate", meanwhile)
    await evidence.rotate(archive.settings)
    async with archive.desk() as desk:
        found = await sealed(desk)
    assert late
    assert all(opens(NEW, token) for tokens in found.values() for token in tokens)


async def test_it_refuses_beside_a_running_bot(archive: Archive) -> None:
    """Which a file's lock tells, or the server's list of who is there."""
    async with archive.desk():
        with (
            only_one(archive.settings) or nullcontext(),
            pytest.raises(SettingsError, match="another program is using this database"),
        ):
            await evidence.rotate(archive.settings)
    assert (await evidence.rotate(archive.settings)).changed > 0


async def test_what_none_of_the_keys_opens_is_named_and_the_rest_goes_on(archive: Archive) -> None:
    inbox_, keys = metadata.tables["inbox"], metadata.tables["keys"]

    def damage(unit: Unit) -> None:
        unit.run(update(inbox_).where(inbox_.c.update_id == 1).values(payload=b"\0"))
        alive = (keys.c.wrapped.is_not(None), keys.c.id != "index")
        last = select(func.max(keys.c.id)).where(*alive).scalar_subquery()
        unit.run(update(keys).where(keys.c.id == last).values(wrapped=b"\0"))

    async with archive.desk() as desk:
        await desk.unit(damage)
    rotated = await evidence.rotate(archive.settings)
    assert [place.rsplit(" ", 1)[0] for place in rotated.shut] == [
        "keys.wrapped",
        "inbox.payload 42",
    ]
    async with archive.desk() as desk:
        found = await sealed(desk)
    assert sum(not opens(NEW, t) for tokens in found.values() for t in tokens) == 2


def test_every_encrypted_column_is_under_a_petition_s_key_or_is_rotated() -> None:
    """A new column cannot be forgotten, or dropping the old key would lose it."""
    under_its_own = {"drafts.answers", "files.about"}  # outbox and entries: those with a key
    digests = {"entries.commitment", "entries.projected", "entries.chain"}
    signed = {"seals.digest", "seals.previous", "seals.signature"}
    binary = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert binary == {str(h) for h in HOLDINGS} | under_its_own | digests | signed


async def test_what_is_under_a_petition_s_own_key_stays_as_it_is(archive: Archive) -> None:
    async with archive.desk() as desk:
        before = [r.body for r in await rows(desk, "entries") if r.kind != "erased"]
    await evidence.rotate(archive.settings)
    async with archive.desk() as desk:
        assert [r.body for r in await rows(desk, "entries") if r.kind != "erased"] == before
