"""What broke once in storage and at the door out, and is not to break again."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from desks import KEY, Time, a_desk, on_sqlite, rows
from doors import a_bot, fast
from making import CITIZEN, HOLDER, RULES, a_filing
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

from notifier.fetching import Fetcher
from notifier.hooks import Hooks
from notifier.outbox import Outbox
from notifier.schedule import Schedule
from petitions import events as ev
from petitions import numbers
from petitions.access import DESK
from petitions.commands import Register
from petitions.lifecycle import register
from petitions.record import Party, Petition
from storage import (
    claiming,
    drafts,
    due,
    files,
    groups,
    inbox,
    leases,
    outbox,
    posts,
    pruning,
    record,
    schema,
    throttle,
)
from storage.database import Desk, Unavailable
from storage.inbox import Arrival
from storage.messages import Notice, Parcel, Post
from storage.rows import LEASE_SECONDS
from storage.sqlite import SqliteDatabase
from storage.unit import Unit
from storage.vault import Erased

pytestmark = pytest.mark.usefixtures("either")

DAY = 86400.0


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time().patch(monkeypatch)


@pytest.fixture
async def desk(tmp_path: Path, time: Time) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path / "m.sqlite3", time) as desk:
        yield desk


# -- the door out ------------------------------------------------------------------------------


class Messenger:
    """Counts what it is asked for, and answers each time what the test says."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.status = 200
        self.body = (
            '{"ok":true,"result":{"message_id":1,"date":1,"chat":{"id":5,"type":"private"}}}'
        )
        self.inside = asyncio.Event()
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(str((await request.json()).get("text")))
        self.inside.set()
        await self.go_on.wait()
        return web.Response(status=self.status, text=self.body, content_type="text/plain")


@asynccontextmanager
async def a_door(desk: Desk, time: Time) -> AsyncIterator[tuple[Outbox, Messenger]]:
    messenger = Messenger()
    say = lambda _unit, parcel: [Post(key="n", text=parcel.notice.kind)]  # noqa: E731
    async with a_bot(messenger.answer) as bot:
        yield Outbox(desk, bot, Hooks(say, lambda _: b"", lambda *_: None), fast(time)), messenger


def answer(words: str, **more: Any) -> Parcel:
    return Parcel(chat_id=5, post=Post(key="k", text=words), **more)


def notice(kind: str, **more: Any) -> Parcel:
    return Parcel(chat_id=5, notice=Notice(kind=kind), urgent=False, **more)


async def states(desk: Desk) -> list[tuple[str, str | None]]:
    return [(r.state, r.reason) for r in await rows(desk, "outbox")]


@pytest.mark.parametrize("parcel", [answer("1"), notice("1")])
async def test_a_lease_that_ran_out_while_its_row_was_in_hand_sent_it_twice(
    desk: Desk, time: Time, parcel: Parcel
) -> None:
    async with a_door(desk, time) as (out, messenger):
        messenger.go_on.clear()
        out.send_soon(await desk.unit(lambda u: outbox.put(u, [parcel])))
        await out.sweep()
        await messenger.inside.wait()
        for _ in range(3):
            time.pass_(LEASE_SECONDS + 1)  # the machine slept
            await out.sweep()
        messenger.go_on.set()
        await out.idle()
        await out.sweep()
        await out.idle()
        assert messenger.asked == ["1"]
        assert await states(desk) == [("sent", None)]
        # And the row was forgotten: what is claimed later is sent.
        assert not out._lanes._in_hand


async def test_a_card_replaced_while_its_lease_had_run_out_was_sent_all_the_same(
    desk: Desk, time: Time
) -> None:
    async with a_door(desk, time) as (out, messenger):
        await desk.unit(lambda u: outbox.put(u, [notice("old", slot="card:1")]))
        claimed = await desk.unit(lambda u: claiming.claim(u, 9))
        time.pass_(LEASE_SECONDS + 1)
        await desk.unit(lambda u: outbox.put(u, [notice("new", slot="card:1")]))
        out.send_soon(claimed)
        await out.idle()
        await out.sweep()
        await out.idle()
        assert messenger.asked == ["new"]
        assert await states(desk) == [("skipped", "newer"), ("sent", None)]


@pytest.mark.parametrize(
    "body",
    [
        '{"ok":true,"result":{"message_id":77,"of":"a shape of tomorrow"}}',
        '{"ok":true,"result":[]}',
        '{"ok":true}',
        '{"ok": true, "result": {"message_',
    ],
)
async def test_a_yes_in_an_unknown_shape_had_the_message_sent_ten_times(
    desk: Desk, time: Time, body: str
) -> None:
    async with a_door(desk, time) as (out, messenger):
        messenger.body = body
        out.send_soon(await desk.unit(lambda u: outbox.put(u, [answer("1")])))
        await out.idle()
        for _ in range(3):
            time.pass_(60)
            await out.sweep()
            await out.idle()
        assert messenger.asked == ["1"]
        (row,) = await rows(desk, "outbox")
        assert (row.state, row.message_id) == ("sent", 77 if "77" in body else None)


@pytest.mark.parametrize("status", [200, 502])
@pytest.mark.parametrize(
    "body", ["", "<h1>Bad Gateway</h1>", "upstream", '{"error":"gateway"}', '{"ok":"no"}', "[]"]
)
async def test_what_is_no_answer_of_the_messenger_is_tried_again(
    desk: Desk, time: Time, status: int, body: str
) -> None:
    async with a_door(desk, time) as (out, messenger):
        right, messenger.body, messenger.status = messenger.body, body, status
        out.send_soon(await desk.unit(lambda u: outbox.put(u, [answer("1")])))
        await out.idle()
        assert [state for state, _ in await states(desk)] == ["waiting"]
        messenger.body, messenger.status = right, 200
        time.pass_(60)
        await out.sweep()
        await out.idle()
        assert messenger.asked == ["1", "1"]
        assert [state for state, _ in await states(desk)] == ["sent"]


async def test_a_job_cut_off_before_it_began_was_logged_as_an_error(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    began = []

    async def job() -> None:
        began.append(1)

    schedule = Schedule(desk, lambda *_: [], {"job": (job, 3600)})
    schedule.start(3600)
    scheduler = schedule._ticker
    scheduler.get_jobs()[1].modify(next_run_time=datetime.now(UTC))
    scheduler._process_jobs()  # the tick comes in the very turn of the loop in which …
    schedule.stop()  # … the program is told to end
    scheduler._executors["default"].shutdown()
    with caplog.at_level(logging.ERROR):
        for _ in range(5):  # let it end, and be told that it did
            await asyncio.sleep(0)
    assert (began, caplog.records) == ([], [])


# -- the door in -------------------------------------------------------------------------------


async def test_every_start_took_a_try_from_updates_that_were_never_in_hand(desk: Desk) -> None:
    def arrive(unit: Unit) -> None:
        inbox.store(unit, [Arrival(n, 5 + n % 2, b"{}") for n in range(1, 7)])

    await desk.unit(arrive)
    for start in range(1, 4):
        gone, desk.process = {desk.process}, f"start {start}"
        found: dict[int, int] = {}
        while page := await desk.unit(
            lambda u, known=tuple(found), gone=gone: inbox.left(u, gone, known, limit=2)
        ):
            found |= {a.update_id: a.attempts for a in page}
        assert found == {1: 2, 2: 2, 3: 1, 4: 1, 5: 1, 6: 1}


# -- what was deleted is deleted ---------------------------------------------------------------


@dataclass
class Source:
    """A messenger that has one content for every file, and may be asked while it fetches."""

    meanwhile: Callable[[], Any] | None = None

    async def download(self, _file_id: str) -> BytesIO:
        if self.meanwhile is not None:
            await self.meanwhile()
        return BytesIO(b"evidence")


def sent(size: int = 10) -> dict[str, object]:
    numbers = {"chat_id": 5, "message_id": 6, "size": size}
    return {"kind": "photo", "file_id": "f", "unique_id": "u", "name": "n", "caption": ""} | numbers


async def with_files(desk: Desk, form: str = "filing", count: int = 2) -> drafts.Draft:
    def work(unit: Unit) -> drafts.Draft:
        draft = drafts.begin(unit, 5, 5, form, "files", answers={"title": "水管"})
        ids = [files.add(unit, draft.key_id, sent()).id for _ in range(count)]
        drafts.save(unit, draft.answered("files", ids))
        return draft.answered("files", ids)

    return await desk.unit(work)


async def is_destroyed(desk: Desk, key_id: str) -> bool:
    (row,) = await rows(desk, "keys", id=key_id)
    return (row.wrapped, row.destroyed_at is None) == (None, False)


async def test_a_deleted_draft_s_files_outlived_it(desk: Desk, tmp_path: Path) -> None:
    kept, gone = await with_files(desk), await with_files(desk)
    fetcher = Fetcher(desk, Source(), tmp_path / "files")  # type: ignore[arg-type]
    await fetcher.run()
    sealed = (tmp_path / "files" / gone.answers["files"][0]).read_bytes()
    await desk.unit(lambda u: drafts.finish(u, gone, "dropped"))
    assert await is_destroyed(desk, gone.key_id)
    assert not await is_destroyed(desk, kept.key_id)
    with pytest.raises(Erased):
        await desk.look(lambda u: u.open(sealed, gone.key_id))
    left = await rows(desk, "files", key_id=gone.key_id)
    assert [(r.state, r.about) for r in left] == [("dropped", None)] * 2
    await fetcher.run()
    left = await rows(desk, "files", key_id=gone.key_id)
    assert [r.state for r in left] == ["gone"] * 2
    names = {path.name for path in (tmp_path / "files").iterdir()}
    assert names == set(kept.answers["files"])


async def test_a_draft_that_is_erased_can_still_be_looked_at(desk: Desk) -> None:
    draft = await with_files(desk)
    await desk.unit(lambda u: drafts.finish(u, draft, "dropped"))
    found = await desk.look(lambda u: drafts.load(u, draft.id))
    assert found is not None
    assert (found.state, found.answers) == ("dropped", {})


async def test_a_look_up_kept_its_key(desk: Desk) -> None:
    draft = await with_files(desk, "lookup", 0)
    await desk.unit(lambda u: drafts.finish(u, draft, "submitted"))
    assert await is_destroyed(desk, draft.key_id)


def file_petition(unit: Unit, key_id: str, number: str = "1", **more: object) -> Petition:
    event = register(Register(a_filing(**more), number, "ab" * 16), unit.now, RULES)
    by = Party("petitioner", CITIZEN)
    return record.register(unit, event, CITIZEN, by, key_id, f"digest-{number}")


async def test_a_key_that_became_a_petition_s_is_not_destroyed_with_a_draft(desk: Desk) -> None:
    draft = await with_files(desk)

    def submit(unit: Unit) -> str:
        petition = file_petition(unit, draft.key_id)
        drafts.finish(unit, draft, "submitted", keep={"number": "1"})
        more = drafts.begin(
            unit, 5, 5, "supplement", "text", subject=petition.id, key_id=draft.key_id
        )
        drafts.finish(unit, more, "dropped")
        return petition.id

    petition_id = await desk.unit(submit)
    assert not await is_destroyed(desk, draft.key_id)
    assert [r.state for r in await rows(desk, "files")] == ["wanted"] * 2
    found = await desk.look(lambda u: drafts.load(u, draft.id))
    assert found is not None
    assert found.answers == {"number": "1"}
    assert (await desk.look(lambda u: record.load(u, petition_id))).filing.title == "水管爆裂"


async def test_a_removed_file_stayed_on_the_disk(desk: Desk, tmp_path: Path) -> None:
    draft = await with_files(desk)
    fetcher = Fetcher(desk, Source(), tmp_path / "files")  # type: ignore[arg-type]
    await fetcher.run()
    one, other = draft.answers["files"]
    (tmp_path / "files" / f"{one}.part").write_bytes(b"cut off")
    await desk.unit(lambda u: files.drop(u, one))
    await fetcher.run()
    assert [path.name for path in (tmp_path / "files").iterdir()] == [other]


@pytest.mark.parametrize("whole", [True, False])
async def test_a_file_removed_while_it_was_fetched_was_kept(
    desk: Desk, tmp_path: Path, whole: bool
) -> None:
    """Either alone, under a key that lives on, or with its draft and the key."""
    draft = await with_files(desk, count=1)
    (one,) = draft.answers["files"]

    async def remove() -> None:
        source.meanwhile = None
        if whole:
            await desk.unit(lambda u: drafts.finish(u, draft, "dropped"))
        else:
            await desk.unit(lambda u: files.drop(u, one))

    source = Source(remove)
    await Fetcher(desk, source, tmp_path / "files").run()  # type: ignore[arg-type]
    assert [r.state for r in await rows(desk, "files")] == ["gone"]
    assert list((tmp_path / "files").iterdir()) == []


async def test_what_waited_under_a_deleted_draft_s_key_held_up_the_whole_door(
    desk: Desk, time: Time
) -> None:
    draft = await with_files(desk)
    async with a_door(desk, time) as (out, messenger):
        waiting = notice("draft_warning", key_id=draft.key_id)
        await desk.unit(lambda u: outbox.put(u, [waiting]))

        def expire(unit: Unit) -> None:
            drafts.finish(unit, draft, "dropped")
            outbox.put(unit, [notice("draft_expired", key_id=draft.key_id)])

        await desk.unit(expire)
        for _ in range(2):
            await out.sweep()
            await out.idle()
        assert messenger.asked == ["draft_expired"]
        assert await states(desk) == [("skipped", "erased"), ("sent", None)]


# -- the vault ---------------------------------------------------------------------------------


async def test_a_destroyed_key_was_still_open(desk: Desk) -> None:
    def work(unit: Unit) -> tuple[str, bytes]:
        key = unit.vault.new_key(unit.connection)
        return key, unit.seal(b"x", key)

    key, sealed = await desk.unit(work)
    assert await desk.look(lambda u: u.open(sealed, key)) == b"x"
    await desk.unit(lambda u: u.vault.destroy(u.connection, key, u.now))
    with pytest.raises(Erased):
        await desk.look(lambda u: u.open(sealed, key))
    (row,) = await rows(desk, "keys", id=key)
    assert row.wrapped is None
    assert row.destroyed_at is not None


@on_sqlite
async def test_a_destroyed_key_is_not_opened_again_by_who_reads_before_the_commit(
    desk: Desk, tmp_path: Path
) -> None:
    key = await desk.unit(lambda u: u.vault.new_key(u.connection))
    sealed = await desk.unit(lambda u: u.seal(b"x", key))
    engine = create_engine(f"sqlite:///{tmp_path / 'm.sqlite3'}", poolclass=NullPool)

    def destroy(unit: Unit) -> None:
        unit.vault.destroy(unit.connection, key, unit.now)
        with engine.connect() as reader:
            assert unit.vault.open(reader, key, sealed) == b"x"

    await desk.unit(destroy)
    assert key not in desk.vault._opened
    with pytest.raises(Erased):
        await desk.look(lambda u: u.open(sealed, key))


async def test_destroying_that_was_taken_back_leaves_the_key(desk: Desk) -> None:
    key = await desk.unit(lambda u: u.vault.new_key(u.connection))
    sealed = await desk.unit(lambda u: u.seal(b"x", key))

    def fail(unit: Unit) -> None:
        unit.vault.destroy(unit.connection, key, unit.now)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await desk.unit(fail)
    assert await desk.look(lambda u: u.open(sealed, key)) == b"x"


async def test_the_key_in_use_was_the_first_to_be_closed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.vault.CACHED", 3)

    def work(unit: Unit) -> list[str]:
        ids = [unit.vault.new_key(unit.connection) for _ in range(4)]
        for key in (*ids[:3], ids[0], ids[3]):
            unit.seal(b"x", key)
        return ids

    first, _, third, fourth = await desk.unit(work)
    assert list(desk.vault._opened) == [third, first, fourth]


# -- the database ------------------------------------------------------------------------------


def wrong(connection: Connection) -> None:
    connection.exec_driver_sql("SELECT no_such_column FROM keys")


def no_table(connection: Connection) -> None:
    connection.exec_driver_sql("INSERT INTO no_such_table VALUES (1)")


@on_sqlite
@pytest.mark.parametrize("work", [wrong, no_table])
async def test_an_error_of_the_program_was_taken_for_a_busy_database(
    desk: Desk, work: Callable[[Connection], None]
) -> None:
    for run in (desk.database.write, desk.database.read):
        with pytest.raises(OperationalError, match="no such"):
            await run(work)


@on_sqlite
@pytest.mark.parametrize(
    "code",
    [
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_BUSY_SNAPSHOT,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY_DIRECTORY,
    ],
)
async def test_trouble_of_the_machine_is_not_the_unit_s_fault(desk: Desk, code: int) -> None:
    def trouble(_connection: Connection) -> None:
        error = sqlite3.OperationalError("trouble")
        error.sqlite_errorcode = code
        raise OperationalError("SELECT 1", {}, error)

    for run in (desk.database.write, desk.database.read):
        with pytest.raises(Unavailable, match="trouble"):
            await run(trouble)


@on_sqlite
async def test_a_database_of_another_version_was_used_as_if_it_were_ours(tmp_path: Path) -> None:
    async def prepare() -> None:
        database = SqliteDatabase(tmp_path / "v.sqlite3")
        await database.open()
        try:
            await database.write(schema.prepare)
        finally:
            await database.close()

    await prepare()
    await prepare()
    with sqlite3.connect(tmp_path / "v.sqlite3") as other:
        told = other.execute("SELECT version_num FROM alembic_version").fetchall()
        assert told == [(schema.NEWEST,)]
        other.execute("UPDATE alembic_version SET version_num = '9999'")
        other.execute("UPDATE schema SET oldest = '9999'")
    other.close()
    with pytest.raises(schema.OtherSchema, match="revision 9999"):
        await prepare()


@on_sqlite
async def test_a_database_from_before_versions_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "v.sqlite3") as other:
        other.execute("CREATE TABLE keys (id TEXT)")
    other.close()
    database = SqliteDatabase(tmp_path / "v.sqlite3")
    await database.open()
    with pytest.raises(schema.OtherSchema):
        await database.write(schema.prepare)
    await database.close()


# -- pruning -----------------------------------------------------------------------------------

TABLES = ("inbox", "outbox", "posts", "due", "throttle", "bind_codes", "drafts", "files", "keys")


async def counts(desk: Desk) -> dict[str, int]:
    return {table: len(await rows(desk, table)) for table in TABLES}


async def test_what_had_done_its_work_stayed_for_ever(desk: Desk, time: Time) -> None:
    def old(unit: Unit) -> None:
        inbox.store(unit, [Arrival(n, 5, b"{}") for n in (1, 2, 3)])
        inbox.done(unit, 1)
        inbox.set_aside(unit, 2, "KeyError")
        (row,) = outbox.put(unit, [answer("1")])
        outbox.settle(unit, row, "sent")
        for slot in ("note:d:1", "album:5:7", "danger:5", "open:5", "card:p", "low:p"):
            posts.put(unit, slot, 5, 1)
        due.plan(unit, "survey", "p", unit.now)
        due.plan(unit, "survey", "p", unit.now)
        throttle.count(unit, "lookup:5", timedelta(hours=1))
        throttle.count(unit, "long", timedelta(days=90))
        groups.store_code(unit, "code", "front")
        dropped = drafts.begin(unit, 5, 5, "filing", "title")
        file = files.add(unit, dropped.key_id, sent())
        drafts.finish(unit, dropped, "dropped")
        files.gone(unit, [file.id])
        filed = drafts.begin(unit, 6, 6, "filing", "title")
        file_petition(unit, filed.key_id)
        drafts.finish(unit, filed, "submitted", keep={"number": "1"})
        drafts.begin(unit, 7, 7, "filing", "title")

    await desk.unit(old)
    full = await counts(desk)
    assert not await desk.unit(pruning.prune)
    assert await counts(desk) == full
    time.pass_(3 * DAY + 1)
    assert not await desk.unit(pruning.prune)
    assert await counts(desk) == {
        "inbox": 2,  # one waits, one was set aside
        "outbox": 0,
        "posts": 2,  # a case's
        "due": 1,  # not done yet
        "throttle": 1,  # its window still runs
        "bind_codes": 0,
        "drafts": 2,  # one open, one that knows its petition's number
        "files": 0,
        "keys": 3,  # the database's own, the petition's, the open draft's
    }
    assert sorted(r.slot for r in await rows(desk, "posts")) == ["card:p", "low:p"]
    time.pass_(27 * DAY)
    assert not await desk.unit(pruning.prune)
    left = await counts(desk)
    assert [r.state for r in await rows(desk, "inbox")] == ["new"]
    assert [r.state for r in await rows(desk, "drafts")] == ["open"]
    assert (left["keys"], left["throttle"]) == (3, 1)
    assert (await desk.look(lambda u: record.by_number(u, "1"))) is not None


async def test_pruning_takes_so_many_at_a_time_and_says_whether_there_is_more(
    desk: Desk, time: Time
) -> None:
    def old(unit: Unit) -> None:
        for n in range(5):
            posts.put(unit, f"note:{n}", 5, n)

    await desk.unit(old)
    time.pass_(4 * DAY)
    more = [await desk.unit(lambda u: pruning.prune(u, 2)) for _ in range(3)]
    assert more == [True, True, False]
    assert await rows(desk, "posts") == []


@on_sqlite
async def test_pruning_reads_what_is_old_and_not_what_is_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    run = Unit.run

    def note(unit: Unit, statement: Any, more: Any = None) -> Any:
        asked.append(str(statement.compile(unit.connection)))
        return run(unit, statement, more)

    with monkeypatch.context() as patch:
        patch.setattr(Unit, "run", note)
        await desk.unit(pruning.prune)

    def plan(unit: Unit) -> list[str]:
        found = []
        for query in asked:
            values = tuple(0 for _ in range(query.count("?")))
            lines = unit.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values)
            found += [line[3] for line in lines]
        return found

    plans = await desk.look(plan)
    assert len(plans) > len(TABLES)
    # The codes are a handful, made by hand.
    assert [line for line in plans if line.startswith("SCAN")] == ["SCAN bind_codes"]
    assert not [line for line in plans if line.endswith("(bot_id=?)")]


# -- the record --------------------------------------------------------------------------------


async def filed(desk: Desk, number: str = "1", **more: object) -> Petition:
    return await desk.unit(
        lambda u: file_petition(u, u.vault.new_key(u.connection), number, **more)
    )


async def test_the_chain_hung_on_how_python_shows_a_value(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await filed(desk, "1")
    shown = Party.__repr__
    monkeypatch.setattr(Party, "__repr__", lambda _self: "another Python's way")
    salt = b"\x01" * 16
    monkeypatch.setattr("secrets.token_bytes", lambda _count: salt)
    taken, by = ev.Taken(holder=HOLDER), Party("officer", HOLDER, "front")
    await desk.unit(lambda u: record.append(u, first, taken, by))
    one = (await rows(desk, "entries", petition_id=first.id, seq=2))[0].chain
    await desk.unit(lambda u: u.run(text("DELETE FROM entries WHERE seq = 2")))
    monkeypatch.setattr(Party, "__repr__", shown)
    await desk.unit(lambda u: record.append(u, first, taken, by))
    assert (await rows(desk, "entries", petition_id=first.id, seq=2))[0].chain == one


async def test_what_is_stored_is_what_the_receipt_was_made_of(desk: Desk) -> None:
    """Filing dumps the event it stores: both must give the same digest, byte for byte."""
    odd = {"point": (30.0, 1e-7), "category": "urban.roads", "title": "<b>\u2028水 \U0001f4a7"}
    petition = await filed(desk, "1", **odd, files=("a", "b"), facts=("一", "二\n三"))
    dumped = petition.filing.model_dump(mode="json")
    stored = await desk.look(lambda u: record.registered(u, "1"))
    assert stored is not None
    assert stored["filing"] == dumped
    salt = bytes.fromhex(stored["receipt_salt"])
    assert numbers.receipt(stored["filing"], salt) == numbers.receipt(dumped, salt)
    assert await desk.look(lambda u: record.registered(u, "404")) is None


async def test_a_wrong_code_had_the_whole_record_decrypted_first(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    petition = await filed(desk)
    assert await desk.look(lambda u: record.by_code(u, "1", "digest-1")) == petition
    monkeypatch.setattr(Unit, "open", lambda *_: pytest.fail("decrypted"))
    for number, code in (("1", "digest-2"), ("1", ""), ("404", "digest-1"), ("404", "")):
        found = await desk.look(lambda u, n=number, c=code: record.by_code(u, n, c))
        assert found is None


async def test_another_bot_s_rows_were_found(desk: Desk, tmp_path: Path, time: Time) -> None:
    petition = await filed(desk)
    draft = await with_files(desk)
    await desk.unit(lambda u: outbox.put(u, [notice("1")]))
    await desk.unit(lambda u: due.plan(u, "survey", "p", u.now))
    async with a_desk(tmp_path / "m.sqlite3", time, KEY, bot=43) as other:
        assert (
            await other.look(lambda u: record.of_units(u, DESK, ["front"], ["registered"], 9)) == []
        )
        assert await other.look(lambda u: record.by_number(u, "1")) is None
        assert await other.look(lambda u: record.by_code(u, "1", "digest-1")) is None
        for look in (record.load, record.key_of):
            with pytest.raises(record.Unknown):
                await other.look(lambda u, look=look: look(u, petition.id))
        assert await other.look(lambda u: drafts.load(u, draft.id)) is None
        assert await other.look(lambda u: files.load(u, draft.answers["files"])) == []
        await other.unit(lambda u: outbox.move_chat(u, 5, 6))
        await other.unit(lambda u: due.drop(u, "survey", "p"))
        assert await other.unit(lambda u: leases.give_back(u, {desk.process})) == 0
    assert [r.chat_id for r in await rows(desk, "outbox")] == [5]
    assert len(await desk.unit(due.come)) == 1
