"""The record is evidence: whatever is changed in it is found, and what was not changed holds."""

import shutil
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import desks
import pytest
from archives import NEW, OLD, Archive, add, erase, file, number_of, some_lives, ties_of
from cryptography.fernet import Fernet
from intruders import Intruder
from making import HOLDER

from bot import evidence
from bot.settings import SettingsError
from petitions import events as ev
from storage import projection, record, vault, verifying
from storage.database import Unavailable
from storage.schema import OtherSchema
from storage.sealkeys import SealKeyError
from storage.unit import Unit
from storage.vault import WrongKey


@pytest.fixture(autouse=True)
def tied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases with people involved, until the rules say who is."""
    monkeypatch.setattr(projection, "ties_of", ties_of)


@pytest.fixture
async def archive(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path / "data")
    async with archive.desk() as desk:
        await some_lives(archive, desk)
    return archive


def rows(archive: Archive, query: str, *values: Any) -> list[Any]:
    with archive.sql() as connection:
        return connection.execute(query, values).fetchall()


@pytest.mark.usefixtures("either")
async def test_an_untouched_record_with_erased_petitions_holds(archive: Archive) -> None:
    assert archive.verify() == []
    checked = archive.examine([])
    assert (checked.petitions, checked.erased, checked.unsealed) == (7, 2, 0)
    async with archive.desk() as desk:
        held = {name: len(await desks.rows(desk, name)) for name in ("entries", "seals")}
    assert checked.entries == held["entries"] > 30
    assert checked.seals == held["seals"] >= 4


@pytest.mark.usefixtures("either")
async def test_what_is_not_sealed_yet_is_counted_and_holds(archive: Archive) -> None:
    async with archive.desk() as desk:
        petition = await file(desk, 9)
        await add(desk, petition, ev.Taken(holder=HOLDER))
    faults: list[str] = []
    assert archive.examine(faults).unsealed == 2
    assert faults == []


@pytest.mark.usefixtures("either")
async def test_it_is_looked_at_beside_the_program_that_writes(archive: Archive) -> None:
    async with archive.desk() as desk:
        petition = await file(desk, 9)
        assert archive.verify() == []
        await add(desk, petition, ev.Taken(holder=HOLDER))
        await archive.seal(desk)
        assert archive.verify() == []


async def test_an_entry_sealed_as_before_holds_and_is_held_to_its_spelling(
    archive: Archive,
) -> None:
    """As a Fernet token, which could be spelt in several ways that decode the same."""
    async with archive.desk() as desk:
        (row, *_) = await desks.rows(desk, "entries", kind="taken")

        def token(unit: Unit) -> bytes:
            key = record.key_of(unit, row.petition_id)
            plain = unit.open(row.body, key)
            return Fernet(unit.vault._key(unit.connection, key)).encrypt(plain)

        sealed = await desk.look(token)
    put = "UPDATE entries SET body = ? WHERE petition_id = ? AND seq = ?"
    archive.change(put, sealed, row.petition_id, row.seq)
    assert archive.verify() == []
    archive.change(put, sealed + b"\n", row.petition_id, row.seq)
    (fault,) = archive.verify()
    assert fault.endswith(f"entry {row.seq}: its content is not as it was sealed")


async def test_verifying_changes_nothing(archive: Archive) -> None:
    before = {path.name: path.read_bytes() for path in archive.folder.iterdir()}
    archive.verify()
    after = {path.name: path.read_bytes() for path in archive.folder.iterdir()}
    assert {n: b for n, b in after.items() if not n.endswith(("-shm", "-wal"))} == before


async def test_a_copy_is_verified_elsewhere_with_the_public_half_alone(
    archive: Archive, tmp_path: Path
) -> None:
    there = tmp_path / "auditor"
    there.mkdir()
    shutil.copy(archive.file, there / "copy #1?.sqlite3")
    shutil.copy(archive.folder / "seal.pub", there)
    archive.settings.seal_key.unlink()
    how = {"database": there / "copy #1?.sqlite3", "public_key": there / "seal.pub"}
    (note,) = archive.verify(**how)
    assert note.startswith("note: seals.log is not beside the key")
    shutil.copy(archive.log, there)
    assert archive.verify(**how) == []
    with archive.sql(how["database"]) as connection:
        connection.execute("DELETE FROM seals WHERE id = (SELECT max(id) FROM seals)")
    assert archive.verify(**how) != []


# -- one fault of each kind --------------------------------------------------------------------

LAST = "(SELECT max(seq) FROM entries AS e WHERE e.petition_id = entries.petition_id)"
FAULTS: dict[str, tuple[str, str]] = {
    "UPDATE petitions SET unit_id = 'ducha' WHERE number = :n": (
        "petition {n}",
        "its row, ties or spans are not as its last entry left them",
    ),
    "UPDATE petitions SET code_digest = 'x' WHERE number = :n": (
        "petition {n}, entry 1",
        "it was registered with another row",
    ),
    "DELETE FROM petitions WHERE number = :n": ("petition {id}", "it has entries and no row"),
    "INSERT INTO ties VALUES (:id, 'accused', 'front')": (
        "petition {n}",
        "its row, ties or spans are not as its last entry left them",
    ),
    "INSERT INTO ties VALUES ('nobody', 'accused', 'front')": (
        "petition nobody",
        "it has ties and no row",
    ),
    "UPDATE spans SET done_on = '2026-03-03' WHERE petition_id = :id AND n = 1": (
        "petition {n}",
        "its row, ties or spans are not as its last entry left them",
    ),
    "DELETE FROM spans WHERE petition_id = :id AND n = 2": (
        "petition {n}",
        "its spans are not those of its record",
    ),
    "UPDATE spans SET petition_id = 'nobody' WHERE petition_id = :id": (
        "petition nobody",
        "it has spans and no row",
    ),
    "UPDATE entries SET kind = 'looked' WHERE petition_id = :id AND seq = 2": (
        "petition {n}, entry 2",
        "it is not as the chain says, or the one before it is not",
    ),
    "UPDATE entries SET at = at + 0.5 WHERE petition_id = :id AND seq = 2": (
        "petition {n}, entry 2",
        "it is not as the chain says, or the one before it is not",
    ),
    "UPDATE entries SET chain = CAST(chain AS TEXT) WHERE petition_id = :id AND seq = 2": (
        "petition {n}, entry 2",
        "a digest of it is none",
    ),
    "DELETE FROM entries WHERE petition_id = :id AND seq = 2": (
        "petition {n}, entry 3",
        "entry 2 is missing",
    ),
    "DELETE FROM entries WHERE petition_id = :id": ("petition {n}", "it has no entries"),
    "UPDATE entries SET body = NULL WHERE petition_id = :id AND seq = 2": (
        "petition {n}, entry 2",
        "its content is gone",
    ),
    "UPDATE entries SET body = CAST(body AS TEXT) WHERE petition_id = :id AND seq = 2": (
        "petition {n}, entry 2",
        "its content is not as it was sealed",
    ),
    "UPDATE entries SET body = CAST(body || x'0a' AS BLOB) WHERE petition_id = :id AND seq = 2": (
        "petition {n}, entry 2",
        "its content is not as it was sealed, or its key is another",
    ),
    "UPDATE entries SET body = (SELECT body FROM entries WHERE petition_id = :id AND seq = 1)"
    " WHERE petition_id = :id AND seq = 2": (
        "petition {n}, entry 2",
        "its content is not what was committed to",
    ),
    "UPDATE entries SET by_id = 5 WHERE petition_id = :id AND by_kind = 'petitioner'": (
        "petition {n}, entry 1",
        "it is by somebody else than the petitioner",
    ),
    "UPDATE keys SET wrapped = NULL WHERE id = (SELECT key_id FROM petitions WHERE number = :n)": (
        "petition {n}, entry 1",
        "its key is gone",
    ),
    "UPDATE entries SET seal_id = 2 WHERE petition_id = :id AND seq = 1": (
        "seal 2",
        "the entries it covers are not those that were sealed",
    ),
    "UPDATE entries SET seal_id = NULL WHERE petition_id = :id AND seq = 1": (
        "seal 1",
        "the entries it covers are not those that were sealed",
    ),
    "UPDATE entries SET seal_id = 'none' WHERE petition_id = :id AND seq = 1": (
        "seal none",
        "entries are sealed by it, but it is not there",
    ),
    "DELETE FROM seals WHERE id = 2": ("seal 2", "it is missing, or more from here on"),
    "DELETE FROM seals WHERE id = 1": ("seal 1", "entries are sealed by it, but it is not there"),
    "UPDATE seals SET signature = (SELECT signature FROM seals WHERE id = 1) WHERE id = 2": (
        "seal 2",
        "the log names another seal of this number",
    ),
    "UPDATE seals SET at = at + 1 WHERE id = 2": ("seal 2", "its signature does not hold"),
    "UPDATE seals SET previous = x'00' WHERE id = 2": (
        "seal 2",
        "it does not follow the one before",
    ),
}


@pytest.mark.parametrize("statement", FAULTS)
async def test_each_kind_of_fault_is_said_in_a_line_of_its_own(
    archive: Archive, statement: str
) -> None:
    number = number_of(1)
    ((petition_id,),) = rows(archive, "SELECT id FROM petitions WHERE number = ?", number)
    with archive.sql() as connection:
        values = {"n": number, "id": petition_id}
        named = {name: value for name, value in values.items() if f":{name}" in statement}
        assert connection.execute(statement, named).rowcount > 0
    where, what = FAULTS[statement]
    line = f"{where.format(n=number, id=petition_id)}: {what}"
    assert line in archive.verify()


async def test_a_text_that_is_none_is_named_and_not_stumbled_over(archive: Archive) -> None:
    archive.change(
        "UPDATE petitions SET state = CAST(x'ff' AS TEXT) WHERE number = ?", number_of(1)
    )
    assert any("its row says another state" in line for line in archive.verify())


async def test_an_index_that_tells_lies_is_a_fault_of_the_file(archive: Archive) -> None:
    """The bot finds petitions by an index: one that was left as it was finds the wrong ones."""
    name = "ix_entries_unsealed"
    with archive.sql() as connection:
        connection.execute("PRAGMA writable_schema = ON")
        kept = connection.execute("SELECT * FROM sqlite_master WHERE name = ?", [name]).fetchone()
        connection.execute("DELETE FROM sqlite_master WHERE name = ?", [name])
    with archive.sql() as connection:
        connection.execute("UPDATE entries SET seal_id = NULL WHERE seq = 2")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", kept)
    assert any(line.startswith("the file: ") for line in archive.verify())


async def test_ties_are_those_the_record_tells_of(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As they were written and are still stored, but not as the record is folded."""
    monkeypatch.setattr(projection, "ties_of", lambda petition: ties_of(petition) | {("x", "y")})
    found = archive.verify()
    assert f"petition {number_of(1)}: its ties are not those of its record" in found


@pytest.mark.usefixtures("either")
async def test_what_is_held_of_the_record_does_not_grow_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault, "CACHED", 10)
    monkeypatch.setattr(verifying, "PAGE", 10)
    archive, peaks = Archive(tmp_path / "large"), []
    async with archive.desk() as desk:
        for first, count in ((1, 20), (21, 20), (41, 160)):
            for serial in range(first, first + count):
                await file(desk, serial, facts=("漏水" * 950,) * 3)
            await archive.seal(desk)
            tracemalloc.start()
            assert archive.verify() == []
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        whole = sum(len(row.body) for row in await desks.rows(desk, "entries"))
    assert whole > 3_000_000
    # The first look also makes what the second one finds made.
    assert peaks[2] - peaks[1] < whole / 5, peaks


# -- of erased petitions -----------------------------------------------------------------------

ERASED = "(SELECT id FROM petitions WHERE state = 'erased' ORDER BY number LIMIT 1)"


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE petitions SET category = 'x' WHERE id = {e}", "its row, ties or spans are not"),
        ("UPDATE petitions SET petitioner_id = 7 WHERE id = {e}", "its row, ties or spans are not"),
        ("DELETE FROM spans WHERE petition_id = {e} AND n = 1", "its row, ties or spans are not"),
        (
            "UPDATE spans SET unit_id = 'roads' WHERE petition_id = {e}",
            "its row, ties or spans are not as",
        ),
        (
            "UPDATE petitions SET state = 'replied' WHERE id = {e}",
            "does not say that it was erased",
        ),
        ("INSERT INTO ties VALUES ({e}, 'accused', 'front')", "its row, ties or spans are not as"),
        (
            "UPDATE entries SET by_id = 7 WHERE petition_id = {e} AND seq = 1",
            "names the petitioner",
        ),
        (
            "UPDATE entries SET by_id = 7 WHERE petition_id = {e} AND seq = 2",
            "not as the chain says",
        ),
        (
            "UPDATE entries SET body = x'00' WHERE petition_id = {e} AND seq = 1",
            "has content though",
        ),
        ("UPDATE entries SET body = NULL WHERE petition_id = {e} AND kind = 'erased'", "is gone"),
        ("DELETE FROM entries WHERE petition_id = {e} AND kind = 'erased'", "its content is gone"),
        (
            "UPDATE entries SET kind = 'erased' WHERE petition_id = {e} AND seq = 2",
            "follow the era",
        ),
        (
            "UPDATE keys SET wrapped = x'00' WHERE id ="
            " (SELECT key_id FROM petitions WHERE id = {e})",
            "its key is still there",
        ),
        (
            "UPDATE entries SET body = (SELECT body FROM entries AS e WHERE e.kind = 'erased' AND"
            " e.petition_id <> {e}) WHERE petition_id = {e} AND kind = 'erased'",
            "its content is not what was committed to",
        ),
    ],
)
async def test_of_an_erased_petition_too_each_change_is_found(
    archive: Archive, statement: str, what: str
) -> None:
    archive.change(statement.format(e=ERASED))
    assert any(what in line for line in archive.verify())


# -- what an intruder can do who knows the algorithm and has no key -----------------------------


def unseal(intruder: Intruder) -> None:
    """As if nothing had been sealed yet: what is found then is found without any seal."""
    intruder.sql.execute("UPDATE entries SET seal_id = NULL")
    intruder.sql.execute("DELETE FROM seals")


async def test_the_intruder_s_rewriting_by_itself_changes_nothing(archive: Archive) -> None:
    with archive.sql() as connection:
        intruder = Intruder(connection)
        before = [tuple(row) for row in connection.execute("SELECT * FROM entries")]
        for petition_id in intruder.ids():
            intruder.chain_anew(petition_id)
        assert [tuple(row) for row in connection.execute("SELECT * FROM entries")] == before
    assert archive.verify() == []


@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize("change", ["unit_id = 'ducha'", "code_digest = 'x'", "petitioner_id = 7"])
async def test_a_row_rewritten_with_its_digest_and_links_is_found(
    archive: Archive, change: str, sealed: bool
) -> None:
    """Without a seal too: the content names the row it was sealed with."""
    with archive.sql() as connection:
        intruder = Intruder(connection)
        (petition_id, *_) = intruder.ids("state <> 'erased'")
        connection.execute(f"UPDATE petitions SET {change} WHERE id = ?", [petition_id])
        intruder.chain_anew(petition_id)
        if not sealed:
            unseal(intruder)
    if not sealed:
        archive.log.write_bytes(b"")
    found = archive.verify()
    assert any("its content belongs elsewhere" in line for line in found)
    assert any(line.startswith("seal ") for line in found) == sealed


async def test_an_old_content_told_again_as_a_new_entry_is_found_before_it_is_sealed(
    archive: Archive,
) -> None:
    with archive.sql() as connection:
        intruder = Intruder(connection)
        (petition_id, *_) = intruder.ids("state <> 'erased'")
        taken = next(line for line in intruder.lines(petition_id) if line["kind"] == "taken")
        intruder.append(petition_id, taken)
    found = archive.verify()
    assert any("its content belongs elsewhere" in line for line in found)
    assert not any("chain" in line for line in found)


async def test_an_erasure_is_not_forged_from_another(archive: Archive) -> None:
    """Content gone, key gone, row as after an erasure, and another petition's last entry."""
    with archive.sql() as connection:
        intruder = Intruder(connection)
        (petition_id, *_) = intruder.ids("state <> 'erased'")
        (other, *_) = intruder.ids("state = 'erased'")
        connection.execute(
            "UPDATE petitions SET state = 'erased', petitioner_id = 0, code_digest = '',"
            " holder_id = NULL, due_on = NULL WHERE id = ?",
            [petition_id],
        )
        connection.execute("DELETE FROM ties WHERE petition_id = ?", [petition_id])
        connection.execute("UPDATE entries SET body = NULL WHERE petition_id = ?", [petition_id])
        connection.execute(
            "UPDATE entries SET by_id = NULL WHERE by_kind = 'petitioner' AND petition_id = ?",
            [petition_id],
        )
        connection.execute(
            "UPDATE keys SET wrapped = NULL WHERE id = (SELECT key_id FROM petitions WHERE id = ?)",
            [petition_id],
        )
        intruder.append(petition_id, intruder.lines(other)[-1])
    (line,) = archive.verify()
    assert line.endswith("its content belongs elsewhere")


async def test_what_was_changed_before_an_honest_entry_is_found_after_it(archive: Archive) -> None:
    """The next entry takes up the row as it is; the first one remembers how it was."""
    archive.change("UPDATE petitions SET code_digest = 'mine' WHERE number = ?", number_of(1))
    async with archive.desk() as desk:
        found = await desk.look(lambda unit: record.by_number(unit, number_of(1)))
        assert found is not None
        await add(desk, found[0], ev.Looked())
        await archive.seal(desk)
    (line,) = archive.verify()
    assert line.endswith("it was registered with another row")


async def test_a_row_changed_before_it_is_erased_is_erased_as_the_record_has_it(
    archive: Archive,
) -> None:
    archive.change("UPDATE petitions SET category = 'x' WHERE number = ?", number_of(1))
    async with archive.desk() as desk:
        found = await desk.look(lambda unit: record.by_number(unit, number_of(1)))
        assert found is not None
        await erase(desk, found[0])
    assert archive.verify() == []
    assert rows(archive, "SELECT category FROM petitions WHERE number = ?", number_of(1)) == [
        ("urban.roads",)
    ]


async def test_the_newest_minute_can_be_cut_off_unseen_and_no_more(archive: Archive) -> None:
    """What the documentation says it cannot prove: entries that were not sealed yet."""
    older = archive.copy(archive.folder.with_name("older"))
    async with archive.desk() as desk:
        await add(desk, await file(desk, 9), ev.Taken(holder=HOLDER))
    archive.file.write_bytes(older.file.read_bytes())
    assert archive.verify() == []


# -- seals and their log -----------------------------------------------------------------------


async def test_an_older_copy_of_the_database_shows_beside_the_log(archive: Archive) -> None:
    older = archive.copy(archive.folder.with_name("older"))
    async with archive.desk() as desk:
        for serial in (9, 10):
            await file(desk, serial)
            await archive.seal(desk)
    newest = rows(archive, "SELECT max(id) FROM seals")[0][0]
    archive.file.write_bytes(older.file.read_bytes())
    assert archive.verify() == [
        f"seal {newest - 1}: the log names it (and what follows, to {newest}), but it is not"
        " there: cut off, or an older copy"
    ]


@pytest.mark.usefixtures("either")
async def test_a_log_that_a_crash_left_behind_or_cut_off_is_no_fault(archive: Archive) -> None:
    lines = archive.log.read_bytes().splitlines(keepends=True)
    for kept in (b"".join(lines[:-1]), b"".join(lines)[:-9], b"", b"".join(lines)[:-1]):
        archive.log.write_bytes(kept)
        assert archive.verify() == []


@pytest.mark.usefixtures("either")
async def test_a_log_that_is_gone_is_a_fault(archive: Archive) -> None:
    archive.log.unlink()
    assert archive.verify() == [evidence.NO_LOG]


@pytest.mark.parametrize(
    ("edit", "what"),
    [
        (lambda lines: [*lines[:1], *lines[2:]], "the log names it where 2 should be"),
        (lambda lines: [*lines, lines[-1]], "the log names it where"),
        (
            lambda lines: [*lines[:-1], lines[-1].split()[0] + b" " + lines[0].split()[1] + b"\n"],
            "the log names another seal of this number",
        ),
    ],
)
async def test_a_log_that_was_changed_is_a_fault(
    archive: Archive, edit: Callable[[list[bytes]], list[bytes]], what: str
) -> None:
    archive.log.write_bytes(b"".join(edit(archive.log.read_bytes().splitlines(keepends=True))))
    (line,) = archive.verify()
    assert what in line


async def test_a_log_that_is_none_is_said_in_plain_words(archive: Archive) -> None:
    archive.log.write_bytes(b"seals? \xff\n" + archive.log.read_bytes())
    with pytest.raises(SettingsError, match=r"seals\.log: a line is not as it was written"):
        archive.verify()


async def test_the_log_is_as_old_as_the_moment_it_is_looked_at(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is sealed while the record is walked is in the log and not in sight of the walk."""
    look = evidence.look_at

    def later(path: Path) -> Any:
        lines = archive.log.read_bytes().splitlines(keepends=True)
        number = int(lines[-1].split()[0]) + 1
        archive.log.write_bytes(b"".join(lines) + b"%d " % number + lines[-1].split()[1] + b"\n")
        return look(path)

    monkeypatch.setattr(evidence, "look_at", later)
    assert archive.verify() == []
    assert archive.verify() != []


# -- what is not there -------------------------------------------------------------------------


async def test_what_is_not_there_is_said_in_plain_words(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="--database: unable to open database file"):
        archive.verify(database=tmp_path / "nothing.sqlite3")
    with pytest.raises(SettingsError, match=r"--public-key: .*nothing\.pub: No such file"):
        archive.verify(public_key=tmp_path / "nothing.pub")
    with pytest.raises(SettingsError, match="no public Ed25519 key"):
        archive.verify(public_key=archive.settings.seal_key)
    archive.settings.seal_key.unlink()
    with pytest.raises(SealKeyError, match=r"No such file .*--public-key names a public half"):
        archive.verify()
    archive.settings.seal_key.write_text("none")
    with pytest.raises(SealKeyError, match="no Ed25519 key in PEM without a password"):
        archive.verify()


async def test_a_file_that_is_no_database_of_ours_is_said_in_plain_words(archive: Archive) -> None:
    with archive.sql() as connection:
        connection.execute("DROP TABLE ties")
    with pytest.raises(OtherSchema, match="there is no table ties"):
        archive.verify()
    with archive.sql() as connection:
        connection.execute("ALTER TABLE entries DROP COLUMN projected")
    with pytest.raises(OtherSchema, match="the table entries has no column projected"):
        archive.verify()
    archive.file.write_bytes(b"no database at all" * 100)
    with pytest.raises(Unavailable):
        archive.verify()


async def test_the_wrong_field_keys_are_said_in_plain_words(archive: Archive) -> None:
    archive.keys = (NEW,)
    with pytest.raises(WrongKey, match="none of the keys opens this database"):
        archive.verify()
    archive.keys = (OLD,)
    archive.change("DELETE FROM keys WHERE id = 'index'")
    with pytest.raises(WrongKey, match="none of the keys opens this database"):
        archive.verify()
