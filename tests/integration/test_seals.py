"""What is new is sealed, each seal follows the one before, and the log outlives a crash."""

import base64
import hashlib
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from archives import Archive, add, file
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from desks import on_sqlite, rows
from making import HOLDER
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.sealing import make_sealer
from petitions import events as ev
from storage import sealkeys, seals
from storage.database import Desk
from storage.sealkeys import SealKeyError
from storage.seallog import SealLog
from storage.unit import Unit


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "data")


@pytest.fixture
async def desk(either: None, archive: Archive) -> AsyncIterator[Desk]:
    async with archive.desk() as desk:
        yield desk


async def some(desk: Desk, count: int, first: int = 1) -> None:
    for serial in range(first, first + count):
        await file(desk, serial)


async def test_the_key_is_made_at_the_first_start_for_its_owner_alone(
    archive: Archive, desk: Desk
) -> None:
    await make_sealer(desk, archive.settings.seal_key)
    key = archive.settings.seal_key
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    content = key.read_bytes()
    assert isinstance(load_pem_private_key(content, None), Ed25519PrivateKey)
    (public,) = sealkeys.load_public(archive.folder / "seal.pub")
    assert public == sealkeys.load(key).public_key()
    assert archive.log.read_bytes() == b""
    await make_sealer(desk, key)
    assert key.read_bytes() == content
    assert sorted(path.name for path in archive.folder.glob("seal*")) == [
        "seal.key",
        "seal.pub",
        "seals.log",
    ]


async def test_a_crash_while_the_key_is_made_leaves_no_half_of_one(
    archive: Archive, desk: Desk
) -> None:
    key = archive.settings.seal_key
    key.with_name("seal.key.part").write_text("-----BEGIN PRIV")
    await make_sealer(desk, key)
    sealkeys.load(key)


async def test_the_key_lies_where_the_setting_says(archive: Archive, desk: Desk) -> None:
    elsewhere = archive.folder.with_name("elsewhere") / "my.key"
    await make_sealer(desk, elsewhere)
    assert sorted(path.name for path in elsewhere.parent.iterdir()) == [
        ".seals.lock",
        "my.key",
        "my.pub",
        "seals.log",
    ]


async def test_a_key_that_is_gone_though_there_are_seals_of_it_is_not_made_anew(
    archive: Archive, desk: Desk
) -> None:
    await some(desk, 1)
    await archive.seal(desk)
    archive.settings.seal_key.unlink()
    with pytest.raises(SealKeyError, match="not there, but this database has seals made with it"):
        await make_sealer(desk, archive.settings.seal_key)
    assert not archive.settings.seal_key.exists()


async def test_a_key_of_another_kind_or_in_a_file_nobody_may_read_is_refused(
    archive: Archive, desk: Desk
) -> None:
    key = archive.settings.seal_key
    pem = X25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    key.write_bytes(pem)
    with pytest.raises(SealKeyError, match=r"seal\.key: no Ed25519 key"):
        await make_sealer(desk, key)
    with pytest.raises(SealKeyError, match="Is a directory"):
        await make_sealer(desk, archive.folder)
    with pytest.raises(SealKeyError, match=r"seal\.key: File exists"):
        await make_sealer(desk, key / "seal.key")


async def test_a_seal_is_over_the_links_of_what_is_new(archive: Archive, desk: Desk) -> None:
    """Recomputed by hand from what the tables hold: the shape of a seal is for ever."""
    first, second = await file(desk, 1), await file(desk, 2)
    await archive.seal(desk)
    archive.time.pass_(60)
    await add(desk, first, ev.Taken(holder=HOLDER))
    await archive.seal(desk)
    entries = {(e.petition_id, e.seq): e for e in await rows(desk, "entries")}
    key = sealkeys.load(archive.settings.seal_key)
    previous = ""
    places = [[(i, 1) for i in sorted([first.id, second.id])], [(first.id, 2)]]
    log = b""
    times = (1772416800000000, 1772416860000000)
    for seal, at in zip(await rows(desk, "seals"), times, strict=True):
        covered = places[seal.id - 1]
        lines = "".join(
            f'["{i}",{seq},{{"bytes":"{entries[i, seq].chain.hex()}"}}]\n' for i, seq in covered
        )
        assert seal.digest == hashlib.sha256(lines.encode()).digest()
        message = (
            f'["minsheng seal",1,{seal.id},{len(covered)},{{"bytes":"{seal.digest.hex()}"}},'
            f'{{"bytes":"{previous}"}},{at}]'
        )
        key.public_key().verify(seal.signature, message.encode())
        assert {entries[place].seal_id for place in covered} == {seal.id}
        assert (seal.count, seal.previous.hex(), seal.at) == (len(covered), previous, at)
        previous = seal.signature.hex()
        log += b"%d %s\n" % (seal.id, base64.b64encode(seal.signature))
    assert archive.log.read_bytes() == log


async def test_nothing_new_is_not_sealed(archive: Archive, desk: Desk) -> None:
    await archive.seal(desk)
    assert await rows(desk, "seals") == []
    await some(desk, 1)
    for _ in range(3):
        await archive.seal(desk)
    assert len(await rows(desk, "seals")) == 1


async def test_much_that_is_new_is_sealed_in_pieces(
    archive: Archive, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = seals.seal
    monkeypatch.setattr(seals, "seal", lambda unit, key, before: seal(unit, key, before, limit=3))
    await some(desk, 7)
    await archive.seal(desk)
    assert [row.count for row in await rows(desk, "seals")] == [3, 3, 1]
    assert archive.verify() == []


@on_sqlite
async def test_what_a_seal_costs_does_not_grow_with_what_is_stored(
    archive: Archive, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every statement of sealing goes by an index of what is new, or by a key."""
    await some(desk, 2)
    await archive.seal(desk)
    await some(desk, 1, first=3)
    run, plans = Unit.run, []

    def explained(unit: Unit, statement: Any, values: Any = None) -> Any:
        made = statement.compile(unit.connection)
        explain = unit.connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {made.string}",
            tuple(made.params[name] for name in made.positiontup),
        )
        plans.extend(row[3] for row in explain)
        return run(unit, statement, values)

    sealer = await make_sealer(desk, archive.settings.seal_key)
    monkeypatch.setattr(Unit, "run", explained)
    await sealer.run()
    assert len(plans) >= 5
    wanted = (
        "USING INDEX ix_entries_unsealed",
        "LIST SUBQUERY",  # of what that index holds, each then found by its key
        "(petition_id=? AND seq=?)",
        "USING INTEGER PRIMARY KEY",
        "SCAN seals",
    )
    assert [plan for plan in plans if not any(each in plan for each in wanted)] == []
    # The newest seal is the first that such a scan meets: it walks the key from its end.
    assert "USE TEMP B-TREE" not in " ".join(plans)


# -- the log -----------------------------------------------------------------------------------


class Crash(Exception):
    """The program ends here."""


async def test_a_crash_between_commit_and_log_is_made_good(
    archive: Archive, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = SealLog.append

    def crash(*_: object) -> None:
        raise Crash

    for serial in (1, 2):
        await some(desk, 1, first=serial)
        monkeypatch.setattr(SealLog, "append", crash)
        with pytest.raises(Crash):
            await archive.seal(desk)
        assert archive.verify() == []
        monkeypatch.setattr(SealLog, "append", append)
        await archive.seal(desk)
        assert len(archive.log.read_bytes().splitlines()) == serial
        assert archive.verify() == []
    assert len(await rows(desk, "seals")) == 2


async def test_a_line_that_a_crash_cut_off_is_written_anew(archive: Archive, desk: Desk) -> None:
    await some(desk, 1)
    await archive.seal(desk)
    await some(desk, 1, first=2)
    await archive.seal(desk)
    whole = archive.log.read_bytes()
    for cut in (1, 40, len(whole.splitlines()[1]), len(whole.splitlines()[1]) + 1, len(whole)):
        archive.log.write_bytes(whole[: len(whole) - cut])
        assert archive.verify() == []
        await archive.seal(desk)
        assert archive.log.read_bytes() == whole
    await some(desk, 1, first=3)
    await archive.seal(desk)
    assert archive.log.read_bytes().startswith(whole)
    assert archive.verify() == []


async def test_without_its_log_nothing_is_sealed_until_it_is_there(
    archive: Archive, desk: Desk
) -> None:
    await some(desk, 1)
    sealer = await make_sealer(desk, archive.settings.seal_key)
    archive.log.unlink()
    archive.log.mkdir()
    with capture_logs() as logged:
        await sealer.run()
    assert logged == [
        {"event": "seals.log_unusable", "log_level": "error", "error": "BadLog"},
    ]
    assert await rows(desk, "seals") == []
    archive.log.rmdir()
    await sealer.run()
    assert archive.verify() == []


async def test_when_an_older_copy_is_put_back_the_gap_stays_to_be_seen(archive: Archive) -> None:
    """What is sealed then takes up where the log is, so no number is given twice."""
    async with archive.desk() as desk:
        await some(desk, 1)
        await archive.seal(desk)
    older = archive.file.read_bytes()
    async with archive.desk() as desk:
        for serial in (2, 3):
            await some(desk, 1, first=serial)
            await archive.seal(desk)
    archive.file.write_bytes(older)
    async with archive.desk() as desk:
        await some(desk, 1, first=2)
        with capture_logs() as logged:
            await archive.seal(desk)
            await archive.seal(desk)
        assert [(entry["event"], entry["last"], entry["logged"]) for entry in logged] == [
            ("seals.missing", 1, 3)
        ]
        assert [row.id for row in await rows(desk, "seals")] == [1, 4]
    found = archive.verify()
    assert "seal 2: it is missing, or more from here on" in found
    assert any(
        line.startswith("seal 2: the log names it (and what follows, to 3)") for line in found
    )


async def test_an_old_log_laid_aside_lets_the_record_begin_anew_from_the_copy(
    archive: Archive,
) -> None:
    """As the documentation says, for an honest restore."""
    async with archive.desk() as desk:
        await some(desk, 1)
        await archive.seal(desk)
    older = archive.file.read_bytes()
    async with archive.desk() as desk:
        await some(desk, 1, first=2)
        await archive.seal(desk)
    archive.file.write_bytes(older)
    archive.log.rename(archive.folder / "seals.log.before")
    async with archive.desk() as desk:
        await some(desk, 1, first=2)
        await archive.seal(desk)
    assert archive.verify() == []


async def test_seals_of_two_keys_hold_with_both_public_halves(archive: Archive) -> None:
    """A key that was lost for good, and the one that followed it."""
    async with archive.desk() as desk:
        await some(desk, 1)
        await archive.seal(desk)
        archive.settings.seal_key.unlink()
        sealkeys.make(archive.settings.seal_key)
        await some(desk, 1, first=2)
        await archive.seal(desk)
    assert archive.verify() == ["seal 1: its signature does not hold"]
    both = archive.folder / "both.pub"
    first = (archive.folder / "seal.pub").read_bytes()
    (archive.folder / "seal.pub").unlink()
    sealkeys.publish(archive.settings.seal_key, sealkeys.load(archive.settings.seal_key))
    both.write_bytes(first + (archive.folder / "seal.pub").read_bytes())
    assert archive.verify(public_key=both) == []


@on_sqlite
async def test_what_waits_to_be_sealed_is_in_an_index_by_itself(desk: Desk) -> None:
    def work(unit: Unit) -> str:
        name = "ix_entries_unsealed"
        return str(
            unit.run(text("SELECT sql FROM sqlite_master WHERE name = :n"), {"n": name}).scalar()
        )

    assert (await desk.look(work)).endswith("WHERE seal_id IS NULL")
