"""Buttons that are old, or pressed twice at once: one effect, and everybody is told."""

import asyncio
import re

from acceptance.scenes import (
    as_it_stands,
    ask,
    at_review,
    case,
    current,
    draft,
    keys,
    kinds,
    until,
)
from acceptance.walks import ZH, to_step


async def test_a_button_of_last_weeks_message_changes_nothing_and_says_so(city):
    chen = await city.citizen()
    await to_step(chen, ZH, "title")
    await chen.expect("一句话")
    consent = next(m for m in await chen.sees() if m.data("上一步"))
    await chen.type("小区水管爆裂")
    await chen.expect("把经过讲清楚")
    before = await current(city, chen)
    await city.later(days=6)
    assert await chen.tap("上一步", message=consent) == (
        "这是之前的按钮，内容没有变化。最新的问题在下面。"
    )
    await chen.expect("把经过讲清楚")  # the question that is open is put again, at the bottom
    assert await current(city, chen) == before
    # Once the draft has expired the same button says that.
    await until(city, lambda: "notice.draft_warning" in keys(city, chen.id))
    await city.later(days=2)
    await chen.expect("到期删除")
    assert "已经删除" in await chen.tap("上一步", message=consent)
    assert (await draft(city, before.id)).answers == {}


async def test_submitting_twice_at_once_files_one_petition(city):
    chen = await city.citizen()
    await at_review(city, chen)
    card = await chen.expect("请核对")
    answers = await asyncio.gather(*(chen.tap("提交", message=card) for _ in range(2)))
    shown = await chen.expect("提交成功")
    number = re.search(r"\d{6}-\d{8}-\d{5}-\d", shown.text)[0]
    assert sorted(filter(None, answers)) == [f"已经提交过了，编号 {number}。没有重复提交。"]
    assert ask(city, "SELECT count(*) FROM petitions") == [(1,)]
    assert keys(city, chen.id).count("filing.submitted") == 1
    # And a third time, a week later.
    await city.later(days=7)
    assert number in await chen.tap("提交", message=card)
    assert ask(city, "SELECT count(*) FROM petitions") == [(1,)]


async def test_two_officers_take_one_case_at_once_and_one_is_told_who(city):
    chen = await city.citizen()
    petition = await case(city, chen)
    card = await city.li.expect("无人认领", chat=city.zhujian)
    answers = await asyncio.gather(
        *(who.tap("认领", chat=city.zhujian, message=card) for who in (city.li, city.zhou))
    )
    holder = (await as_it_stands(city, petition)).holder
    winner, loser = (answers, answers[::-1])[holder == city.zhou.id]
    name = {2001: "李建国", 2002: "周敏"}[holder]
    assert winner == "已认领。"
    assert loser == f"没有变化：{name}刚才已经认领。卡片已更新。"
    assert kinds(await as_it_stands(city, petition)) == ["registered", "taken"]
    await city.li.expect(f"承办人：{name}", chat=city.zhujian)
