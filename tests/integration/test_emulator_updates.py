"""Do updates come as from Telegram: polled, pushed, once confirmed gone, to the right bot?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramBadRequest, TelegramConflictError
from aiogram.methods import SendMessage
from aiogram.types import Message, ReplyParameters, Update
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from emulator import Client, LocalSession, Person


@pytest.fixture
async def wang(client: Client) -> Person:
    return await client.person(7, "王芳")


class Hook:
    """A webhook that answers as told and remembers what came."""

    def __init__(self) -> None:
        self.came: list[tuple[str, dict[str, Any]]] = []
        self.statuses: list[int] = []
        self.changed = asyncio.Condition()
        self.url = ""

    async def start(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_post("/", self.take)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        return runner

    async def take(self, request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        async with self.changed:
            self.came.append((secret, await request.json()))
            self.changed.notify_all()
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    async def until(self, count: int) -> None:
        async with asyncio.timeout(5), self.changed:
            await self.changed.wait_for(lambda: len(self.came) >= count)

    def texts(self) -> list[str]:
        return [update["message"]["text"] for _, update in self.came]


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    runner = await hook.start()
    yield hook
    await runner.cleanup()


async def test_a_long_poll_ends_when_something_comes(bot: Bot, wang: Person) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.wait([poll], timeout=0.1)
    assert not poll.done()
    await wang.type("你好")
    [update] = await asyncio.wait_for(poll, 2)
    assert update.message is not None
    assert update.message.text == "你好"


async def test_only_the_offset_confirms(bot: Bot, wang: Person) -> None:
    for text in "abc":
        await wang.type(text)
    first = await bot.get_updates(limit=2)
    assert [u.message.text for u in first if u.message] == ["a", "b"]
    assert [u.update_id for u in await bot.get_updates()][:2] == [u.update_id for u in first]
    rest = await bot.get_updates(offset=first[1].update_id + 1)
    assert [u.message.text for u in rest if u.message] == ["c"]
    await wang.type("d")
    last = await bot.get_updates(offset=-1)
    assert [u.message.text for u in last if u.message] == ["d"]
    assert await bot.get_updates(offset=last[0].update_id + 1) == []


async def test_the_older_of_two_pollers_is_ended(bot: Bot, wang: Person) -> None:
    older = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.wait([older], timeout=0.1)
    newer = asyncio.create_task(bot.get_updates(timeout=30))
    with pytest.raises(TelegramConflictError, match="terminated by other getUpdates request; make"):
        await asyncio.wait_for(older, 2)
    await wang.type("x")
    assert len(await asyncio.wait_for(newer, 2)) == 1


async def test_raw_updates_may_have_any_number(bot: Bot, client: Client, wang: Person) -> None:
    await wang.type("a")
    assert await client.raw({"update_id": 5, "poll_answer": {"odd": 1}}) == 5
    number = await client.raw({"something_new": {"x": 1}})
    assert [u.update_id for u in await _raw_poll(bot)] == [number - 1, 5, number]
    assert [u.update_id for u in await _raw_poll(bot, offset=6)] == [number]
    assert await _raw_poll(bot, offset=number + 1) == []


async def _raw_poll(bot: Bot, offset: int = 0) -> list[Any]:
    session = bot.session
    assert isinstance(session, LocalSession)
    http = await session.create_session()
    url = session.api.api_url(bot.token, "getUpdates")
    async with http.get(url, params={"offset": str(offset)}) as response:
        body = await response.json()
    return [Update.model_construct(update_id=u["update_id"]) for u in body["result"]]


async def test_a_webhook_is_tried_again_in_order(bot: Bot, hook: Hook, wang: Person) -> None:
    await wang.type("a")
    hook.statuses = [500, 404]
    await bot.set_webhook(hook.url, secret_token="s3cret")
    await hook.until(2)
    info = await bot.get_webhook_info()
    assert info.last_error_message in [f"Wrong response from the webhook: {n}" for n in (500, 404)]
    assert info.pending_update_count == 1
    await wang.type("b")
    await hook.until(4)
    assert hook.texts() == ["a", "a", "a", "b"]
    assert {secret for secret, _ in hook.came} == {"s3cret"}


async def test_a_failing_chat_holds_up_no_other(
    bot: Bot, client: Client, hook: Hook, wang: Person
) -> None:
    li = await client.person(8, "李雷")
    hook.statuses = [500, 200]
    await bot.set_webhook(hook.url)
    await wang.type("a")
    await hook.until(1)
    await li.type("b")
    await hook.until(3)
    assert hook.texts() == ["a", "b", "a"]


async def test_polling_and_webhook_exclude_each_other(bot: Bot, hook: Hook) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.wait([poll], timeout=0.1)
    await bot.set_webhook(hook.url)
    with pytest.raises(TelegramConflictError, match="terminated by setWebhook request"):
        await asyncio.wait_for(poll, 2)
    with pytest.raises(TelegramConflictError, match="can't use getUpdates method while webhook"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == []
    with pytest.raises(TelegramBadRequest, match="secret token contains unallowed characters"):
        await bot.set_webhook(hook.url, secret_token="密")


async def test_a_method_in_the_webhook_answer_is_carried_out(bot: Bot, wang: Person) -> None:
    dp = Dispatcher()

    @dp.message()
    async def echo(message: Message) -> SendMessage:
        return message.answer(f"回 {message.text}")

    app = web.Application()
    SimpleRequestHandler(dp, bot, handle_in_background=False).register(app, "/")
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/")
    await wang.type("你好")
    await wang.expect("回 你好")
    await bot.delete_webhook()
    await runner.cleanup()


async def _texts(bot: Bot) -> list[str | None]:
    updates = await bot.get_updates()
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1)
    return [u.message.text for u in updates if u.message and u.message.text]


async def test_privacy_mode(bot: Bot, client: Client, wang: Person) -> None:
    desk = await client.group("街道办", [wang])
    card = await bot.send_message(desk.id, "卡片")
    await wang.type("闲聊", desk)
    await wang.type("/help", desk)
    await wang.type("/help@minsheng_demo_bot", desk)
    await wang.type("/help@another_bot", desk)
    mine = await wang.type("@minsheng_demo_bot 看", desk)
    await wang.type("回卡片", desk, reply_to=card.message_id)
    await wang.type("自言", desk, reply_to=mine)
    assert await _texts(bot) == ["/help", "/help@minsheng_demo_bot", "回卡片"]
    await client.member(desk, 42, "administrator")
    await wang.type("闲聊", desk)
    assert await _texts(bot) == ["闲聊"]
    await client.member(desk, 42, "member")
    await client.bot("42:x", privacy=False)
    await wang.type("闲聊", desk)
    assert await _texts(bot) == ["闲聊"]
    assert (await bot.get_me()).can_read_all_group_messages


async def test_members_come_and_go(bot: Bot, client: Client, wang: Person) -> None:
    li = await client.person(8, "李雷")
    desk = await client.group("街道办", [wang])
    await client.member(desk, li, "member")
    updates = await bot.get_updates()
    assert [u.event_type for u in updates] == ["my_chat_member", "message", "message"]
    joined = updates[-1].message
    assert joined is not None
    assert [u.id for u in joined.new_chat_members or ()] == [8]
    offset = updates[-1].update_id + 1

    await client.member(desk, li, "left")
    await client.member(desk, 42, "administrator")
    await client.member(desk, li, "member")
    updates = await bot.get_updates(offset=offset)
    kinds = [u.event_type for u in updates]
    assert kinds == ["message", "my_chat_member", "message"], "chat_member must be asked for"
    offset = updates[-1].update_id + 1

    wanted = ["message", "chat_member"]
    await bot.get_updates(offset=offset, allowed_updates=wanted)
    await client.member(desk, li, "administrator")
    await client.member(desk, 42, "member")
    await client.member(desk, li, "left")
    updates = await bot.get_updates(offset=offset)
    assert [u.event_type for u in updates] == ["chat_member", "message"]
    assert (await bot.get_chat_member(desk.id, 8)).status == "left"
    assert (await bot.get_chat_member(desk.id, 7)).status == "member"
    assert await bot.get_chat_administrators(desk.id) == []
    assert await bot.get_chat_member_count(desk.id) == 2
    assert (await bot.get_chat(desk.id)).title == "街道办"


async def test_albums_are_separate_updates_of_one_group(bot: Bot, wang: Person) -> None:
    await wang.album(3, caption="三张")
    messages = [u.message for u in await bot.get_updates() if u.message]
    assert len({m.media_group_id for m in messages}) == 1
    assert [m.caption for m in messages] == ["三张", None, None]
    photo = messages[0].photo
    assert photo is not None
    fetched = await bot.download(photo[-1].file_id)
    assert fetched is not None
    assert fetched.read()[:2] == b"\xff\xd8"


async def test_pins_and_leaving(bot: Bot, client: Client, wang: Person) -> None:
    desk = await client.group("街道办", [wang], bot_is_admin=True)
    sent = await bot.send_message(desk.id, "x", reply_parameters=ReplyParameters(message_id=1))
    assert await bot.pin_chat_message(desk.id, sent.message_id)
    pinned = (await bot.get_chat(desk.id)).pinned_message
    assert pinned is not None
    assert pinned.message_id == sent.message_id
    assert await bot.unpin_chat_message(desk.id)
    with pytest.raises(TelegramBadRequest, match="message to unpin not found"):
        await bot.unpin_chat_message(desk.id)
    assert await bot.send_chat_action(desk.id, "typing")
    assert await bot.leave_chat(desk.id)
    assert [g["bot_status"] for g in (await client.state())["groups"]] == ["left"]
