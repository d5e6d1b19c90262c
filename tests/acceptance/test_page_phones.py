"""The demo page, driven in a real browser with a small bot that plays along."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from acceptance.browsers import chromium
from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
)
from playwright.async_api import Browser, Locator, Page, expect

from emulator import Client, Emulator

pytestmark = pytest.mark.browser

TOKEN = "42:demo"


def _inline(*buttons: InlineKeyboardButton) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[button] for button in buttons])


def _dispatcher(group: int) -> Dispatcher:
    dispatcher = Dispatcher()

    @dispatcher.message(F.text == "/start")
    async def start(message: Message) -> None:
        contact = KeyboardButton(text="我的电话", request_contact=True)
        place = KeyboardButton(text="我的位置", request_location=True)
        keyboard = ReplyKeyboardMarkup(keyboard=[[contact, place]], resize_keyboard=True)
        await message.answer("您好", reply_markup=keyboard)
        me = await message.bot.me()
        await message.answer(
            "请选择",
            reply_markup=_inline(
                InlineKeyboardButton(text="提示", callback_data="toast"),
                InlineKeyboardButton(text="告知", callback_data="alert"),
                InlineKeyboardButton(text="链接", url=f"https://t.me/{me.username}?start=XYZ"),
            ),
        )

    @dispatcher.message(F.reply_to_message)
    async def answered(message: Message) -> None:
        await message.answer(f"答复：{message.text} ← {message.reply_to_message.text}")

    @dispatcher.message(F.chat.type == "private")
    async def anything(message: Message) -> None:
        kind = message.content_type.value
        await message.answer(f"收到 {kind}：{message.text or message.caption or ''}")
        await message.bot.send_message(
            group,
            f"新信访件：{message.text}",
            reply_markup=_inline(InlineKeyboardButton(text="受理", callback_data="accept")),
        )

    @dispatcher.callback_query()
    async def pressed(query: CallbackQuery) -> None:
        if query.data == "accept":
            await query.message.edit_text(f"{query.message.text}（已受理）")
        await query.answer("请看这里", show_alert=query.data == "alert")

    return dispatcher


@dataclass
class Desk:
    """A running emulator, the bot beside it and the browser before it."""

    emulator: Emulator
    browser: Browser
    data: Path

    async def page(self, *, width: int = 1400, locale: str = "zh-CN") -> Page:
        context = await self.browser.new_context(
            viewport={"width": width, "height": 900}, locale=locale
        )
        page = await context.new_page()
        page.set_default_timeout(10_000)
        self.troubles: list[str] = []
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((self.emulator.url, "data:", "blob:"))
                else self.troubles.append(request.url)
            ),
        )
        await page.goto(self.emulator.url)
        return page


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def desk(browser: Browser, tmp_path: Path) -> AsyncIterator[Desk]:
    emulator = Emulator(tmp_path)
    await emulator.start()
    async with Client(emulator.url) as client:
        await client.bot(TOKEN)
        await client.person(7, "王芳")
        li = await client.person(8, "李国强")
        group = await client.group("街道信访办", [li], bot_is_admin=True)
    session = AiohttpSession(api=TelegramAPIServer.from_base(emulator.url))
    bot = Bot(TOKEN, session=session)
    dispatcher = _dispatcher(group.id)
    polling = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False))
    desk = Desk(emulator, browser, tmp_path)
    yield desk
    polling.cancel()
    with suppress(asyncio.CancelledError):
        await polling
    await session.close()
    await desk.emulator.stop()


def phone(page: Page, side: str) -> Locator:
    return page.get_by_test_id(f"phone-{side}")


async def write(where: Locator, text: str) -> None:
    await where.get_by_test_id("composer").fill(text)
    await where.get_by_test_id("composer").press("Enter")


async def test_a_petition_goes_from_the_left_phone_to_the_right_and_back(desk: Desk) -> None:
    page = await desk.page()
    left, right = phone(page, "left"), phone(page, "right")
    await left.get_by_test_id("start").click()
    await expect(left.get_by_text("您好")).to_be_visible()
    await expect(left.get_by_test_id("start")).to_be_hidden()
    await write(left, "夜间施工 <b>噪音</b> & <img src=x>")
    await expect(right.get_by_text("新信访件：夜间施工 <b>噪音</b> & <img src=x>")).to_be_visible()
    await right.get_by_role("button", name="受理").click()
    await expect(right.get_by_text("（已受理）")).to_be_visible()
    await expect(right.get_by_text("已编辑")).to_be_visible()
    await expect(right.get_by_test_id("toast")).to_have_text("请看这里")
    await right.get_by_test_id("message").last.hover()
    await right.get_by_test_id("message").last.get_by_test_id("reply").click()
    await write(right, "会尽快处理")
    await expect(right.get_by_text("答复：会尽快处理 ←")).to_be_visible()
    assert desk.troubles == []


async def test_every_kind_of_button_does_its_work(desk: Desk) -> None:
    page = await desk.page()
    left = phone(page, "left")
    await left.get_by_test_id("start").click()
    await left.get_by_role("button", name="告知").click()
    await expect(page.get_by_test_id("alert")).to_contain_text("请看这里")
    await page.get_by_test_id("alert-ok").click()
    await left.get_by_role("button", name="提示").click()
    await expect(left.get_by_test_id("toast")).to_have_text("请看这里")
    await left.get_by_role("button", name="我的电话").click()
    await page.get_by_test_id("ask-phone").fill("13900139000")
    await page.get_by_test_id("ask-ok").click()
    await expect(left.get_by_text("13900139000")).to_be_visible()
    await expect(left.get_by_text("收到 contact")).to_be_visible()
    await left.get_by_role("button", name="我的位置").click()
    await page.get_by_test_id("ask-ok").click()
    await expect(left.get_by_text("30.2741, 120.1551")).to_be_visible()
    await left.get_by_role("button", name="链接").click()
    await expect(left.get_by_text("/start XYZ")).to_have_count(2)  # the person's, and the echo
    assert desk.troubles == []


async def test_files_go_as_an_album_with_their_caption_and_as_a_document(desk: Desk) -> None:
    page = await desk.page()
    left = phone(page, "left")
    await left.get_by_test_id("start").click()
    dot = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"
    photos = [{"name": f"{n}.png", "mimeType": "image/png", "buffer": dot} for n in "ab"]
    await left.get_by_test_id("file-photo").set_input_files(photos)
    await write(left, "现场照片")
    await expect(left.locator(".album .photo")).to_have_count(2)
    await expect(left.get_by_text("收到 photo：现场照片")).to_be_visible()
    report = {"name": "证明.pdf", "mimeType": "application/pdf", "buffer": b"%PDF" * 512}
    await left.get_by_test_id("file-document").set_input_files([report])
    await left.get_by_test_id("send").click()
    chip = left.locator("a.file", has_text="证明.pdf")
    await expect(chip).to_contain_text("2.0 KB")
    assert desk.troubles == []


async def test_the_clock_a_new_citizen_and_the_other_language(desk: Desk) -> None:
    page = await desk.page()
    left, right = phone(page, "left"), phone(page, "right")
    before = await page.get_by_test_id("clock").get_attribute("datetime")
    await page.get_by_test_id("clock-7d").click()
    await expect(page.get_by_test_id("clock")).not_to_have_attribute("datetime", before or "")
    assert abs(desk.emulator.world.clock.offset - 7 * 86400) < 5
    await page.get_by_test_id("language").click()
    await expect(left.get_by_test_id("start")).to_have_text("START")
    await page.get_by_test_id("add-citizen").click()
    await page.get_by_test_id("ask-name").fill("Anna Brown")
    await page.get_by_test_id("ask-ok").click()
    await expect(left.get_by_test_id("who").locator("option:checked")).to_have_text("Anna Brown")
    await expect(left.get_by_test_id("start")).to_be_visible()
    await right.get_by_test_id("chat-private").click()
    await expect(right.get_by_test_id("start")).to_be_visible()
    await left.get_by_test_id("start").click()
    await write(left, "hello")
    await expect(right.get_by_test_id("unread")).to_be_visible()
    await right.get_by_test_id("chat-group").click()
    await expect(right.get_by_text("新信访件：hello")).to_be_visible()
    assert desk.troubles == []


async def test_a_restarted_server_is_healed_without_a_reload(desk: Desk) -> None:
    page = await desk.page()
    left = phone(page, "left")
    await left.get_by_test_id("start").click()
    await expect(left.get_by_text("请选择")).to_be_visible()
    port = int(desk.emulator.url.rpartition(":")[2])
    await desk.emulator.stop()
    await expect(left.get_by_text("连接中断")).to_be_visible()
    desk.emulator = Emulator(desk.data)
    await desk.emulator.start(port=port)
    await expect(left.get_by_text("连接中断")).to_be_hidden(timeout=15_000)
    await expect(left.get_by_text("请选择")).to_be_visible()
    await write(left, "我还在")
    await expect(left.get_by_text("收到 text：我还在")).to_be_visible(timeout=15_000)
    assert desk.troubles == []


async def test_one_phone_at_a_time_on_a_narrow_screen(desk: Desk) -> None:
    page = await desk.page(width=390, locale="en-US")
    left, right = phone(page, "left"), phone(page, "right")
    await expect(left.get_by_test_id("start")).to_have_text("START")
    await expect(right).to_be_hidden()
    await left.get_by_test_id("start").click()
    await write(left, "hello")
    await expect(page.get_by_test_id("tab-right").locator(".dot")).to_be_visible()
    await page.get_by_test_id("tab-right").click()
    await expect(right.get_by_text("新信访件：hello")).to_be_visible()
    await expect(left).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    assert desk.troubles == []


async def test_the_files_of_the_page_come_with_a_strict_policy(tmp_path: Path) -> None:
    emulator = Emulator(None)
    await emulator.start()
    async with aiohttp.ClientSession() as session:
        async with session.get(emulator.url) as answer:
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.content_type == "text/html"
        async with session.get(f"{emulator.url}/page/main.js") as answer:
            assert answer.content_type == "text/javascript"
        async with session.get(f"{emulator.url}/page/font.otf") as answer:
            assert "immutable" in answer.headers["Cache-Control"]
            assert await answer.content.read(4) == b"OTTO"
        for name in ("page.py", "..%2fpage.py", "nothing.js", "x%2fmain.js"):
            async with session.get(f"{emulator.url}/page/{name}") as answer:
                assert answer.status == 404
    await emulator.stop()
