"""The door out against a messenger that refuses, hangs up, goes down and comes back."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web
from desks import Time, a_desk, rows
from doors import WANG, Door, a_bot, answer, fast, notice, texts

from notifier import delivery as notifier
from notifier import outbox as sweeping
from notifier.hooks import Hooks
from notifier.outbox import Outbox
from storage import leases, outbox, people, posts, record
from storage.database import Unavailable
from storage.messages import Button, Key, Later, Parcel, Post, Said, Skip
from storage.rows import LEASE_SECONDS
from storage.unit import Unit
from storage.vault import Erased

pytestmark = pytest.mark.usefixtures("either")


async def test_an_answer_goes_at_once_and_a_notice_with_the_sweep(door: Door) -> None:
    await door.put(answer("answer"), notice("notice"))
    assert await door.seen() == ["answer"]
    await door.sweep()
    assert await door.seen() == ["answer", "notice"]
    assert await door.states() == [("sent", None, 1), ("sent", None, 1)]
    first, second = await rows(door.desk, "outbox")
    assert (first.shown, first.message_id) == (None, 2)
    shown = await door.desk.look(lambda u: u.open(second.shown))
    assert (shown.decode(), second.message_id) == ("notice", 3)


async def test_buttons_and_files_go_along(door: Door) -> None:
    photo = await door.wang.photo()
    post = Post(key="k", text="<b>&amp;", buttons=((Button(text="好", data="d"),),))
    with_tags = post.model_copy(update={"text": "<b>&lt;b&gt;</b>"})
    copy = Post(key="file", copy_of=(WANG, photo.id))
    await door.put(*(Parcel(chat_id=WANG, post=p) for p in (with_tags, copy)))
    screen = (await door.client.messages(WANG, WANG))["messages"]
    said, copied = (m for m in screen if m["from"]["is_bot"])
    assert said["text"] == "<b>"
    assert said["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "d"
    assert copied["files"]


async def test_a_keyboard_under_the_input_comes_and_goes(door: Door) -> None:
    keys = (
        (Key(text="我的手机号", ask="contact"),),
        (Key(text="位置", ask="location"), Key(text="x")),
    )
    await door.put(Parcel(chat_id=WANG, post=Post(key="k", text="?", keyboard=keys)))
    await door.wang.press("我的手机号")
    shown = (await door.client.messages(WANG, WANG))["keyboard"]["keyboard"]
    assert [[sorted(key) for key in row] for row in shown] == [
        [["request_contact", "text"]],
        [["request_location", "text"], ["text"]],
    ]
    await door.put(Parcel(chat_id=WANG, post=Post(key="k", text="!", drop_keyboard=True)))
    assert not (await door.client.messages(WANG, WANG))["keyboard"]


async def test_an_answer_to_a_message_hangs_on_it_and_goes_without_it_when_it_is_gone(
    door: Door,
) -> None:
    said = await door.wang.type("?")
    for reply_to in (said.id, 404):
        await door.put(Parcel(chat_id=WANG, post=Post(key="k", text="!", reply_to=reply_to)))
    screen = (await door.client.messages(WANG, WANG))["messages"]
    first, second = (m for m in screen if m["from"]["is_bot"])
    assert first["reply_to_message"]["message_id"] == said.id
    assert "reply_to_message" not in second


async def test_every_kind_of_file_is_sent_by_its_id(door: Door) -> None:
    seen = [
        await door.wang.photo(),
        await door.wang.video(),
        await door.wang.voice(),
        await door.wang.document(),
    ]
    kinds = ("photo", "video", "voice", "document")
    for kind, each in zip(kinds, seen, strict=True):
        raw = each.raw[kind]
        file_id = (raw[-1] if kind == "photo" else raw)["file_id"]
        await door.put(Parcel(chat_id=WANG, post=Post(key="file", file=(kind, file_id))))
    assert await door.state() == ["sent"] * 4
    screen = (await door.client.messages(WANG, WANG))["messages"]
    got = [m["files"][0]["kind"] for m in screen if m["from"]["is_bot"]]
    assert got == list(kinds)


async def test_buttons_alone_are_taken_away_and_a_message_that_is_gone_needs_none(
    door: Door,
) -> None:
    buttons = ((Button(text="好", data="d"), Button(text="开", url="https://t.me/x")), ())
    await door.put(Parcel(chat_id=WANG, post=Post(key="k", text="?", buttons=buttons)))
    off = Post(key="off")
    await door.put(Parcel(chat_id=WANG, post=off, edit=2))
    (message,) = (
        m for m in (await door.client.messages(WANG, WANG))["messages"] if m["from"]["is_bot"]
    )
    assert (message["text"], "reply_markup" in message) == ("?", False)
    await door.put(Parcel(chat_id=WANG, post=off, edit=404))
    assert await door.seen() == ["?"]
    assert await door.state() == ["sent"] * 3


# -- told to wait ------------------------------------------------------------------------------


async def test_a_429_is_obeyed_to_the_second_and_by_that_chat_only(door: Door) -> None:
    li = await door.client.person(8, "李")
    await li.type("/start")
    await door.client.fault("sendMessage", "429", retry_after=30, chat_id=WANG)
    await door.put(answer("1"))
    assert (await door.states())[0][:2] == ("waiting", "asked to wait")
    await door.put(answer("2"), answer("for li", chat=8))
    await door.sweep(29.9)
    assert await door.seen() == []
    assert await door.seen(8, 8) == ["for li"]
    assert await door.asked() == ["1", "for li"]
    await door.sweep(0.1)
    assert await door.seen() == ["1", "2"]
    assert await door.asked() == ["1", "for li", "1", "2"]


async def test_a_429_in_the_middle_of_a_long_message_goes_on_where_it_stopped(door: Door) -> None:
    door.said["long"] = texts("1", "2", "3", "4")
    await door.put(answer("before"), notice("long"))
    door.break_at("3", "429", retry_after=25)
    await door.sweep()
    assert await door.seen() == ["before", "1", "2"]
    assert (await rows(door.desk, "outbox"))[1].progress == 2
    await door.sweep(25)
    assert await door.seen() == ["before", "1", "2", "3", "4"]
    assert await door.asked() == ["before", "1", "2", "3", "3", "4"]
    assert await door.state() == ["sent", "sent"]


async def test_a_chat_that_has_to_wait_long_gives_its_messages_back(door: Door) -> None:
    """Holding a lease for minutes would keep the process from stopping, and others waiting."""
    await door.gate.obey(WANG, 300)
    await door.put(answer("1"), answer("2"))
    assert await door.states() == [("waiting", "pace", 1), ("waiting", "pace", 1)]
    assert await door.asked() == []
    await door.sweep(300)
    assert await door.seen() == ["1", "2"]


# -- never to arrive ---------------------------------------------------------------------------


async def test_a_person_who_blocked_the_bot_is_marked_and_not_written_to_again(
    door: Door,
) -> None:
    await door.wang.block()
    await door.put(answer("1"))
    assert await door.states() == [("blocked", "forbidden", 1)]
    person = await door.desk.look(lambda u: people.find(u, WANG))
    assert person is not None
    assert person.blocked
    await door.sweep(LEASE_SECONDS)
    assert await door.asked() == ["1"]


async def test_a_group_the_bot_was_removed_from_is_gone_and_nobody_is_marked(door: Door) -> None:
    group = await door.client.group("街道办", [door.wang])
    await door.client.member(group, 42, "kicked")
    await door.put(answer("1", chat=group.id))
    assert (await door.state()) == ["gone"]
    assert await door.asked() == ["1"]


async def test_a_chat_there_is_not_is_gone(door: Door) -> None:
    await door.put(answer("1", chat=-404))
    assert await door.states() == [("gone", "chat not found", 1)]


async def test_a_message_the_messenger_cannot_read_fails_and_holds_nothing_up(door: Door) -> None:
    await door.put(answer("<b>"), answer("next"))
    assert await door.states() == [("failed", "bad request", 1), ("sent", None, 1)]
    assert await door.seen() == ["next"]


async def test_the_messenger_s_own_words_are_not_kept(door: Door) -> None:
    """They can quote what a person wrote."""
    await door.put(answer("<unknown-MARKER>"))
    (row,) = await rows(door.desk, "outbox")
    assert row.state == "failed"
    assert "MARKER" not in row.reason


# -- edits and slots ---------------------------------------------------------------------------


async def test_an_edit_changes_the_message_in_place(door: Door) -> None:
    await door.put(answer("old"))
    await door.put(answer("new", edit=2))
    assert await door.seen() == ["new"]


async def test_an_edit_of_a_message_that_is_gone_is_a_new_message(door: Door) -> None:
    await door.put(answer("old"))
    await door.bot.delete_message(WANG, 2)
    await door.put(answer("new", edit=2))
    assert await door.seen() == ["new"]
    assert await door.state() == ["sent", "sent"]
    assert (await rows(door.desk, "outbox"))[1].message_id == 3


async def test_an_edit_of_a_message_that_is_not_ours_is_a_new_message(door: Door) -> None:
    await door.put(answer("new", edit=1))
    assert await door.seen() == ["new"]


async def test_an_edit_that_changes_nothing_is_as_good_as_done(door: Door) -> None:
    await door.put(answer("same"))
    await door.put(answer("same", edit=2))
    assert await door.seen() == ["same"]
    assert await door.state() == ["sent", "sent"]


async def test_a_slot_is_posted_once_and_edited_from_then_on(door: Door) -> None:
    for text in ("one", "two", "three"):
        door.said["card"] = texts(text)
        await door.put(notice("card", slot="card:1"))
        await door.sweep()
    assert await door.seen() == ["three"]
    assert await door.desk.look(lambda u: posts.find(u, "card:1")) == (WANG, 2)
    assert len(await door.asked("editMessageText")) == 2


async def test_a_slot_whose_message_was_deleted_is_posted_anew_and_followed(door: Door) -> None:
    door.said["card"] = texts("one")
    await door.put(notice("card", slot="card:1"))
    await door.sweep()
    await door.bot.delete_message(WANG, 2)
    for text in ("two", "three"):
        door.said["card"] = texts(text)
        await door.put(notice("card", slot="card:1"))
        await door.sweep()
    assert await door.seen() == ["three"]
    assert await door.desk.look(lambda u: posts.find(u, "card:1")) == (WANG, 3)


async def test_a_fresh_post_leaves_the_old_one_and_is_followed_from_then_on(door: Door) -> None:
    for text, fresh in (("one", False), ("two", True), ("three", False)):
        door.said["card"] = texts(text)
        await door.put(notice("card", slot="card:1", fresh=fresh))
        await door.sweep()
    assert await door.seen() == ["one", "three"]


# -- faults of the network and the server ------------------------------------------------------


@pytest.mark.parametrize("kind", ["500", "502", "drop_before", "timeout"])
async def test_a_message_that_did_not_go_is_sent_again_and_seen_once(door: Door, kind: str) -> None:
    await door.client.fault("sendMessage", kind)
    await door.put(answer("1"))
    assert await door.seen() == []
    assert (await door.state()) == ["waiting"]
    await door.sweep(2)
    assert await door.seen() == ["1"]
    ((state, _, attempts),) = await door.states()
    assert (state, attempts) == ("sent", 2)


async def test_a_message_whose_answer_was_lost_is_sent_again_and_counted(door: Door) -> None:
    """Nobody can know whether it went: better twice than not at all."""
    await door.client.fault("sendMessage", "drop_after")
    await door.put(answer("1"))
    await door.sweep(2)
    assert await door.seen() == ["1", "1"]
    assert (await door.states())[0][2] == 2


async def test_a_long_message_whose_answer_was_lost_repeats_one_part_only(door: Door) -> None:
    door.said["long"] = texts("1", "2", "3")
    await door.put(notice("long"))
    door.break_at("2", "drop_after")
    await door.sweep()
    await door.sweep(2)
    assert await door.seen() == ["1", "2", "2", "3"]


async def test_pauses_double_up_to_a_minute(door: Door) -> None:
    await door.client.fault("sendMessage", "500", times=12)
    await door.put(answer("1"))
    for pause in (1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60):
        before = len(await door.asked())
        await door.sweep(pause - 0.01)
        assert len(await door.asked()) == before
        await door.sweep(0.01)
        assert len(await door.asked()) == before + 1
    await door.sweep(60)
    assert await door.seen() == ["1"]


async def test_after_a_time_away_everything_arrives_in_order(door: Door) -> None:
    await door.client.down()
    for n in range(5):
        await door.put(answer(f"a{n}"), notice(f"n{n}"))
    for _ in range(20):
        await door.sweep(60)
    assert set(await door.state()) == {"waiting"}
    await door.client.down(False)
    for _ in range(12):
        await door.sweep(60)
    assert set(await door.state()) == {"sent"}
    # Answers to taps wait for no notice; each kind is in its order.
    assert await door.seen() == [f"{kind}{n}" for kind in "an" for n in range(5)]


async def test_what_follows_waits_for_what_could_not_go_and_the_order_is_kept(door: Door) -> None:
    await door.client.fault("sendMessage", "500", times=1)
    await door.put(answer("1"), answer("2"))
    assert await door.seen() == []
    await door.put(answer("3"))
    assert await door.seen() == []
    await door.sweep(2)
    assert await door.seen() == ["1", "2", "3"]
    # And from then on answers go at once again.
    await door.put(answer("4"))
    assert await door.seen() == ["1", "2", "3", "4"]


async def test_what_waits_for_something_that_was_dropped_goes_with_the_sweep(door: Door) -> None:
    """A card that could not go is replaced by a newer one, and so never goes itself."""
    await door.client.fault("sendMessage", "500", times=1)
    await door.put(notice("card", slot="s"))
    await door.sweep()
    assert await door.state() == ["waiting"]
    door.time.pass_(2)
    await door.put(notice("card again", slot="s"))
    assert await door.state() == ["skipped", "waiting"]
    await door.put(answer("1"))
    await door.sweep()
    assert sorted(await door.seen()) == ["1", "card again"]
    await door.put(answer("2"))
    assert (await door.seen())[-1] == "2"


async def test_a_gateway_that_answers_in_html_is_a_fault_of_the_network(
    tmp_path: Path, time: Time
) -> None:
    """However long it lasts: no message is given up because a proxy stood in between."""

    async def sorry(_request: web.Request) -> web.Response:
        return web.Response(status=502, text="<h1>Bad Gateway</h1>", content_type="text/html")

    def say(_unit: Unit, _parcel: Parcel) -> Said:
        return texts("1")

    async with a_bot(sorry) as bot, a_desk(tmp_path / "m.sqlite3", time) as desk:
        out = Outbox(desk, bot, Hooks(say, lambda _: b"", lambda *_: None), fast(time))
        await desk.unit(lambda u: outbox.put(u, [notice("1")]))
        for _ in range(notifier.TRIES + 5):
            time.pass_(60)
            await out.sweep()
            await out.idle()
        (row,) = await rows(desk, "outbox")
        assert (row.state, row.attempts) == ("waiting", notifier.TRIES + 5)


# -- a group that moves ------------------------------------------------------------------------


async def test_a_group_that_became_a_supergroup_is_followed(door: Door) -> None:
    group = await door.client.group("街道办", [door.wang])
    door.said["card"] = texts("card")
    await door.put(notice("card", chat=group.id, slot="card:1"))
    await door.sweep()
    new = await door.client.migrate(group)
    await door.put(notice("card", chat=group.id, slot="card:1"), notice("news", chat=group.id))
    await door.sweep()
    assert door.moved == [(group.id, new.id)]
    # One card in the new chat, and the news: not the old card beside the new one.
    assert sorted(await door.seen(new.id)) == ["card", "news"]
    assert {r.chat_id for r in await rows(door.desk, "outbox") if r.state == "sent"} == {
        group.id,
        new.id,
    }


async def test_a_group_nobody_knows_is_followed_too_and_not_asked_for_ever(door: Door) -> None:
    group = await door.client.group("别的群", [door.wang])
    new = await door.client.migrate(group)
    door.move = lambda _unit, old, new: door.moved.append((old, new))  # type: ignore[method-assign]
    await door.put(answer("1", chat=group.id))
    for _ in range(3):
        await door.sweep(1)
    assert await door.seen(new.id) == ["1"]
    assert len(await door.asked()) == 2


# -- what there is to say ----------------------------------------------------------------------


async def test_what_is_no_longer_true_is_skipped_and_what_is_erased_too(door: Door) -> None:
    door.said = {
        "old": Skip(reason="rated"),
        "gone": Erased("k"),
        "not there": record.Unknown("p"),
    }
    await door.put(notice("old"), notice("gone"), notice("not there"))
    await door.sweep()
    assert await door.states() == [
        ("skipped", "rated", 1),
        ("skipped", "erased", 1),
        ("skipped", "erased", 1),
    ]
    assert await door.asked() == []


async def test_what_waits_for_the_morning_waits(door: Door) -> None:
    morning = door.time.now.replace(hour=23)
    door.said = {"quiet": Later(at=morning)}
    await door.put(notice("quiet"), notice("next"))
    await door.sweep()
    assert await door.seen() == ["next"]
    door.said = {}
    await door.sweep((morning - door.time.now).total_seconds() - 1)
    assert await door.seen() == ["next"]
    await door.sweep(1)
    assert await door.seen() == ["next", "quiet"]


async def test_a_notice_that_cannot_be_said_is_given_up_and_holds_its_chat_up_no_longer(
    door: Door,
) -> None:
    door.said = {"poison": KeyError("no such sentence")}
    await door.put(notice("poison"), notice("next"))
    for _ in range(notifier.TRIES):
        assert await door.seen() == []
        await door.sweep(60)
    assert await door.seen() == ["next"]
    assert (await door.states())[0] == ("failed", "KeyError", notifier.TRIES)


async def test_a_long_notice_is_kept_as_it_was_sent(door: Door) -> None:
    door.said["long"] = texts("1", "2")
    await door.put(notice("long"))
    await door.sweep()
    (row,) = await rows(door.desk, "outbox")
    assert await door.desk.look(lambda u: u.open(row.shown)) == b"1\n2"


# -- the process and its database --------------------------------------------------------------


async def test_a_send_is_not_forgotten_when_the_database_is_away(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notifier, "BUSY_PAUSE", 0.001)
    leased = await door.desk.unit(lambda u: outbox.put(u, [answer("1")]))
    share, away = door.desk.share, 3

    async def sometimes(work: object) -> object:
        nonlocal away
        if away:
            away -= 1
            raise Unavailable
        return await share(work)

    monkeypatch.setattr(door.desk, "share", sometimes)
    door.out.send_soon(leased)
    await door.out.idle()
    assert away == 0
    assert await door.asked() == ["1"]
    assert await door.state() == ["sent"]


async def test_what_a_dead_process_held_is_sent_after_its_lease(door: Door) -> None:
    await door.desk.unit(lambda u: outbox.put(u, [answer("1")]))
    await door.sweep(LEASE_SECONDS - 1)
    assert await door.seen() == []
    await door.sweep(1)
    assert await door.seen() == ["1"]


async def test_two_sweeps_at_once_send_nothing_twice(door: Door) -> None:
    await door.put(*(notice(f"{n}", chat=WANG) for n in range(10)))
    for _ in range(12):
        await asyncio.gather(door.out.sweep(), door.out.sweep(), door.out.sweep())
        await door.out.idle()
    assert await door.seen() == [f"{n}" for n in range(10)]


async def test_the_sweep_goes_on_by_itself_until_a_chat_is_through(door: Door) -> None:
    runs = asyncio.create_task(door.out.run())
    await door.put(*(notice(f"{n}") for n in range(4)))
    door.out.wake.set()
    await door.wang.expect("3")
    assert await door.seen() == ["0", "1", "2", "3"]
    runs.cancel()
    with pytest.raises(asyncio.CancelledError):
        await runs


async def test_the_sweep_lives_on_when_the_database_was_away(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit, away = door.desk.unit, asyncio.Event()

    async def gone(_work: object) -> object:
        monkeypatch.setattr(door.desk, "unit", unit)
        away.set()
        raise Unavailable

    await door.put(notice("1"))
    monkeypatch.setattr(door.desk, "unit", gone)
    runs = asyncio.create_task(door.out.run())
    door.out.wake.set()
    await away.wait()
    door.out.wake.set()
    await door.wang.expect("1")
    runs.cancel()
    await asyncio.gather(runs, return_exceptions=True)


async def test_only_so_many_chats_are_written_to_at_once(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "AT_ONCE", 2)
    for n in range(100, 112):
        await (await door.client.person(n, "x")).type("/start")
    await door.put(*(notice("hello", chat=n) for n in range(100, 112)))
    await door.out.sweep()
    assert len(door.out._lanes) <= 2
    await door.out.idle()
    assert await door.state() == ["sent"] * 12


async def test_stopping_does_not_wait_for_a_messenger_that_hangs(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "GRACE_SECONDS", 0.01)
    await door.client.fault("sendMessage", "timeout")
    leased = await door.desk.unit(lambda u: outbox.put(u, [answer("1")]))
    door.out.send_soon(leased)
    await door.out.stop()
    assert await door.state() == ["waiting"]
    await door.desk.unit(lambda u: leases.give_back(u, {door.desk.process}))
    door.out = Outbox(door.desk, door.bot, door.hooks, fast(door.time))
    await door.sweep()
    assert await door.seen() == ["1"]
