"""The program as it runs hands a paper over, and a person can open it: by the API, on the page."""

from pathlib import Path

import papers
import pytest
from acceptance.browsers import chromium
from acceptance.conftest import City
from playwright.async_api import expect

from documents import draw, facts_of, file_name
from emulator import Person
from storage import outbox
from storage.messages import Paper, Parcel, Post
from words import load_words

WORDS = load_words()
GIVEN = papers.opinion()
NAME = file_name(GIVEN, "zh_Hans", WORDS)


@pytest.fixture
async def chen(city: City) -> Person:
    """She talks to the bot, and has been sent her paper."""
    chen = await city.citizen()
    await chen.type("/start")
    await chen.expect("云江市信访局")
    paper = Paper(kind=GIVEN.kind, language="zh_Hans", facts=facts_of(GIVEN), name=NAME)
    post = Post(key="paper", text="处理意见书已经作出。", paper=paper)
    assert city.app is not None
    leased = await city.app.desk.unit(
        lambda unit: outbox.put(unit, [Parcel(chat_id=chen.id, post=post)])
    )
    city.app.outbox.send_soon(leased)
    return chen


async def test_the_running_bot_draws_a_paper_and_sends_it(city: City, chen: Person) -> None:
    seen = await chen.expect("处理意见书已经作出。")
    (file,) = seen.files
    assert (file["kind"], file["name"]) == ("document", NAME)
    assert await city.client.download(file) == draw(GIVEN, "zh_Hans", WORDS)


@pytest.mark.browser
async def test_a_paper_is_seen_and_saved_on_the_page(
    city: City, chen: Person, tmp_path: Path
) -> None:
    async with chromium() as browser:
        page = await browser.new_page(locale="zh-CN", viewport={"width": 1400, "height": 900})
        await page.goto(city.emulator.url)
        phone = page.get_by_test_id("phone-left")
        chip = phone.locator("a.file", has_text=NAME)
        await expect(chip).to_be_visible(timeout=15_000)
        await expect(chip).to_contain_text("KB")
        bubble = phone.get_by_test_id("message").filter(has_text=NAME)
        await expect(bubble).to_contain_text("处理意见书已经作出。")
        async with page.expect_download() as download:
            await chip.click()
        saved = await download.value
        assert saved.suggested_filename == NAME
        await saved.save_as(tmp_path / "paper.pdf")
        assert (tmp_path / "paper.pdf").read_bytes() == draw(GIVEN, "zh_Hans", WORDS)
