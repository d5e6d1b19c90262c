"""What a review with fresh eyes proved, one test each; it is named for what went wrong."""

import asyncio
import errno
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock

import pytest
from aiogram import Bot
from aiohttp import web
from desks import Time, a_desk, rows
from doors import FAST, TOKEN, Door, a_bot, answer, fast, notice, texts
from making import an_office
from sqlalchemy import delete, select, update
from sqlalchemy.util import await_only
from test_mended_storage import Source, with_files
from typer.testing import CliRunner

from bot import backup, updates
from bot.cli_outbox import outbox as outbox_commands
from bot.doctor.copies import copied
from bot.folder import only_one
from bot.sealing import make_sealer
from bot.settings import SettingsError, load_settings
from notifier import delivery, settling
from notifier.budget import OwnBudget, Place, Wish
from notifier.fetching import Fetcher
from notifier.gate import Gate
from notifier.hooks import Hooks
from notifier.outbox import Outbox
from notifier.session import JsonSession
from storage import backups, claiming, files, inbox, outbox, posts, pruning, seals, tables, throttle
from storage.database import Desk, Unavailable
from storage.dumping import variables
from storage.inbox import Arrival
from storage.messages import Post
from storage.rows import LEASE_SECONDS
from storage.seallog import SealLog
from storage.seals import Mark
from storage.unit import Unit
from words import load_words

pytestmark = pytest.mark.usefixtures("either")
on_postgres = pytest.mark.parametrize("either", ["postgres"], indirect=True)
DAMAGED = b"gAAAA damaged"


class Away(OwnBudget):
    """The account that several share, which this process does not reach for a while."""

    away = True
    asked: asyncio.Event

    async def ask(self, wishes: Sequence[Wish]) -> list[Place]:
        self.asked.set()
        if self.away:
            raise Unavailable("no route to host")
        return await super().ask(wishes)


@on_postgres
@pytest.mark.parametrize("what", ["answer", "notice"])
async def test_who_waited_longer_than_its_lease_sent_what_another_had_sent(
    tmp_path: Path, time: Time, door: Door, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "CHECK_SECONDS", 0.0)
    async with a_desk(tmp_path / "m.sqlite3", time) as desk:
        budget = Away(FAST)
        budget.asked = asyncio.Event()
        out = Outbox(desk, door.bot, door.hooks, Gate(budget, FAST))
        if what == "notice":
            await desk.unit(lambda u: outbox.put(u, [notice("n")]))
            await out.sweep()
        else:
            out.send_soon(await desk.unit(lambda u: outbox.put(u, [answer("x")])))
        await budget.asked.wait()  # it waits for its turn
        time.pass_(LEASE_SECONDS + 1)
        await door.sweep()
        assert len(await door.asked()) == 1
        budget.away = False
        await out.idle()
        assert len(await door.asked()) == 1
        assert await door.state() == ["sent"]


async def test_a_message_that_cannot_be_read_stopped_all_the_others(door: Door) -> None:
    await door.client.person(8, "李")
    await door.client.post("people", id=8, started=True)
    await door.desk.unit(lambda u: outbox.put(u, [notice("of a newer program"), notice("behind")]))

    def newer(unit: Unit) -> None:
        row = unit.run(select(tables.outbox).order_by(tables.outbox.c.id)).first()
        body = json.loads(unit.open(row.payload)) | {"sound": "soft"}
        this = update(tables.outbox).where(tables.outbox.c.id == row.id)
        unit.run(this.values(payload=unit.seal(json.dumps(body).encode())))

    await door.desk.unit(newer)
    await door.desk.unit(lambda u: outbox.put(u, [notice("good", chat=8)]))
    await door.sweep()
    assert [(state, reason) for state, reason, _ in await door.states()] == [
        ("waiting", "unreadable"),
        ("waiting", "unreadable"),  # in its chat's order
        ("sent", None),
    ]


async def test_an_update_that_no_key_opens_kept_the_others_from_being_taken_over(
    tmp_path: Path, time: Time
) -> None:
    async with a_desk(tmp_path / "m", time) as dead:
        arrivals = [Arrival(1, 7, b"{}"), Arrival(2, 8, b"{}")]
        await dead.unit(lambda u: inbox.store(u, arrivals))
        first = tables.inbox.c.update_id == 1
        await dead.unit(lambda u: u.run(update(tables.inbox).where(first).values(payload=DAMAGED)))
    async with a_desk(tmp_path / "m", time) as heir:
        found = await heir.unit(lambda u: inbox.left(u, {dead.process}, ()))
        assert [arrival.update_id for arrival in found] == [2]
        # Another may have the key; after an hour it is handled as what cannot be read.
        time.pass_(inbox.UNREADABLE_SECONDS + 1)
        (late,) = await heir.unit(lambda u: inbox.left(u, {dead.process}, {2}))
        assert (late.update_id, late.body) == (1, b"")


async def test_what_came_just_now_hid_what_this_process_had_lost(
    tmp_path: Path, time: Time
) -> None:
    async with a_desk(tmp_path / "m", time) as desk:
        await desk.unit(lambda u: inbox.store(u, [Arrival(1, 7, b"{}")]))  # its commit seemed lost
        time.pass_(20)
        (fresh,) = await desk.unit(lambda u: inbox.store(u, [Arrival(2, 8, b"{}")]))
        found = await desk.unit(lambda u: inbox.left(u, (), {2}, places=(fresh.place,)))
        assert [arrival.update_id for arrival in found] == [1]


@on_postgres
async def test_a_late_word_of_one_took_the_message_from_another(tmp_path: Path, time: Time) -> None:
    async with a_desk(tmp_path / "m", time) as slow, a_desk(tmp_path / "m", time) as quick:
        await slow.unit(lambda u: outbox.put(u, [notice("1")]))
        (late,) = await slow.unit(lambda u: claiming.claim(u, 5))
        time.pass_(LEASE_SECONDS + 1)
        (taken,) = await quick.unit(lambda u: claiming.claim(u, 5))
        assert await quick.unit(lambda u: claiming.begin(u, taken))
        await slow.unit(lambda u: outbox.retry(u, late, 0, "pace"))
        assert await slow.unit(lambda u: claiming.claim(u, 5)) == []


@on_postgres
async def test_a_file_removed_while_another_process_fetched_it_stayed(
    tmp_path: Path, time: Time
) -> None:
    async with a_desk(tmp_path / "m", time) as one, a_desk(tmp_path / "m", time) as other:
        draft = await with_files(other, count=1)
        (file_id,) = draft.answers["files"]
        folder = tmp_path / "files"

        async def remove() -> None:
            source.meanwhile = None
            await other.unit(lambda u: files.drop(u, file_id))
            await Fetcher(other, Source(), folder).run()

        source = Source(remove)
        await Fetcher(one, source, folder).run()
        assert list(folder.iterdir()) == []


async def test_a_file_of_which_nothing_can_be_read_kept_the_others_unfetched(
    tmp_path: Path, time: Time
) -> None:
    async with a_desk(tmp_path / "m", time) as desk:
        draft = await with_files(desk, count=2)
        first, second = draft.answers["files"]
        this = tables.files.c.id == first
        await desk.unit(lambda u: u.run(update(tables.files).where(this).values(about=DAMAGED)))
        assert [found.id for found in await desk.unit(files.wanted)] == [second]


async def test_a_clock_set_right_kept_a_file_from_being_fetched(tmp_path: Path, time: Time) -> None:
    async with a_desk(tmp_path / "m", time) as desk:
        await with_files(desk, count=1)
        assert len(await desk.unit(files.wanted)) == 1
        time.real -= timedelta(days=365).total_seconds()
        assert len(await desk.unit(files.wanted)) == 1


@on_postgres
async def test_what_was_made_anew_while_it_was_pruned_went(
    tmp_path: Path, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    hour = timedelta(hours=1)
    async with a_desk(tmp_path / "m", time) as one, a_desk(tmp_path / "m", time) as other:
        await one.unit(lambda u: throttle.count(u, "who", hour))
        await one.unit(lambda u: posts.put(u, "open:7", 7, 1))
        time.pass_(timedelta(days=4).total_seconds())

        async def meanwhile() -> None:
            await other.unit(lambda u: throttle.count(u, "who", hour))
            await other.unit(lambda u: posts.put(u, "open:7", 7, 2))

        await one.unit(_late(pruning.prune, meanwhile, monkeypatch))
        assert len(await rows(one, "throttle")) == 1
        assert [row.message_id for row in await rows(one, "posts")] == [2]


def _late(
    work: Callable[[Unit], Any], meanwhile: Callable[[], Awaitable[None]], patch: pytest.MonkeyPatch
) -> Callable[[Unit], Any]:
    """`work`, and what happens before its first deletion."""
    waiting = [meanwhile]

    def slow(table: Any) -> Any:
        if waiting and table in (tables.throttle, tables.posts):
            await_only(waiting.pop()())
        return delete(table)

    patch.setattr(pruning, "delete", slow)
    return work


async def test_what_could_not_be_put_back_was_held_until_the_process_ended(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    await door.client.fault("sendMessage", "500")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(settling, "put_back", broken)
        await door.desk.unit(lambda u: outbox.put(u, [notice("n")]))
        (lane,) = await _lanes_of(door)
        with pytest.raises(RuntimeError):
            await lane
    assert door.out._lanes.in_hand == frozenset()


async def _lanes_of(door: Door) -> list[asyncio.Task[None]]:
    sweeping = asyncio.create_task(door.out.sweep())
    while not door.out._lanes._tasks:  # noqa: ASYNC110 - there is nothing that tells
        await asyncio.sleep(0)
    found = list(door.out._lanes._tasks.values())
    await asyncio.wait(found)
    await sweeping
    return found


@pytest.mark.parametrize("either", ["sqlite"], indirect=True)
def test_pg_dump_took_a_standby_for_the_primary() -> None:
    assert variables("postgresql://u@one,two/x")["PGTARGETSESSIONATTRS"] == "read-write"
    assert "PGTARGETSESSIONATTRS" not in variables("postgresql://u@one/x")
    named = variables("postgresql://u@one,two/x?target_session_attrs=any")
    assert named["PGTARGETSESSIONATTRS"] == "any"


async def test_a_proxy_that_is_down_was_the_message_s_own_fault(tmp_path: Path, time: Time) -> None:
    async with Bot(TOKEN, session=JsonSession(proxy="socks5://127.0.0.1:1")) as bot:
        assert await _tried_often(bot, tmp_path, time) == ("waiting", "TelegramNetworkError")


async def test_a_gateway_s_page_in_other_letters_was_the_message_s_own_fault(
    tmp_path: Path, time: Time
) -> None:
    async def answer(_request: web.Request) -> web.Response:
        page = "<h1>网关错误</h1>".encode("gbk")
        return web.Response(status=502, body=page, headers={"Content-Type": "text/html"})

    async with a_bot(answer) as bot:
        assert await _tried_often(bot, tmp_path, time) == ("waiting", "TelegramNetworkError")


async def test_a_fault_without_a_word_of_why_was_the_message_s_own(
    tmp_path: Path, time: Time
) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.json_response({"ok": False}, status=502)

    async with a_bot(answer) as bot:
        assert await _tried_often(bot, tmp_path, time) == ("waiting", "TelegramServerError")


async def _tried_often(bot: Bot, folder: Path, time: Time) -> tuple[str, str]:
    """What became of a notice that was tried more often than one may fail by itself."""
    hooks = Hooks(lambda _unit, _parcel: texts("1"), lambda _: b"", lambda *_: None)
    async with a_desk(folder / "m", time) as desk:
        out = Outbox(desk, bot, hooks, fast(time))
        await desk.unit(lambda u: outbox.put(u, [notice("1")]))
        for _ in range(delivery.TRIES + 2):
            time.pass_(61)
            await out.sweep()
            await out.idle()
        (row,) = await rows(desk, "outbox")
        return row.state, row.reason


@pytest.mark.parametrize("either", ["sqlite"], indirect=True)
def test_who_chose_a_language_of_another_program_is_answered_all_the_same() -> None:
    """Nobody could say sorry, so that the update was tried for ever."""
    assert load_words().say("sorry", "fr") == load_words().say("sorry", "zh_Hans")


@pytest.fixture
async def desk(tmp_path: Path, time: Time) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path / "m", time) as desk:
        yield desk


async def test_a_message_of_an_erased_petition_left_its_post(desk: Desk) -> None:
    """It was erased while it was sent, and a row went on tying it to the chat."""
    card = notice("card").model_copy(update={"slot": "card:p:u"})
    await desk.unit(lambda u: outbox.put(u, [card]))
    (row,) = await desk.unit(lambda u: claiming.claim(u, 1))
    await desk.unit(lambda u: u.run(delete(tables.outbox)))
    ready = settling.Ready([Post(key="k", text="t")], None)
    await desk.unit(lambda u: settling.sent(u, row, ready, 7, lambda *_: []))
    assert await rows(desk, "posts") == []


async def test_one_update_had_two_apologies_and_one_that_was_done_had_one(desk: Desk) -> None:
    arrivals = [Arrival(1, 7, b"{}"), Arrival(2, 8, b"{}")]
    first, done = await desk.unit(lambda u: inbox.store(u, arrivals))
    house = SimpleNamespace(office=an_office(), words=load_words())
    out = SimpleNamespace(send_soon=lambda _rows: None)
    into = updates.Door(desk, None, None, house, out)  # type: ignore[arg-type]
    await into._give_up(first, "x")
    await into._give_up(first, "x")  # it had not heard that this was kept
    await desk.unit(lambda u: inbox.done(u, done.update_id))
    await into._give_up(done, "x")
    assert [row.chat_id for row in await rows(desk, "outbox")] == [7]


async def test_the_log_named_a_seal_that_only_the_primary_had(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody_confirms(_unit: Unit) -> None:
        raise Unavailable("the standby did not answer")

    sealer = await make_sealer(desk, tmp_path / "seal.key")
    monkeypatch.setattr(Unit, "insist", nobody_confirms)
    monkeypatch.setattr(seals, "since", lambda _unit, seal_id: [] if seal_id else [Mark(1, b"x")])
    with pytest.raises(Unavailable):
        await sealer.run()
    assert SealLog.beside(tmp_path / "seal.key").last() == seals.NONE


NEEDED: dict[str, Any] = {"bot_token": "42:abc", "field_keys": ("k",), "office_file": "o"}


@pytest.mark.parametrize("either", ["sqlite"], indirect=True)
def test_a_proxy_or_a_folder_that_cannot_be_was_a_crash(tmp_path: Path) -> None:
    for wrong in ("foo", "https://proxy:1", "socks5://proxy"):
        with pytest.raises(SettingsError, match="PROXY"):
            load_settings(**NEEDED, proxy=wrong)
    load_settings(**NEEDED, proxy="socks5://me:secret@proxy:1080")
    settings = load_settings(**NEEDED, data_folder=tmp_path)
    settings.sqlite_file.with_suffix(".lock").mkdir()
    with pytest.raises(SettingsError, match="DATA_FOLDER"):
        only_one(settings)


async def test_a_copy_that_another_program_made_was_not_seen(desk: Desk, tmp_path: Path) -> None:
    shared = load_settings(**NEEDED, data_folder=tmp_path, database_url="postgresql://h/d")

    async def found() -> list[str]:
        return await desk.look(lambda u: [finding.level for finding in copied(u, shared)])

    assert await found() == ["note"]
    await desk.unit(lambda u: backups.note(u, "000001-2026-03-02", 5))
    assert await found() == ["well"]
    await desk.unit(lambda u: backups.failed(u, "OSError"))
    assert "care" in await found()


@pytest.mark.parametrize("either", ["sqlite"], indirect=True)
async def test_a_copy_that_a_full_disk_ended_was_noted_nowhere(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def opened(_settings: object) -> Desk:
        return desk

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(backup, "open_desk", opened)
    monkeypatch.setattr(backup, "load_office", lambda _file: an_office())
    monkeypatch.setattr(backup.copying, "make", full)
    monkeypatch.setattr(desk.database, "close", AsyncMock())
    given = load_settings(**NEEDED, data_folder=tmp_path, backup_folder=str(tmp_path / "copies"))
    with pytest.raises(SettingsError, match="No space left"):
        await backup.back_up(given)
    tried = await desk.look(lambda u: backups.last(u, made=False))
    assert tried is not None
    assert tried.error == "OSError"


@pytest.mark.parametrize("either", ["sqlite"], indirect=True)
def test_an_id_larger_than_any_was_a_traceback() -> None:
    for command in (["show"], ["retry"], ["cancel", "--reason", "wrong"]):
        told = CliRunner().invoke(outbox_commands, [*command, str(10**20)])
        assert told.exit_code == 2
        assert str(2**63 - 1) in told.output
