"""A person, a bot and the emulator between them, over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.filters import CommandStart
from aiogram.types import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from emulator import Client, Emulator, LocalSession, Seen

TOKEN = "42:demo"


@pytest.fixture
async def client(emulator: Emulator) -> AsyncIterator[Client]:
    async with Client(emulator.url) as client:
        await client.bot(TOKEN)
        yield client


def make_bot(emulator: Emulator) -> Bot:
    return Bot(TOKEN, session=LocalSession(emulator.url))


def dispatcher() -> Dispatcher:
    dp = Dispatcher()

    @dp.message(CommandStart())
    async def start(message: Message) -> None:
        button = InlineKeyboardButton(text="提交", callback_data="go:1")
        markup = InlineKeyboardMarkup(inline_keyboard=[[button]])
        await message.answer("您好", reply_markup=markup)

    @dp.callback_query(F.data == "go:1")
    async def go(query: CallbackQuery) -> None:
        assert isinstance(query.message, Message)
        await query.message.edit_text("已提交")
        await query.answer("收到")

    @dp.callback_query()
    async def other(query: CallbackQuery) -> None:
        await query.answer(f"stale {type(query.message).__name__}")

    @dp.message(F.text == "电话")
    async def phone(message: Message) -> None:
        keys = [[KeyboardButton(text="发送号码", request_contact=True)]]
        markup = ReplyKeyboardMarkup(keyboard=keys, one_time_keyboard=True)
        await message.answer("请发送", reply_markup=markup)

    @dp.message(F.contact)
    async def contact(message: Message) -> None:
        assert message.contact is not None
        await message.answer(message.contact.phone_number, reply_markup=ReplyKeyboardRemove())

    @dp.message()
    async def rest(message: Message) -> None:
        await message.answer(str(message.content_type.value))

    @dp.edited_message()
    async def edited(message: Message) -> None:
        await message.answer(f"改为 {message.text}")

    return dp


@pytest.fixture
async def polling(emulator: Emulator) -> AsyncIterator[Bot]:
    bot = make_bot(emulator)
    dp = dispatcher()
    task = asyncio.create_task(dp.start_polling(bot, handle_signals=False, polling_timeout=30))
    yield bot
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await bot.session.close()


async def test_a_button_is_pressed_and_the_message_edited(client: Client, polling: Bot) -> None:
    wang = await client.person(7, "王芳")
    await wang.type("/start")
    card = await wang.expect("您好")
    assert card.buttons == [[("提交", "go:1")]]
    assert await wang.tap("提交") == "收到"
    done = await wang.expect("已提交")
    assert done.id == card.id
    assert done.edited
    assert done.buttons == []


def replace_data(card: Seen, data: str) -> Seen:
    markup = {"inline_keyboard": [[{"text": "旧", "callback_data": data}]]}
    return replace(card, raw={**card.raw, "reply_markup": markup})


async def test_a_stale_button_and_one_on_a_lost_message(client: Client, polling: Bot) -> None:
    wang = await client.person(7, "王芳")
    await wang.type("/start")
    card = await wang.expect("您好")
    await wang.tap("提交")
    with pytest.raises(AssertionError, match="sees no button"):
        await wang.tap("提交")
    await wang.expect("已提交")
    assert await wang.tap("go:2", message=replace_data(card, "go:2")) == "stale Message"
    await polling.delete_message(7, card.id)
    old = replace_data(card, "go:2")
    assert await wang.tap("go:2", message=old) == "stale InaccessibleMessage"


async def test_a_reply_keyboard_is_seen_pressed_and_gone(client: Client, polling: Bot) -> None:
    wang = await client.person(7, "王芳")
    await wang.type("电话")
    await wang.expect("请发送")
    assert await wang.keyboard() == [["发送号码"]]
    await wang.press("号码")
    await wang.expect(wang.phone)
    assert await wang.keyboard() == []
    with pytest.raises(AssertionError, match="sees no key"):
        await wang.press("号码")


async def test_every_kind_of_message_reaches_the_bot(client: Client, polling: Bot) -> None:
    wang = await client.person(7, "王芳")
    acts = {
        "photo": wang.photo,
        "document": wang.document,
        "voice": wang.voice,
        "video": wang.video,
        "location": wang.location,
        "sticker": wang.sticker,
        "poll": wang.poll,
    }
    for kind, act in acts.items():
        await act()
        await wang.expect(kind)
    said = await wang.forward("转述", "老李")
    assert said.raw["forward_origin"]["sender_user_name"] == "老李"
    await wang.expect("text")
    await wang.edit(said, "更正")
    await wang.expect("改为 更正")


async def test_expect_tells_what_is_on_the_screen(client: Client, polling: Bot) -> None:
    wang = await client.person(7, "王芳")
    await wang.type("/start")
    await wang.expect("您好")
    with pytest.raises(AssertionError, match=r"(?s)did not get '再见'.*您好.*\[提交\]"):
        await wang.expect("再见", timeout=0.05)


async def test_expect_counts_only_what_came_since_the_last_action(
    client: Client, polling: Bot
) -> None:
    wang = await client.person(7, "王芳")
    await wang.type("/start")
    await wang.expect("您好")
    await wang.sticker()
    await wang.expect("sticker")
    with pytest.raises(AssertionError):
        await wang.expect("您好", timeout=0.05)
