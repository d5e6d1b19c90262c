"""Does the emulator refuse what Telegram refuses, in Telegram's words?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    ReplyParameters,
)

from emulator import Client, Emulator, LocalSession, Person, samples


@pytest.fixture
async def bot(emulator: Emulator) -> AsyncIterator[Bot]:
    session = LocalSession(emulator.url)
    async with Bot("42:x", session=session, default=DefaultBotProperties(parse_mode="HTML")) as bot:
        await bot.get_me()
        yield bot


def inline(*buttons: InlineKeyboardButton) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[button] for button in buttons])


def data(value: str) -> InlineKeyboardMarkup:
    return inline(InlineKeyboardButton(text="x", callback_data=value))


def refused(text: str, kind: type[TelegramAPIError] = TelegramBadRequest) -> Any:
    import re

    return pytest.raises(kind, match=re.escape(text))


async def test_texts(bot: Bot, wang: Person) -> None:
    await bot.send_message(7, f"<b>{'x' * 4096}</b>")
    with refused("Bad Request: message is too long"):
        await bot.send_message(7, "x" * 4097)
    with refused("Bad Request: message text is empty"):
        await bot.send_message(7, " <b> </b> ")
    with refused('Bad Request: can\'t parse entities: Unsupported start tag "br"'):
        await bot.send_message(7, "a<br>")
    sent = await bot.send_message(7, " <b>粗</b> &lt; ")
    assert sent.text == "粗 <"
    assert sent.html_text == "<b>粗</b> &lt;"


async def test_captions(bot: Bot, wang: Person) -> None:
    photo = BufferedInputFile(samples.png(), "a.png")
    await bot.send_photo(7, photo, caption="x" * 1024)
    with refused("Bad Request: message caption is too long"):
        await bot.send_photo(7, photo, caption="x" * 1025)


async def test_keyboards(bot: Bot, wang: Person) -> None:
    await bot.send_message(7, "x", reply_markup=data("x" * 64))
    for wrong in ("x" * 65, "中" * 22, ""):
        with refused("Bad Request: BUTTON_DATA_INVALID"):
            await bot.send_message(7, "x", reply_markup=data(wrong))
    many = [InlineKeyboardButton(text="x", callback_data=str(n)) for n in range(101)]
    await bot.send_message(7, "x", reply_markup=inline(*many[:100]))
    with refused("Bad Request: reply markup is too long"):
        await bot.send_message(7, "x", reply_markup=inline(*many))
    with refused("Text buttons are unallowed in the inline keyboard"):
        await bot.send_message(7, "x", reply_markup=inline(InlineKeyboardButton(text="x")))
    with refused("Wrong HTTP URL"):
        button = InlineKeyboardButton(text="x", url="javascript:x")
        await bot.send_message(7, "x", reply_markup=inline(button))


async def test_commands_are_kept_per_scope_and_language(bot: Bot, wang: Person) -> None:
    for wrong in ("帮助", "Start", "x" * 33, "a-b"):
        with refused("Bad Request: BOT_COMMAND_INVALID"):
            await bot.set_my_commands([BotCommand(command=wrong, description="x")])
    scope = BotCommandScopeChat(chat_id=7)
    await bot.set_my_commands([BotCommand(command="a", description="甲")])
    await bot.set_my_commands([BotCommand(command="b", description="乙")], scope, "en")
    assert [c.command for c in await bot.get_my_commands()] == ["a"]
    assert [c.command for c in await bot.get_my_commands(scope, "en")] == ["b"]
    assert await bot.get_my_commands(scope) == []
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == []
    assert await bot.set_my_name("民声")
    assert (await bot.get_me()).first_name == "民声"
    assert await bot.set_my_description("d")
    assert await bot.set_my_short_description("s")


async def test_strangers_and_those_who_blocked(bot: Bot, client: Client, wang: Person) -> None:
    await client.person(8, "李雷")
    cannot = "Forbidden: bot can't initiate conversation with a user"
    with refused(cannot, TelegramForbiddenError):
        await bot.send_message(8, "x")
    for unknown in (999, -999, "@nobody"):
        with refused("Bad Request: chat not found"):
            await bot.send_message(unknown, "x")
    await wang.block()
    with refused("Forbidden: bot was blocked by the user", TelegramForbiddenError):
        await bot.send_message(7, "x")
    await wang.unblock()
    await bot.send_message(7, "x")
    changes = [u.my_chat_member for u in await bot.get_updates() if u.my_chat_member]
    assert [c.new_chat_member.status for c in changes] == ["kicked", "member"]


async def test_edits(bot: Bot, wang: Person) -> None:
    sent = await bot.send_message(7, "a", reply_markup=data("1"))
    await bot.edit_message_text("b", chat_id=7, message_id=sent.message_id, reply_markup=data("1"))
    same = (
        "Bad Request: message is not modified: specified new message content and reply markup "
        "are exactly the same as a current content and reply markup of the message"
    )
    with refused(same):
        await bot.edit_message_text(
            "b", chat_id=7, message_id=sent.message_id, reply_markup=data("1")
        )
    with refused(same):
        await bot.edit_message_reply_markup(
            chat_id=7, message_id=sent.message_id, reply_markup=data("1")
        )
    edited = await bot.edit_message_reply_markup(chat_id=7, message_id=sent.message_id)
    assert not isinstance(edited, bool)
    assert edited.reply_markup is None
    with refused("Bad Request: message to edit not found"):
        await bot.edit_message_text("b", chat_id=7, message_id=99)
    with refused("Bad Request: message can't be edited"):
        await bot.edit_message_text("b", chat_id=7, message_id=1)
    with refused("there is no caption in the message to edit"):
        await bot.edit_message_caption(chat_id=7, message_id=sent.message_id, caption="c")


async def test_media_edits(bot: Bot, wang: Person) -> None:
    sent = await bot.send_photo(7, BufferedInputFile(samples.png(), "a.png"), caption="a")
    await bot.edit_message_caption(chat_id=7, message_id=sent.message_id, caption="b")
    with refused("there is no text in the message to edit"):
        await bot.edit_message_text("b", chat_id=7, message_id=sent.message_id)
    media = InputMediaDocument(media=BufferedInputFile(b"x", "x.txt"), caption="c")
    edited = await bot.edit_message_media(media, chat_id=7, message_id=sent.message_id)
    assert not isinstance(edited, bool)
    assert edited.document is not None
    assert (edited.photo, edited.caption) == (None, "c")


async def test_deletions(bot: Bot, client: Client, wang: Person) -> None:
    sent = await bot.send_message(7, "a")
    assert await bot.delete_message(7, sent.message_id)
    with refused("Bad Request: message to delete not found"):
        await bot.delete_message(7, sent.message_id)
    kept = await bot.send_message(7, "b")
    assert kept.message_id == sent.message_id + 1
    await client.clock(add=49 * 3600)
    with refused("Bad Request: message can't be deleted for everyone"):
        await bot.delete_message(7, kept.message_id)


async def test_replies_and_copies(bot: Bot, client: Client, wang: Person) -> None:
    reply = ReplyParameters(message_id=99)
    with refused("Bad Request: message to be replied not found"):
        await bot.send_message(7, "x", reply_parameters=reply)
    lenient = ReplyParameters(message_id=99, allow_sending_without_reply=True)
    assert (await bot.send_message(7, "x", reply_parameters=lenient)).reply_to_message is None
    answered = await bot.send_message(7, "x", reply_parameters=ReplyParameters(message_id=1))
    assert answered.reply_to_message is not None
    assert answered.reply_to_message.text == "/start"
    with refused("Bad Request: message to copy not found"):
        await bot.copy_message(7, 7, 99)
    with refused("Bad Request: message to forward not found"):
        await bot.forward_message(7, 7, 99)
    forwarded = await bot.forward_message(7, 7, 1)
    assert forwarded.forward_origin is not None
    assert forwarded.forward_origin.type == "user"


async def test_large_files_are_copied_but_not_fetched(
    bot: Bot, client: Client, wang: Person
) -> None:
    large = await wang.document("录像.mp4", 60 * 2**20)
    with refused("Bad Request: file is too big"):
        await bot.get_file(large.raw["document"]["file_id"])
    copied = await bot.copy_message(7, 7, large.id, caption="<b>见附件</b>")
    seen = await wang.last()
    assert seen is not None
    assert (seen.id, seen.html) == (copied.message_id, "<b>见附件</b>")
    assert seen.files[0]["size"] == 60 * 2**20
    with refused("wrong file_id or the file is temporarily unavailable"):
        await bot.get_file("../../etc/passwd")


async def test_albums(bot: Bot, wang: Person) -> None:
    items = [InputMediaPhoto(media=BufferedInputFile(samples.png(), "a.png")) for _ in range(11)]
    for wrong in (items[:1], items):
        with refused("2-10 items"):
            await bot.send_media_group(7, wrong)
    sent = await bot.send_media_group(7, items[:2])
    assert len({message.media_group_id for message in sent}) == 1
    again = [InputMediaPhoto(media=message.photo[-1].file_id) for message in sent if message.photo]
    assert len(await bot.send_media_group(7, again)) == 2


async def test_groups_the_bot_is_not_in(bot: Bot, client: Client, wang: Person) -> None:
    desk = await client.group("街道办", [wang])
    large = await client.group("区", [wang], id=-(10**12) - 5)
    await bot.send_message(desk.id, "x")
    for status, text in (
        ("kicked", "bot was kicked from the"),
        ("left", "bot is not a member of the"),
    ):
        for group, kind in ((desk, "group"), (large, "supergroup")):
            await client.member(group, 42, status)
            with refused(f"Forbidden: {text} {kind} chat", TelegramForbiddenError):
                await bot.send_message(group.id, "x")


async def test_a_group_that_has_migrated(bot: Bot, client: Client, wang: Person) -> None:
    desk = await client.group("街道办", [wang])
    new = await client.migrate(desk)
    with pytest.raises(TelegramMigrateToChat) as caught:
        await bot.send_message(desk.id, "x")
    assert caught.value.migrate_to_chat_id == new.id
    assert "group chat was upgraded to a supergroup chat" in caught.value.message
    assert (await bot.send_message(new.id, "x")).chat.type == "supergroup"
    messages = [u.message for u in await bot.get_updates() if u.message]
    assert [m.migrate_to_chat_id for m in messages if m.migrate_to_chat_id] == [new.id]
    assert [m.migrate_from_chat_id for m in messages if m.migrate_from_chat_id] == [desk.id]


async def test_presses_unknown_and_old(
    bot: Bot, emulator: Emulator, client: Client, wang: Person
) -> None:
    old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    with refused(old):
        await bot.answer_callback_query("1")
    emulator.world.callbacks.lifetime = 0
    emulator.world.callbacks.ask("5", 42, 7, 7)
    with refused(old):
        await bot.answer_callback_query("5")


async def test_requests_that_make_no_sense(emulator: Emulator, wang: Person) -> None:
    async def ask(path: str, **body: Any) -> tuple[int, str]:
        url = f"{emulator.url}/{path}"
        async with aiohttp.ClientSession() as session, session.post(url, json=body) as response:
            return response.status, (await response.json())["description"]

    assert await ask("bot42:x/noSuchMethod") == (404, "Not Found")
    assert await ask("botnonsense/getMe") == (401, "Unauthorized")
    assert await ask("bot42:x/sendMessage", chat_id=7) == (
        400,
        "Bad Request: message text is empty",
    )
    assert await ask("bot42:x/sendMessage", text="x") == (400, "Bad Request: chat_id is empty")
    assert await ask("bot42:x/sendMessage", chat_id=7, text="x", reply_markup="{") == (
        400,
        "Bad Request: can't parse reply_markup JSON object",
    )
    status, text = await ask(
        "bot42:x/sendMessage", chat_id=7, text="x", reply_markup={"keyboard": 5}
    )
    assert (status, text) == (400, 'Bad Request: field "keyboard" must be an Array of Arrays')
