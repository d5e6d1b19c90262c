"""Erasure takes what a petitioner entrusted to us, all of it, and leaves the record true."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from archives import Archive, add, file, number_of, some_lives, ties_of
from desks import REFUSED, on_sqlite, rows
from making import HOLDER
from sqlalchemy import Connection, event, text

from petitions import events as ev
from petitions.access import DESK
from petitions.record import Petition, State
from storage import (
    claiming,
    drafts,
    due,
    erasing,
    files,
    outbox,
    posts,
    projection,
    record,
    scrubbing,
)
from storage.database import Desk, Unavailable
from storage.messages import Notice, Parcel, Post
from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables import petitions as petitions_table
from storage.unit import Unit
from storage.vault import Erased

MARK = "记号MARKER-48151623"
PERSON = 987_654_321_012
NUMBER = number_of(1)


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    monkeypatch.setattr(projection, "ties_of", ties_of)
    return Archive(tmp_path / "data")


@pytest.fixture
async def desk(either: None, archive: Archive) -> AsyncIterator[Desk]:
    async with archive.desk() as desk:
        yield desk


async def erase(desk: Desk, number: str = NUMBER) -> bool:
    return await desk.unit(lambda unit: erasing.erase(unit, number, "request"))


async def everything(desk: Desk) -> dict[str, list[Any]]:
    """All that the database holds, by table."""

    def work(unit: Unit) -> dict[str, list[Any]]:
        names = metadata.tables
        return {n: [tuple(r) for r in unit.run(text(f"SELECT * FROM {n}"))] for n in names}

    return await desk.look(work)


def sent(name: str) -> dict[str, object]:
    return {
        "kind": "photo",
        "file_id": f"file-{name}",
        "unique_id": f"unique-{name}",
        "chat_id": PERSON,
        "message_id": 6,
        "size": 7,
        "name": MARK,
        "caption": MARK,
    }


async def a_full_life(desk: Desk, serial: int = 1, person: int = PERSON) -> Petition:
    """A petition with all that can hang on it: forms, files, messages, duties, a card."""
    petition = await file(desk, serial, title=MARK, purpose=ev.Purpose.ACCUSATION, category="urban")
    to = {"id": petition.id, "person": person}

    def work(unit: Unit) -> None:
        unit.run(text("UPDATE petitions SET petitioner_id = :person WHERE id = :id"), to)
        unit.run(text("UPDATE entries SET by_id = :person WHERE petition_id = :id"), to)
        key = record.key_of(unit, petition.id)
        files.add(unit, key, sent(petition.id))
        about = {"subject": petition.id, "key_id": key, "answers": {"text": [MARK]}}
        drafts.begin(unit, person, person, "supplement", "text", **about)
        officer = drafts.begin(unit, person + 1, person + 1, "reply", "text", subject=petition.id)
        files.add(unit, officer.key_id, sent(petition.id))
        outbox.put(
            unit,
            [Parcel(chat_id=person + 1, post=Post(key="k", text=MARK), key_id=officer.key_id)],
        )
        closed = drafts.begin(unit, person, person, "filing", "title", key_id=key)
        drafts.finish(unit, closed, "submitted", keep={"number": petition.number})
        due.plan(unit, "survey", petition.id, unit.now)
        due.plan(unit, "draft_expiry", officer.id, unit.now)
        posts.put(unit, f"card:{petition.id}", -501, 77)
        notice = Notice(kind="accepted", petition_id=petition.id, code=MARK)
        of_it = {
            "petition_id": petition.id,
            "key_id": key,
            "urgent": False,
        }
        told = Parcel(chat_id=person, notice=notice, **of_it)
        outbox.put(unit, [told, Parcel(chat_id=person, post=Post(key="k", text=MARK), key_id=key)])
        for row in claiming.claim(unit, 1):
            outbox.settle(unit, row, "sent", shown=MARK, message_id=9)
        outbox.put(unit, [told])

    await desk.unit(work)
    return await desk.look(lambda unit: record.load(unit, petition.id))


async def test_every_query_acts_as_if_it_were_not_there(desk: Desk) -> None:
    petition = await file(desk, 1)
    await file(desk, 2)
    await erase(desk)

    def work(unit: Unit) -> None:
        for find in (record.load, record.key_of):
            with pytest.raises(record.Unknown):
                find(unit, petition.id)
        code = unit.digest("code", NUMBER, "CODE")
        for digest in (code, "", "x"):
            assert record.by_code(unit, NUMBER, digest) is None
        assert record.by_number(unit, NUMBER) is None
        assert record.registered(unit, NUMBER) is None
        for person in (petition.petitioner, 0):
            assert record.of_petitioner(unit, person) == []
        assert len(record.of_units(unit, DESK, ["front"], list(State), 9)) == 1

    await desk.look(work)


async def test_the_row_keeps_what_the_office_counts_by(archive: Archive, desk: Desk) -> None:
    petition = await file(desk, 1, category="urban.roads", district="north")
    petition = await add(desk, petition, ev.Taken(holder=HOLDER))
    (before,) = await rows(desk, "petitions")
    archive.time.pass_(3600)
    assert await erase(desk) is True
    (row,) = await rows(desk, "petitions")
    changed = {n for n, value in row._mapping.items() if before._mapping[n] != value}
    assert changed == {
        *("state", "version", "length", "updated_at"),
        *("petitioner_id", "code_digest", "holder_id", "due_on"),
    }
    assert (row.state, row.version, row.length) == ("erased", 3, 3)
    assert (row.petitioner_id, row.code_digest, row.holder_id, row.due_on) == (0, "", None, None)
    assert row.updated_at == before.updated_at + 3_600_000_000


async def test_the_record_says_that_it_was_erased_and_why(desk: Desk) -> None:
    petition = await file(desk, 1)
    assert await desk.unit(lambda unit: erasing.erase(unit, NUMBER, "order")) is True
    first, last = await rows(desk, "entries")
    assert (first.body, first.by_kind, first.by_id) == (None, "petitioner", None)
    assert (last.kind, last.by_kind, last.by_id) == ("erased", "desk", None)
    entry = await desk.look(
        lambda u: record.chain.read(u, "no key of its own", _typed(u, petition))
    )
    assert entry.event == ev.Erased(why="order")


def _typed(unit: Unit, petition: Petition) -> Any:
    from sqlalchemy import select

    from storage.tables import entries

    return unit.run(
        select(entries).where(entries.c.petition_id == petition.id, entries.c.seq == 2)
    ).one()


async def test_nothing_else_tells_of_it(desk: Desk) -> None:
    """Neither the petition, nor its key, nor the person, in any table; the others lose nothing."""
    await a_full_life(desk, 2, person=5)
    kept = await everything(desk)
    petition = await a_full_life(desk)
    key = await desk.look(lambda unit: record.key_of(unit, petition.id))
    assert await erase(desk) is True
    after = await everything(desk)
    for table, had in kept.items():
        assert [row for row in had if row not in after[table]] == [], table
    more = {table: [r for r in has if r not in kept[table]] for table, has in after.items()}
    assert {table: len(has) for table, has in more.items() if has} == {
        "petitions": 1,
        "entries": 2,
        "spans": 2,  # what the office counts by: days and choices
        "keys": 2,
        "files": 2,
    }
    told = repr(list(more.values()))
    assert str(PERSON) not in told
    assert f"file-{petition.id}" not in told
    assert [row[1] for row in more["keys"]] == [None, None]
    assert key in [row[0] for row in more["keys"]]
    for gone in await rows(desk, "files"):
        if gone.key_id in [row[0] for row in more["keys"]]:
            assert (gone.state, gone.about) == ("dropped", None)


async def test_a_form_about_it_under_another_petition_s_key_takes_nothing_from_that(
    desk: Desk,
) -> None:
    petition, other = await file(desk, 1), await file(desk, 2)

    def work(unit: Unit) -> None:
        key = record.key_of(unit, other.id)
        drafts.begin(unit, 5, 5, "reply", "text", subject=petition.id, key_id=key)

    await desk.unit(work)
    await erase(desk)
    assert await rows(desk, "drafts") == []
    assert await desk.look(lambda unit: record.load(unit, other.id)) == other


@on_sqlite
async def test_what_the_key_protected_is_gone_from_the_disk_while_a_bot_runs(
    archive: Archive, desk: Desk
) -> None:
    petition = await file(desk, 1, title=MARK)
    (row,) = await rows(desk, "entries")
    key = await desk.look(lambda unit: record.key_of(unit, petition.id))
    ((wrapped,),) = await desk.look(
        lambda u: [
            tuple(r) for r in u.run(text("SELECT wrapped FROM keys WHERE id=:i"), {"i": key})
        ]
    )

    def on_disk() -> bytes:
        return b"".join(p.read_bytes() for p in archive.folder.iterdir() if p.is_file())

    assert wrapped in on_disk()
    assert row.body in on_disk()
    await erase(desk)
    assert scrubbing.empty_wal(archive.file) is True
    assert wrapped not in on_disk()
    assert row.body not in on_disk()


@on_sqlite
async def test_who_reads_for_long_is_waited_for_and_no_longer_than_said(
    archive: Archive, desk: Desk
) -> None:
    await file(desk, 1)
    with archive.sql() as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM petitions").fetchall()
        await file(desk, 2)
        assert scrubbing.empty_wal(archive.file, seconds=0.01) is False
        reader.rollback()
    assert scrubbing.empty_wal(archive.file) is True


async def test_another_process_reads_it_no_longer_once_it_forgets(
    archive: Archive, desk: Desk
) -> None:
    petition = await file(desk, 1)
    key = await desk.look(lambda unit: record.key_of(unit, petition.id))
    async with archive.desk() as command:
        await erase(command)
    desk.vault.forget()
    with pytest.raises(Erased):
        await desk.look(lambda unit: unit.seal(b"x", key))


async def test_it_is_erased_once(desk: Desk) -> None:
    await file(desk, 1)
    assert await erase(desk) is True
    before = await everything(desk)
    assert await erase(desk) is False
    assert await everything(desk) == before
    with pytest.raises(record.Unknown, match="no petition has this number"):
        await erase(desk, number_of(2))


async def test_another_bot_s_petition_is_not_erased(archive: Archive, desk: Desk) -> None:
    await file(desk, 1)
    desk.bot_id += 1
    with pytest.raises(record.Unknown):
        await erase(desk)


async def test_who_had_it_in_hand_cannot_add_to_it(archive: Archive, desk: Desk) -> None:
    """Not even a bot that still knows its key, because somebody else erased it."""
    petition = await file(desk, 1)
    async with archive.desk() as command:
        await erase(command)
    with pytest.raises(REFUSED):
        await add(desk, petition, ev.Taken(holder=HOLDER))
    desk.vault.forget()
    with pytest.raises(Erased):
        await add(desk, petition, ev.Taken(holder=HOLDER))
    assert (await rows(desk, "petitions"))[0].state == "erased"


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE entries SET body = NULL",
        "UPDATE entries SET body = x'00'",
        "UPDATE entries SET version = 99, kind = 'looked'",
        "UPDATE keys SET wrapped = NULL WHERE id <> 'index'",
    ],
)
async def test_a_record_that_cannot_be_read_is_looked_into_first(
    archive: Archive, damage: str
) -> None:
    async with archive.desk() as desk:
        await file(desk, 1)
    archive.change(damage)
    async with archive.desk() as desk:
        before = await everything(desk)
        with pytest.raises(erasing.Unreadable, match="minsheng verify"):
            await erase(desk)
        assert await everything(desk) == before


async def test_a_crash_at_any_statement_leaves_all_or_nothing(
    archive: Archive, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await some_lives(archive, desk, first=3)
    petition = await a_full_life(desk)
    engine = desk.database._writer  # type: ignore[attr-defined]
    engine = getattr(engine, "sync_engine", engine)
    statements = 0
    fatal = 0

    execute = Prepared.run

    def prepared(one: Prepared, connection: Connection, values: Any = None) -> Any:
        if connection.dialect.name == "sqlite":  # the others are told of below
            count(None, None, "prepared")
        return execute(one, connection, values)

    monkeypatch.setattr(Prepared, "run", prepared)

    @event.listens_for(engine, "before_cursor_execute")
    def count(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        nonlocal statements
        if statement.startswith(("SAVEPOINT", "BEGIN", "RELEASE", "ROLLBACK")):
            return
        statements += 1
        if statements == fatal:
            raise RuntimeError

    before = await everything(desk)
    while True:
        statements, fatal = 0, fatal + 1
        try:
            await erase(desk)
            break
        except (RuntimeError, Unavailable):  # the last is the commit
            assert await everything(desk) == before
            assert await desk.look(lambda unit: record.load(unit, petition.id)) == petition
    event.remove(engine, "before_cursor_execute", count)
    assert fatal > 15
    assert (await rows(desk, "petitions", number=NUMBER))[0].state == "erased"


def test_what_is_not_counted_by_may_be_empty() -> None:
    """A column that comes later stays with an erased petition only if it is said to."""
    columns = {column.name: column for column in petitions_table.columns}
    projected = columns.keys() - set(projection.FIXED)
    assert projected >= erasing.COUNTED
    assert [n for n in projected - erasing.COUNTED if not columns[n].nullable] == []
    assert set(erasing.NOBODY) < set(projection.FIXED)


def test_a_petition_s_row_is_written_by_its_record_alone() -> None:
    """Nothing but an entry changes it, or the next one would be said to have."""
    rooms = Path(record.__file__).parent.parent
    writers = {
        path.name
        for room in ("storage", "dialogs", "notifier", "bot")
        for path in (rooms / room).rglob("*.py")
        for call in ("update(petitions)", "insert(petitions)", "delete(petitions)")
        if call in path.read_text("utf-8")
    }
    assert writers == {"record.py", "erasing.py"}


def test_an_erased_petition_s_spans_hold_days_and_choices_alone() -> None:
    """They outlive its content, so no column of theirs may ever hold what a person typed."""
    held = {*projection.SPAN_COLUMNS}
    assert held == {
        *("n", "bot_id", "kind", "since_on", "due_on", "done_on", "counted_on", "unit_id"),
        *("how", "days", "purpose", "category", "district"),
    }
