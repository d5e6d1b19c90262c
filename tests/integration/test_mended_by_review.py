"""What a review with fresh eyes proved, one test each; it is named for what went wrong."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import web
from desks import Time, a_desk, rows
from doors import FAST, TOKEN, Door, answer, fast, notice, texts
from sqlalchemy import delete, select, update
from sqlalchemy.util import await_only
from test_mended_storage import Source, with_files

from notifier import delivery, settling
from notifier.budget import OwnBudget, Place
from notifier.fetching import Fetcher
from notifier.gate import Gate
from notifier.hooks import Hooks
from notifier.outbox import Outbox
from notifier.session import JsonSession
from storage import claiming, files, inbox, outbox, posts, pruning, tables, throttle
from storage.database import Unavailable
from storage.dumping import variables
from storage.inbox import Arrival
from storage.rows import LEASE_SECONDS
from storage.unit import Unit
from words import load_words

pytestmark = pytest.mark.usefixtures("either")
on_postgres = pytest.mark.parametrize("either", ["postgres"], indirect=True)
DAMAGED = b"gAAAA damaged"


class Away(OwnBudget):
    """The account that several share, which this process does not reach for a while."""

    away = True
    asked: asyncio.Event

    async def ask(self, chat_id: int, *, first: bool) -> Place:
        self.asked.set()
        if self.away:
            raise Unavailable("no route to host")
        return await super().ask(chat_id, first=first)


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
    await door.desk.unit(lambda u: outbox.put(u, [notice("of a newer program")]))

    def newer(unit: Unit) -> None:
        (row,) = unit.run(select(tables.outbox)).all()
        body = json.loads(unit.open(row.payload)) | {"sound": "soft"}
        unit.run(update(tables.outbox).values(payload=unit.seal(json.dumps(body).encode())))

    await door.desk.unit(newer)
    await door.desk.unit(lambda u: outbox.put(u, [notice("good", chat=8)]))
    await door.sweep()
    assert [(state, reason) for state, reason, _ in await door.states()] == [
        ("waiting", "unreadable"),
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
        states = {row.update_id: row.state for row in await rows(heir, "inbox")}
        assert states == {1: "set_aside", 2: "new"}


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
    bot = Bot(TOKEN, session=JsonSession(proxy="socks5://127.0.0.1:1"))
    assert await _tried_often(bot, tmp_path, time) == ("waiting", "TelegramNetworkError")


async def test_a_gateway_s_page_in_other_letters_was_the_message_s_own_fault(
    tmp_path: Path, time: Time
) -> None:
    async def answer(_request: web.Request) -> web.Response:
        page = "<h1>网关错误</h1>".encode("gbk")
        return web.Response(status=502, body=page, headers={"Content-Type": "text/html"})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api = TelegramAPIServer.from_base(f"http://127.0.0.1:{runner.addresses[0][1]}")
    bot = Bot(TOKEN, session=JsonSession(api=api))
    assert await _tried_often(bot, tmp_path, time) == ("waiting", "TelegramNetworkError")
    await runner.cleanup()


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
        await bot.session.close()
        return row.state, row.reason


@pytest.mark.parametrize("either", ["sqlite"], indirect=True)
def test_who_chose_a_language_of_another_program_is_answered_all_the_same() -> None:
    """Nobody could say sorry, so that the update was tried for ever."""
    assert load_words().say("sorry", "fr") == load_words().say("sorry", "zh_Hans")
