"""A form that was left, and a notice at night: both wait for their time."""

import datetime as dt

import pytest
from acceptance.scenes import (
    ask,
    case,
    current,
    draft,
    keys,
    tap,
    until,
)
from acceptance.walks import ZH, to_step

from petitions import commands as do


async def test_an_interrupted_draft_can_be_continued_begun_anew_or_deleted(city):
    chen = await city.citizen()
    await to_step(chen, ZH, "facts")
    first = (await current(city, chen)).id
    await chen.type("/cancel")
    await chen.expect("替您保存 7 天")
    # Over a restart of the bot, and the next day.
    await city.stop()
    await city.later(days=1)
    await city.start()
    await chen.type("/start")
    offered = await chen.expect("未提交的信访事项（第 3/10 步）")
    assert [row[0][0] for row in offered.buttons] == ["▶️ 继续填写", "🔄 重新开始", "🗑 删除"]
    await chen.tap("继续填写")
    await chen.expect("把经过讲清楚")
    assert (await current(city, chen)).answers["title"] == ZH.title

    await chen.type("/start")
    await tap(chen, "重新开始")
    await tap(chen, "确定，重新开始")
    await chen.expect("您这次是为了什么")
    anew = await current(city, chen)
    assert (anew.id != first, anew.answers) == (True, {})
    assert (await draft(city, first)).state == "dropped"
    assert "已经删除" in await chen.tap("继续填写", message=offered)

    await chen.type("/start")
    await tap(chen, "删除")  # where nothing was written yet, nothing is asked
    await chen.expect("已删除")
    assert await current(city, chen) is None
    await chen.type("/start")
    await chen.expect("云江市信访局")
    assert keys(city, chen.id)[-1] == "start.welcome"
    await tap(chen, "提交信访事项")
    await chen.expect("您这次是为了什么")


@pytest.mark.parametrize("label", ["删除", "重新开始"])
async def test_an_old_button_deleted_a_story_without_asking(city, label):
    """Somebody scrolled up, pressed it, and what they had written for an hour was gone."""
    chen = await city.citizen()
    await to_step(chen, ZH, "facts")
    await chen.type("第一段。")
    await chen.expect("已记下第 1 段")
    await chen.type("/start")
    old = await chen.expect("未提交的信访事项")
    await chen.type("第二段。")
    await chen.expect("已记下第 2 段")
    await chen.tap(label, message=old)
    asked = await chen.expect("不能恢复。确定吗")
    assert "第 3/10 步" in asked.text
    assert asked.id != old.id  # in its place a second tap of the same finger would be a yes
    written = (await current(city, chen)).answers["facts"]
    assert written == ["第一段。", "第二段。"]
    # Who goes on writing is asked anew, should they press even that by mistake.
    await chen.type("第三段。")
    await chen.expect("已记下第 3 段")
    await chen.tap("确定", message=asked)
    again = await chen.expect("不能恢复。确定吗")
    assert len((await current(city, chen)).answers["facts"]) == 3
    await chen.tap("继续填写", message=again)
    await chen.expect("把经过讲清楚")
    assert len((await current(city, chen)).answers["facts"]) == 3


async def test_a_draft_expires_with_a_warning_before_unless_it_is_gone_on_with(city):
    chen, wang = await city.citizen(), await city.citizen(1002)
    for person in (chen, wang):
        await to_step(person, ZH, "title")
    first, second = await current(city, chen), await current(city, wang)
    await city.later(days=5, minutes=1)
    warned = await chen.expect("还没有提交")
    assert "2 天后会自动删除" in warned.text
    assert [row[0][0] for row in warned.buttons] == ["▶️ 继续填写", "🗑 删除"]
    await wang.expect("还没有提交")
    await tap(wang, "继续填写")
    await wang.expect("一句话")

    await city.later(days=2)
    gone = await chen.expect("到期删除")
    assert "提交信访事项" in gone.buttons[0][0][0]
    assert (await draft(city, first.id)).state == "dropped"
    assert await current(city, chen) is None
    kept = await draft(city, second.id)
    assert (kept.state, kept.answers) == ("open", second.answers)
    assert "notice.draft_expired" not in keys(city, wang.id)

    await city.later(days=3)  # who went on is warned again, and has the days then too
    await until(city, lambda: keys(city, wang.id).count("notice.draft_warning") == 2)
    await city.later(days=2)
    await wang.expect("到期删除")
    assert keys(city, chen.id).count("notice.draft_warning") == 1
    assert keys(city, chen.id).count("notice.draft_expired") == 1


async def test_a_notice_due_at_eleven_at_night_comes_after_seven(city):
    chen, li = await city.citizen(), city.li
    await case(city, chen, do.Take())
    await li.expect("李建国", chat=city.zhujian)
    await city.client.clock(set="2026-03-02T15:00:00+00:00")  # 23:00
    await li.tap("受理", chat=city.zhujian)
    await li.expect("办理中", chat=city.zhujian)  # the group's card does not wait
    row = "SELECT state, reason, due_at FROM outbox WHERE key = 'notice.accepted'"
    await until(city, lambda: ask(city, row)[0][1] == "quiet hours")
    state, _, due_at = ask(city, row)[0]
    seven = dt.datetime(2026, 3, 3, 7, tzinfo=city.app.office.tz)
    assert (state, due_at) == ("waiting", seven.timestamp() * 1_000_000)
    # Who asks at night is answered at night.
    await chen.type("/my")
    await tap(chen, "小区水管爆裂")
    await chen.expect("已受理")
    await city.client.clock(set="2026-03-02T22:59:00+00:00")
    await chen.type("/help")
    await chen.expect("怎么用")
    assert not [m for m in await chen.sees() if "受理，最迟" in m.text]
    await city.client.clock(set="2026-03-02T23:00:01+00:00")
    await chen.expect("受理，最迟")
