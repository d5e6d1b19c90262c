"""The whole main job by hand, on the demo's page, in a real browser."""

from collections.abc import AsyncIterator

import pytest
from acceptance.browsers import chromium
from playwright.async_api import Locator, Page, expect

pytestmark = pytest.mark.browser


class Phone:
    """One of the two phones on the page."""

    def __init__(self, page: Page, side: str) -> None:
        self.page = page
        self.place: Locator = page.get_by_test_id(f"phone-{side}")

    async def tap(self, label: str) -> None:
        await self.place.get_by_test_id("inline-button").filter(has_text=label).last.click()

    async def say(self, text: str) -> None:
        await self.place.get_by_test_id("composer").fill(text)
        await self.place.get_by_test_id("send").click()

    async def sees(self, text: str) -> None:
        await expect(
            self.place.get_by_test_id("message").filter(has_text=text).last
        ).to_be_visible()

    async def chat(self, name: str) -> None:
        await self.place.get_by_test_id("chat").get_by_text(name, exact=True).click()


@pytest.fixture
async def page(city) -> AsyncIterator[Page]:
    await city.citizen()
    async with chromium() as browser:
        page = await browser.new_page(locale="zh-CN", viewport={"width": 1400, "height": 900})
        page.set_default_timeout(15_000)
        expect.set_options(timeout=15_000)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(city.emulator.url)
        yield page
        assert not errors


async def test_a_petition_by_hand_on_the_page(page):
    citizen, staff = Phone(page, "left"), Phone(page, "right")
    await citizen.place.get_by_test_id("start").click()
    await citizen.sees("云江市信访局")
    await citizen.tap("提交信访事项")
    await citizen.sees("第 1/10 步")
    await citizen.tap("求决")
    await citizen.tap("同意，开始填写")
    await citizen.sees("用一句话")
    await citizen.say("小区水管爆裂三天没人修")
    await citizen.sees("把经过讲清楚")
    await citizen.say("三月一日起一直漏水，物业不管。")
    await citizen.sees("已记下第 1 段")
    await citizen.tap("完成")
    await citizen.sees("希望怎么解决")
    await citizen.say("请尽快修好")
    await citizen.sees("已记下第 1 段，共 5 字")
    await citizen.tap("完成")
    await citizen.tap("城乡建设")
    await citizen.tap("物业管理")
    await citizen.tap("江北区")
    await citizen.sees("江北区的什么地方")
    await citizen.say("幸福路 8 号")
    await citizen.sees("有照片、视频")
    await citizen.tap("跳过")
    await citizen.sees("您的姓名")
    await citizen.say("陈秀英")
    await citizen.sees("联系电话")
    await citizen.place.get_by_test_id("reply-keyboard").get_by_text("发送我的手机号").click()
    await page.get_by_test_id("ask-ok").click()
    await citizen.sees("身份证号码")
    for answer in ("跳过", "第一次反映", "没有", "只有我", "不公开", "📨 提交"):
        await citizen.tap(answer)
    await citizen.sees("提交成功")

    await staff.chat("市住建局")
    await staff.tap("认领")
    await staff.sees("承办人：李建国")
    await staff.tap("受理")
    await staff.sees("办理中")
    await citizen.sees("已受理")
    await staff.tap("答复")  # the officer has never pressed /start: the group says how
    await page.get_by_test_id("alert-ok").click()
    await staff.tap("打开私聊")
    await staff.sees("待办 1 件")
    await staff.chat("市住建局")
    await staff.tap("答复")
    await page.get_by_test_id("alert-ok").click()
    await staff.chat("私聊")
    await staff.place.get_by_test_id("inline-button").get_by_text("支持", exact=True).click()
    await staff.sees("请写答复意见")
    await staff.say("水管已经修好。")
    await staff.sees("已记下第 1 段")
    await staff.tap("完成")
    await staff.sees("依据是什么")
    await staff.say("《物业管理条例》第三十五条")
    await staff.tap("跳过")
    await staff.sees("信访人会看到上面的答复")
    await staff.tap("发出答复")
    await citizen.sees("《物业管理条例》第三十五条")

    await page.get_by_test_id("clock-1d").click()
    await page.get_by_test_id("clock-1h").click()
    await citizen.sees("请您评价")
    await citizen.tap("😊 满意")
    await citizen.sees("第 2 题")
    await citizen.tap("😐 基本满意")
    await citizen.tap("跳过")
    await citizen.sees("谢谢您的评价")
