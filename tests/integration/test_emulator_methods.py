"""Do the rest of the methods answer what aiogram can read, and change what people see?"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.types import (
    BufferedInputFile,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyParameters,
    Update,
)

from emulator import Client, Emulator, LocalSession, Person, Seen


async def last(person: Person) -> Seen:
    seen = await person.last()
    assert seen is not None
    return seen


async def test_every_kind_of_file_is_sent_and_seen(bot: Bot, client: Client, wang: Person) -> None:
    sent = await bot.send_document(7, BufferedInputFile(b"%PDF", "答复书.pdf"), caption="答复")
    assert sent.document is not None
    assert sent.document.file_name == "答复书.pdf"
    seen = await wang.expect("答复")
    assert await client.download(seen.files[0]) == b"%PDF"
    for act, kind in ((bot.send_video, "video"), (bot.send_voice, "voice")):
        await act(7, BufferedInputFile(b"x", "x"))
        assert (await last(wang)).files[0]["kind"] == kind
    again = await bot.send_document(7, sent.document.file_id)
    assert again.document == sent.document
    with pytest.raises(TelegramBadRequest, match="can't use file of type Document as Photo"):
        await bot.send_photo(7, sent.document.file_id)
    with pytest.raises(TelegramBadRequest, match="wrong file identifier/HTTP URL specified"):
        await bot.send_photo(7, "no-such-file-id")
    with pytest.raises(TelegramBadRequest, match="file must be non-empty"):
        await bot.send_document(7, BufferedInputFile(b"", "x"))
    with pytest.raises(TelegramAPIError, match="Request Entity Too Large"):
        await bot.send_photo(7, BufferedInputFile(bytes(10 * 2**20 + 1), "x.jpg"))


async def test_places(bot: Bot, client: Client, wang: Person) -> None:
    sent = await bot.send_location(7, 30.2, 120.1)
    assert sent.location is not None
    await wang._send(None, location={"latitude": 1, "longitude": 2, "title": "区政府"})
    [*_, update] = await bot.get_updates()
    assert update.message is not None
    assert update.message.venue is not None
    assert update.message.venue.title == "区政府"


async def test_formatting_by_entities_and_by_parse_mode(bot: Bot, wang: Person) -> None:
    bold = MessageEntity(type="bold", offset=0, length=2)
    await bot.send_message(7, "😀<b>&", entities=[bold])
    assert (await last(wang)).html == "<b>😀</b>&lt;b&gt;&amp;"
    with pytest.raises(TelegramBadRequest, match="unsupported parse_mode"):
        await bot.send_message(7, "x", parse_mode="odd")


async def test_keyboards_of_groups_and_forced_replies(
    bot: Bot, client: Client, wang: Person
) -> None:
    li = await client.person(8, "李雷")
    desk = await client.group("街道办", [wang, li])
    keys = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="好")]], selective=True)
    said = await wang.type("/ask", desk)
    answer = ReplyParameters(message_id=said.id)
    await bot.send_message(desk.id, "?", reply_markup=keys, reply_parameters=answer)
    assert (await wang.keyboard(desk), await li.keyboard(desk)) == ([["好"]], [])
    await wang.press("好", desk)
    await bot.send_message(7, "?", reply_markup=ForceReply())
    assert (await client.messages(7, 7))["keyboard"] == {"force_reply": True}
    with pytest.raises(TelegramBadRequest, match="must contain at least one button"):
        await bot.send_message(7, "?", reply_markup=ReplyKeyboardMarkup(keyboard=[]))


async def test_buttons_with_links_are_seen_but_not_pressed(bot: Bot, wang: Person) -> None:
    button = InlineKeyboardButton(text="网站", url="https://a.cn")
    await bot.send_message(
        7, "x", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button], []])
    )
    assert (await last(wang)).buttons == [[("网站", "https://a.cn")]]
    with pytest.raises(AssertionError, match=r"sees no button(?s:.*)\[网站\]"):
        await wang.tap("网站")


async def test_an_alert_reaches_the_one_who_pressed(bot: Bot, client: Client, wang: Person) -> None:
    button = InlineKeyboardButton(text="x", callback_data="d")
    await bot.send_message(7, "x", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]))
    seq = (await client.state())["seq"]
    tap = asyncio.create_task(wang.tap("x"))
    query = None
    offset = 0
    while query is None:
        for update in await bot.get_updates(offset=offset, timeout=5):
            offset, query = update.update_id + 1, update.callback_query
    await bot.answer_callback_query(query.id, "注意", show_alert=True)
    assert await tap == "注意"
    [toast] = await client.wait(seq, 5, chat_id=7, viewer=7)
    assert (toast["type"], toast["text"], toast["alert"]) == ("toast", "注意", True)
    assert await client.wait(seq, 0.01, viewer=8) == []


async def test_deleting_in_groups_takes_rights(bot: Bot, client: Client, wang: Person) -> None:
    desk = await client.group("街道办", [wang])
    said = await wang.type("x", desk)
    with pytest.raises(TelegramBadRequest, match="message can't be deleted"):
        await bot.delete_message(desk.id, said.id)
    await client.member(desk, 42, "administrator")
    assert await bot.delete_messages(desk.id, [said.id, 999])
    with pytest.raises(RuntimeError, match="no message"):
        await wang.delete(said, desk)
    mine = await wang.type("y", desk)
    await wang.delete(mine, desk)
    assert mine.id not in [item.id for item in await wang.sees(desk)]


async def test_chats_people_and_files_nobody_knows(bot: Bot, client: Client, wang: Person) -> None:
    desk = await client.group("街道办", [wang])
    assert (await bot.get_chat(7)).first_name == "王芳"
    assert (await bot.get_chat_member(7, 7)).status == "member"
    assert await bot.get_chat_member_count(7) == 2
    for chat_id, user_id in ((desk.id, 8), (7, 99)):
        with pytest.raises(TelegramBadRequest, match="user not found"):
            await bot.get_chat_member(chat_id, user_id)
    with pytest.raises(TelegramBadRequest, match="no administrators in the private chat"):
        await bot.get_chat_administrators(7)
    with pytest.raises(TelegramBadRequest, match="can't be changed in private chats"):
        await bot.leave_chat(7)
    with pytest.raises(TelegramBadRequest, match="not enough rights to manage pinned"):
        await bot.pin_chat_message(desk.id, 1)
    with pytest.raises(TelegramBadRequest, match="message to pin not found"):
        await bot.pin_chat_message(7, 99)
    assert await bot.log_out()
    assert await bot.set_chat_menu_button()
    assert (await bot.get_my_name()).name == "Minsheng"
    assert (await bot.get_my_description()).description == ""
    assert (await bot.get_my_short_description()).short_description == ""
    with pytest.raises(TelegramBadRequest, match="BOT_COMMAND_DESCRIPTION_INVALID"):
        await bot.set_my_commands([{"command": "a", "description": " "}])  # type: ignore[list-item]


async def test_a_bot_that_comes_late_joins_the_groups_that_wait(emulator: Emulator) -> None:
    async with (
        Client(emulator.url) as client,
        Bot("42:x", session=LocalSession(emulator.url)) as bot,
        Bot("43:y", session=LocalSession(emulator.url)) as other,
    ):
        wang = await client.person(7, "王芳")
        desk = await client.group("街道办", [wang], bot_is_admin=True)
        with pytest.raises(RuntimeError, match="no bot has connected yet"):
            await wang.type("/start")
        assert (await bot.get_chat_member(desk.id, 42)).status == "administrator"
        assert (await other.get_me()).username == "minsheng_demo_43_bot"
        with pytest.raises(TelegramBadRequest, match="chat not found"):
            await other.send_message(desk.id, "x")
        assert await other.get_updates() == []


async def test_a_webhook_is_remembered_over_a_restart(tmp_path: Path) -> None:
    from aiohttp import web

    came: asyncio.Queue[Update] = asyncio.Queue()

    async def take(request: web.Request) -> web.Response:
        await came.put(Update.model_validate(await request.json()))
        return web.json_response({"method": "sendMessage", "chat_id": 7, "text": "收到"})

    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    for number in range(2):
        emulator = Emulator(tmp_path)
        await emulator.start()
        async with (
            Client(emulator.url) as client,
            Bot("42:x", session=LocalSession(emulator.url)) as bot,
        ):
            if number == 0:
                await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/")
            wang = await client.person(7, "王芳")
            await wang.type("你好")
            update = await asyncio.wait_for(came.get(), 5)
            assert isinstance(update.message, Message)
            await wang.expect("收到")
            assert (await bot.get_webhook_info()).pending_update_count == 0
        await emulator.stop()
    await runner.cleanup()
