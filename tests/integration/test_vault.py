"""What people entrusted to us is unreadable at rest, by whoever has the file and not the keys."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from desks import KEY, Time, a_desk, on_sqlite, rows
from making import CITIZEN, NOW, RULES, a_filing
from sqlalchemy import delete, select, text, update

from petitions.commands import Register
from petitions.events import Supplemented
from petitions.lifecycle import register
from petitions.record import Party
from storage import claiming, drafts, files, groups, inbox, outbox, record
from storage.database import Desk
from storage.inbox import Arrival
from storage.messages import Notice, Parcel, Post
from storage.tables import keys
from storage.unit import Unit
from storage.vault import CACHED, Erased, Vault, WrongKey

MARK = "记号MARKER-48151623"
NEW = Fernet.generate_key().decode()


@pytest.fixture
def path(either: None, tmp_path: Path) -> Path:
    return tmp_path / "m.sqlite3"


@pytest.fixture
async def desk(path: Path) -> AsyncIterator[Desk]:
    async with a_desk(path, Time()) as desk:
        yield desk


def on_disk(path: Path) -> bytes:
    """The database's file and everything beside it, as a thief would have them."""
    return b"".join(each.read_bytes() for each in sorted(path.parent.iterdir()))


async def test_what_is_sealed_is_opened_under_its_own_key_alone(desk: Desk) -> None:
    def work(unit: Unit) -> tuple[str, str, bytes]:
        one, other = unit.vault.new_key(unit.connection), unit.vault.new_key(unit.connection)
        return one, other, unit.seal(b"x", one)

    one, other, sealed = await desk.unit(work)
    assert await desk.look(lambda u: u.open(sealed, one)) == b"x"
    for wrong in (other, None):
        with pytest.raises(WrongKey):
            await desk.look(lambda u, wrong=wrong: u.open(sealed, wrong))


async def test_what_was_changed_is_not_opened(desk: Desk) -> None:
    sealed = await desk.unit(lambda u: u.seal(b"x"))
    changed = sealed[:-2] + (b"AA" if sealed[-2:] != b"AA" else b"BB")
    with pytest.raises(WrongKey):
        await desk.look(lambda u: u.open(changed))


async def test_a_destroyed_key_erases_what_it_protected_and_nothing_else(path: Path) -> None:
    def two(unit: Unit) -> tuple[str, bytes, str, bytes]:
        one, other = unit.vault.new_key(unit.connection), unit.vault.new_key(unit.connection)
        return one, unit.seal(b"1", one), other, unit.seal(b"2", other)

    async with a_desk(path, Time()) as desk:
        one, first, other, second = await desk.unit(two)
        destroy = update(keys).where(keys.c.id == one).values(wrapped=None)
        await desk.unit(lambda u: u.run(destroy))
    async with a_desk(path, Time()) as desk:
        with pytest.raises(Erased):
            await desk.look(lambda u: u.open(first, one))
        with pytest.raises(Erased):
            await desk.look(lambda u: u.seal(b"new", one))
        assert await desk.look(lambda u: u.open(second, other)) == b"2"
        await desk.unit(lambda u: u.run(delete(keys).where(keys.c.id == other)))
    async with a_desk(path, Time()) as desk:
        with pytest.raises(Erased):
            await desk.look(lambda u: u.open(second, other))


async def test_what_is_erased_is_not_read_again_even_by_who_had_it_open(desk: Desk) -> None:
    def make(unit: Unit) -> tuple[str, bytes]:
        key = unit.vault.new_key(unit.connection)
        return key, unit.seal(b"secret", key)

    key, sealed = await desk.unit(make)
    assert await desk.look(lambda u: u.open(sealed, key)) == b"secret"
    await desk.unit(lambda u: u.vault.destroy(u.connection, key, u.now))
    for look in (desk.look, desk.unit):
        with pytest.raises(Erased):
            await look(lambda u: u.open(sealed, key))
    (gone,) = await rows(desk, "keys", id=key)
    assert gone.wrapped is None
    assert gone.destroyed_at is not None


async def test_a_key_whose_destruction_was_taken_back_opens_again(desk: Desk) -> None:
    key = await desk.unit(lambda u: u.vault.new_key(u.connection))
    sealed = await desk.unit(lambda u: u.seal(b"secret", key))

    def fail(unit: Unit) -> None:
        unit.vault.destroy(unit.connection, key, unit.now)
        with pytest.raises(Erased):
            unit.open(sealed, key)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await desk.unit(fail)
    assert await desk.look(lambda u: u.open(sealed, key)) == b"secret"


@on_sqlite
async def test_a_destroyed_key_s_bytes_are_gone_from_the_closed_file(path: Path) -> None:
    async with a_desk(path, Time()) as desk:
        key = await desk.unit(lambda u: u.vault.new_key(u.connection))
        (row,) = await rows(desk, "keys", id=key)
        assert row.wrapped in on_disk(path)
        await desk.unit(lambda u: u.vault.destroy(u.connection, key, u.now))
    assert row.wrapped not in on_disk(path)


async def test_a_wrong_key_is_refused_before_anything_is_written(path: Path) -> None:
    async with a_desk(path, Time()) as desk:
        digest = await desk.look(lambda u: u.digest("code", "1"))
    with pytest.raises(WrongKey, match="none of the keys opens this database"):
        async with a_desk(path, Time(), NEW):
            pytest.fail("opened")
    async with a_desk(path, Time()) as desk:
        assert await desk.look(lambda u: u.digest("code", "1")) == digest


@pytest.mark.parametrize("wrong", [[], [""], ["short"], ["中文"], [KEY, "short"]])
def test_what_is_no_key_is_refused_when_the_vault_is_made(wrong: list[str]) -> None:
    with pytest.raises(WrongKey):
        Vault(wrong)


def test_spaces_around_a_key_do_not_matter() -> None:
    Vault([f" {KEY}\n"])


async def test_the_office_s_keys_are_rotated(path: Path) -> None:
    """New key first, old one second: the old still reads, the new one writes."""
    async with a_desk(path, Time()) as desk:
        old_key = await desk.unit(lambda u: u.vault.new_key(u.connection))
        own, office = await desk.unit(lambda u: (u.seal(b"own", old_key), u.seal(b"office")))
        digest = await desk.look(lambda u: u.digest("code", "1"))
    async with a_desk(path, Time(), NEW, KEY) as desk:
        assert await desk.look(lambda u: (u.open(own, old_key), u.open(office))) == (
            b"own",
            b"office",
        )
        assert await desk.look(lambda u: u.digest("code", "1")) == digest
        new_key = await desk.unit(lambda u: u.vault.new_key(u.connection))
        newer = await desk.unit(lambda u: (u.seal(b"n", new_key), u.seal(b"o")))
        wrapped = await desk.look(
            lambda u: u.connection.scalar(select(keys.c.wrapped).where(keys.c.id == new_key))
        )
        assert await desk.look(lambda u: (u.open(newer[0], new_key), u.open(newer[1]))) == (
            b"n",
            b"o",
        )
    Fernet(NEW).decrypt(wrapped)
    assert Fernet(NEW).decrypt(newer[1]) == b"o"
    # The new key alone is refused while the database's own key is wrapped by the old one.
    with pytest.raises(WrongKey):
        async with a_desk(path, Time(), NEW):
            pytest.fail("opened")


async def test_digests_are_keyed_told_apart_by_their_parts_and_the_same_for_ever(
    path: Path, tmp_path: Path
) -> None:
    async with a_desk(path, Time()) as desk:
        digests = await desk.look(
            lambda u: [u.digest("a", "bc"), u.digest("ab", "c"), u.digest("a", "bc")]
        )
    assert digests[0] == digests[2] != digests[1]
    async with a_desk(path, Time()) as desk:
        assert await desk.look(lambda u: u.digest("a", "bc")) == digests[0]
    async with a_desk(tmp_path / "other.sqlite3", Time()) as desk:
        assert await desk.look(lambda u: u.digest("a", "bc")) != digests[0]


async def test_only_so_many_keys_are_kept_open(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.vault.CACHED", 3)
    assert CACHED > 3

    def work(unit: Unit) -> None:
        ids = [unit.vault.new_key(unit.connection) for _ in range(5)]
        sealed = [(unit.seal(i.encode(), i), i) for i in ids]
        assert [unit.open(body, i).decode() for body, i in sealed] == ids

    await desk.unit(work)
    assert len(desk.vault._opened) == 3


@on_sqlite
async def test_nothing_that_a_person_wrote_is_readable_in_the_files(path: Path) -> None:
    def write(unit: Unit) -> None:
        inbox.store(unit, [Arrival(1, 5, MARK.encode()), Arrival(2, 5, MARK.encode())])
        inbox.set_aside(unit, 2, f"ValueError {MARK}")
        draft = drafts.begin(unit, 5, 5, "filing", "title", answers={"title": MARK})
        drafts.save(unit, draft.answered("facts", [MARK, MARK]))
        sent = {
            "kind": "photo",
            "file_id": "f",
            "unique_id": "u",
            "chat_id": 5,
            "message_id": 6,
            "size": 7,
            "name": MARK,
            "caption": MARK,
        }
        files.add(unit, draft.key_id, sent)
        filing = a_filing(title=MARK, facts=(MARK,), request=(MARK,), name=MARK, phone=MARK)
        event = register(Register(filing, "99010020260302000017", MARK), NOW, RULES)
        by = Party("petitioner", CITIZEN)
        digest = unit.digest("code", "n", MARK)
        petition = record.register(unit, event, CITIZEN, by, draft.key_id, digest)
        more = Supplemented(text=(MARK,))
        record.append(unit, petition, more, by)
        groups.store_code(unit, MARK, "front")
        notice = Parcel(
            chat_id=5,
            notice=Notice(kind="accepted", petition_id=petition.id, code=MARK),
            petition_id=petition.id,
            key_id=draft.key_id,
            urgent=False,
        )
        outbox.put(unit, [Parcel(chat_id=5, post=Post(key="k", text=MARK)), notice])
        for row in claiming.claim(unit, 10):
            outbox.settle(unit, row, "sent", shown=MARK, message_id=9)
        outbox.put(unit, [Parcel(chat_id=6, post=Post(key="k", text=MARK))])

    async with a_desk(path, Time()) as desk:
        await desk.unit(write)
        held = await rows(desk, "outbox")
        assert len(held) == 3
        open_files = on_disk(path)
        # It is all there, for who has the keys …
        petition = await desk.look(lambda u: record.of_petitioner(u, CITIZEN)[0])
        assert petition.filing.title == MARK
    closed_files = on_disk(path)
    forms = (MARK.encode(), MARK.encode("utf-16-le"), b"MARKER-48151623", "记号".encode())
    for content in (open_files, closed_files):
        assert len(content) > 10_000
        # … and not for who has the files: neither as it is, nor as JSON escapes it.
        assert not [form for form in (*forms, rb"\u8bb0\u53f7") if form in content]
        # The check can see: what is kept plain is found.
        assert b"99010020260302000017" in content


async def test_a_done_update_and_a_sent_answer_leave_nothing_to_decrypt(desk: Desk) -> None:
    def work(unit: Unit) -> None:
        inbox.store(unit, [Arrival(1, 5, MARK.encode())])
        inbox.done(unit, 1)
        (row,) = outbox.put(unit, [Parcel(chat_id=5, post=Post(key="k", text=MARK))])
        outbox.settle(unit, row, "sent", shown=None, message_id=1)

    await desk.unit(work)
    assert (await rows(desk, "inbox"))[0].payload is None
    (row,) = await rows(desk, "outbox")
    assert (row.payload, row.shown) == (b"", None)


async def test_a_new_database_has_one_key_of_its_own(desk: Desk) -> None:
    await desk.database.write(desk.vault.check)
    found = await desk.look(lambda u: u.run(text("SELECT id FROM keys")).scalars().all())
    assert found == ["index"]
