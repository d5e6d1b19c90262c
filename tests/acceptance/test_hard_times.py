"""Hard times: people block, leave, press twice and too late; the house still keeps its word."""

import asyncio
import datetime as dt
import re
import sqlite3
from contextlib import closing

import pytest
from acceptance.scenes import (
    CODE,
    REPLIED,
    WHOLE,
    as_it_stands,
    ask,
    at_review,
    begin,
    case,
    current,
    draft,
    keys,
    kinds,
    newest,
    tap,
    until,
)
from acceptance.walks import EN, ZH, to_step

from dialogs.registry import FORMS
from petitions import commands as do
from petitions import numbers
from petitions.events import Verdict
from storage import groups
from storage.database import Unavailable

HELD = (do.Take(), do.Accept())
NOT_YOURS = "您不能查看或办理这件事项。\n（依据：《信访工作条例》第46条）"


def sends(log, chat):
    """The attempts to write to this chat."""
    return [e for e in log if e["method"] == "sendMessage" and str(e["chat_id"]) == str(chat)]


# --- the messenger's people and chats ------------------------------------------------------


async def test_who_blocked_the_bot_is_tried_once_a_notice_and_is_back_after_unblocking(city):
    chen = await city.citizen()
    petition = await case(city, chen, do.Take())
    await city.li.expect("李建国", chat=city.zhujian)
    await chen.block()
    since = len(await city.client.log())
    await city.li.tap("受理", chat=city.zhujian)
    row = "SELECT state, attempts FROM outbox WHERE chat_id = ? AND key = ?"
    await until(city, lambda: ask(city, row, chen.id, "notice.accepted") == [("blocked", 1)])
    marked = "SELECT blocked_at IS NOT NULL FROM people WHERE user_id = ?"
    assert ask(city, marked, chen.id) == [(1,)]

    # No storm: a day of ticks later it was still tried once.
    await city.later(days=1)
    await city.li.type("/todo", chat=city.zhujian)
    await city.li.expect("待办", chat=city.zhujian)
    log = (await city.client.log())[since:]
    assert len(sends(log, chen.id)) == 1

    await chen.unblock()
    await until(city, lambda: ask(city, marked, chen.id) == [(0,)])
    # What she missed is under her card, and the next notice reaches her.
    await chen.type("/my")
    await tap(chen, "小区水管爆裂")
    shown = await chen.expect("已受理")
    assert numbers.show(petition.number) in shown.text
    await city.li.type("/start")
    await city.li.tap("请补充材料", chat=city.zhujian)
    await city.li.expect("请写下需要信访人补充什么")
    await city.li.type("请说明是哪一栋楼。")
    await tap(city.li, "完成")
    await tap(city.li, "发送")
    await chen.expect("请说明是哪一栋楼。")


async def test_a_group_that_became_a_supergroup_has_its_cards_anew_and_they_work(city):
    chen = await city.citizen()
    first, second = await case(city, chen), await case(city, chen)
    for petition in (first, second):
        await city.li.expect(numbers.show(petition.number), chat=city.zhujian)
    new = await city.client.migrate(city.zhujian)
    for petition in (first, second):
        await city.li.expect(numbers.show(petition.number), chat=new)
    card = next(m for m in await city.li.sees(new) if numbers.show(first.number) in m.text)
    assert await city.li.tap("认领", chat=new, message=card) == "已认领。"
    await city.li.expect(lambda seen: seen.id == card.id and "李建国" in seen.text, chat=new)
    # And what is new comes to the new chat only.
    third = await case(city, chen)
    await city.li.expect(numbers.show(third.number), chat=new)
    waiting = "SELECT count(*) FROM outbox WHERE chat_id = ? AND state = 'waiting'"
    assert ask(city, waiting, city.zhujian.id) == [(0,)]


async def test_an_officer_who_never_pressed_start_is_told_where_and_then_it_works(city):
    chen, li = await city.citizen(), city.li
    petition = await case(city, chen, do.Take())
    await li.expect("李建国", chat=city.zhujian)
    assert await li.tap("查看详情", chat=city.zhujian) == "请先打开与机器人的私聊，链接已发在群里。"
    answer = (await city.client.log(method="answerCallbackQuery"))[-1]
    assert answer["params"]["show_alert"] in (True, "true", "True")
    told = await li.expect("请先打开与机器人的私聊", chat=city.zhujian)
    assert told.text.startswith("李建国，")
    assert told.buttons == [[("💬 打开私聊", "https://t.me/minsheng_demo_bot?start=desk")]]
    assert "looked" not in kinds(await as_it_stands(city, petition))

    await li.type("/start desk")
    await li.expect("待办")
    assert await li.tap("查看详情", chat=city.zhujian) == "请到与机器人的私聊中继续。"
    await li.expect("您的查看已记录")
    looks = [e for e in (await as_it_stands(city, petition)).entries if e.event.kind == "looked"]
    assert [(e.by.kind, e.by.id, e.by.unit) for e in looks] == [("officer", 2001, "zhujian")]


async def test_who_leaves_the_group_loses_access_and_has_it_again_on_return(city):
    chen, zhou = await city.citizen(), city.zhou
    petition = await case(city, chen)
    await zhou.type("/start")
    await tap(zhou, "工作台")
    await zhou.expect("待办 1 件")
    await tap(zhou, numbers.show(petition.number))
    card = await zhou.expect("无人认领")
    left = "SELECT count(*) FROM leavers WHERE user_id = 2002 AND unit_id = 'zhujian'"
    await city.client.member(city.zhujian, zhou, "left")
    await until(city, lambda: ask(city, left) == [(1,)])
    for label in ("查看详情", "认领"):
        assert await zhou.tap(label, message=card) == NOT_YOURS
    await zhou.tap("工作台")
    await zhou.expect("现在没有待办")
    assert kinds(await as_it_stands(city, petition)) == ["registered"]

    await city.client.member(city.zhujian, zhou, "member")
    await until(city, lambda: ask(city, left) == [(0,)])
    await zhou.tap("查看详情", message=card)
    await zhou.expect("您的查看已记录")
    assert await zhou.tap("认领", message=card) == "已认领。"


async def test_bind_with_a_good_a_used_and_a_wrong_code(city):
    chen, li = await city.citizen(), city.li
    petition = await case(city, chen)
    await li.expect(numbers.show(petition.number), chat=city.zhujian)
    for code in ("good-code", "late-code"):
        await city.app.desk.unit(lambda unit, c=code: groups.store_code(unit, c, "zhujian"))
    new = await city.client.group("住建新群", [2001, 2002], bot_is_admin=True)
    other = await city.client.group("别的群", [2001], bot_is_admin=True)

    await li.type("/bind wrong-code", chat=new)
    await li.expect("绑定码不对", chat=new)
    await li.type("/bind good-code", chat=new)
    await li.expect("已绑定为「市住建局」", chat=new)
    # The open cases come along, and work there.
    await li.expect(numbers.show(petition.number), chat=new)
    assert await li.tap("认领", chat=new) == "已认领。"
    await li.type("/bind good-code", chat=other)
    await li.expect("绑定码不对或已过期", chat=other)
    for _ in range(3):
        await li.type("/bind", chat=other)
        await li.expect("绑定码不对", chat=other)
    await li.type("/bind late-code", chat=other)
    await li.expect("尝试次数太多", chat=other)
    assert keys(city, other.id) == ["bind.wrong"] * 4 + ["bind.too_many"]
    bound = "SELECT chat_id FROM groups WHERE unit_id = 'zhujian'"
    assert ask(city, bound) == [(new.id,)]
    # An hour later the same person may try again; a day later the code is too old.
    await city.later(hours=1, minutes=1)
    await li.type("/bind late-code", chat=other)
    await li.expect("已绑定为「市住建局」", chat=other)
    await city.app.desk.unit(lambda unit: groups.store_code(unit, "old-code", "ducha"))
    await city.later(days=1, minutes=1)
    await li.type("/bind old-code", chat=other)
    await li.expect("绑定码不对或已过期", chat=other)


# --- long texts, a busy database, a messenger that is away --------------------------------


async def test_a_reply_of_7900_characters_is_previewed_and_reaches_the_citizen_whole(city):
    chen, li = await city.citizen(), city.li
    await case(city, chen, *HELD)
    await li.type("/start")
    await li.expect("办理中", chat=city.zhujian)
    sentences = "".join(f"第{n}项已经查实，处理如下。" for n in range(1000))
    parts = [sentences[:4000], sentences[4000:7900]]
    await li.tap("答复", chat=city.zhujian)
    await tap(li, "解释说明")
    await li.expect("请写答复意见")
    for count, part in enumerate(parts, 1):
        await li.type(part)
        await li.expect(f"已记下第 {count} 段")
    await tap(li, "完成")
    await li.expect("依据是什么")
    await li.type("《物业管理条例》第三十五条")
    await tap(li, "跳过")
    await li.expect("信访人会看到上面的答复")
    assert "notice.replied" not in keys(city, chen.id)
    previewed = _reply_of(await li.sees())
    await li.tap("发出答复")
    await chen.expect("申请复查")
    reached = _reply_of(await chen.sees())
    assert reached == previewed
    assert "".join(reached[1:-1]).replace("\n", "") == "".join(parts)
    assert reached[0].startswith("📄 答复")
    assert reached[-1].startswith("依据：《物业管理条例》第三十五条")


def _reply_of(seen):
    texts = [m.text for m in seen if m.from_bot]
    first = next(i for i, text in enumerate(texts) if text.startswith("📄 答复"))
    last = next(i for i, text in enumerate(texts) if text.startswith("依据："))
    return texts[first : last + 1]


async def test_a_busy_database_delays_an_answer_and_loses_nothing(quiet_city, monkeypatch):
    city = quiet_city
    monkeypatch.setattr("storage.sqlite.BUSY_SECONDS", 0.2)
    await city.start()
    chen = await city.citizen()
    await to_step(chen, ZH, "facts")
    mark = newest(city, chen.id)
    path = city.folder / "data" / "minsheng.sqlite3"
    polls = len(await city.client.log(method="getUpdates"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await chen.type("水一直漏。")
        # The bot could not store it, and asked for it again: twice, to be sure it was refused.
        async with asyncio.timeout(20):
            while len(await city.client.log(method="getUpdates")) < polls + 2:
                await city.client.wait((await city.client.state())["seq"], 0.05)
        assert keys(city, chen.id, mark) == []
        other.execute("ROLLBACK")
    await chen.expect("已记下第 1 段", timeout=20)
    assert keys(city, chen.id, mark) == ["text.gathered"]
    assert (await current(city, chen)).answers["facts"] == ["水一直漏。"]


async def test_the_database_busy_in_the_middle_of_a_turn_gives_one_effect(city, monkeypatch):
    """The update is stored already; its own unit meets the lock, and waits it out."""
    monkeypatch.setattr("bot.updates.BUSY_PAUSE", 0.01)
    chen = await city.citizen()
    await to_step(chen, ZH, "facts")
    mark, refused, unit = newest(city, chen.id), [], city.app.desk.unit

    async def busy(work):
        if len(refused) < 8 and work.__qualname__.startswith("Door._handle"):
            refused.append(work)
            raise Unavailable("database is locked")
        return await unit(work)

    monkeypatch.setattr(city.app.desk, "unit", busy)
    await chen.type("水一直漏。")
    await chen.expect("已记下第 1 段")
    assert len(refused) == 8  # more often than a faulty update is tried
    assert keys(city, chen.id, mark) == ["text.gathered"]
    assert ask(city, "SELECT count(*) FROM inbox WHERE state != 'done'") == [(0,)]


async def test_the_messenger_away_for_a_while_what_was_stored_comes_after_in_order(city):
    chen, wang = await city.citizen(), await city.citizen(1002)
    first = await case(city, chen, *REPLIED)
    second = await case(city, chen, *REPLIED, title="楼道灯不亮")
    await until(city, lambda: keys(city, chen.id).count("notice.replied") == 2)
    await until(city, lambda: not ask(city, "SELECT 1 FROM outbox WHERE state = 'waiting'"))
    await to_step(wang, ZH, "facts")
    mark = newest(city, chen.id)

    await city.client.down(True)
    await city.later(days=1, minutes=1)
    for text in ("第一段。", "第二段。", "第三段。"):
        await wang.type(text)
    surveys = "SELECT count(*), max(attempts), max(state) FROM outbox WHERE key = 'notice.survey'"
    await until(city, lambda: ask(city, surveys)[0][0] == 2)
    await until(city, lambda: ask(city, surveys)[0][1] >= 2)  # it was tried
    assert ask(city, surveys)[0][2] == "waiting"
    # The first fails once more on its own: the second waits for it.
    await city.client.fault("sendMessage", "500", chat_id=chen.id)
    await city.client.down(False)

    await wang.expect("已记下第 3 段", timeout=20)
    assert (await current(city, wang)).answers["facts"] == ["第一段。", "第二段。", "第三段。"]
    last = numbers.show(second.number)
    await chen.expect(lambda seen: "共两题" in seen.text and last in seen.text, timeout=20)
    came = [m.text for m in await chen.sees() if "共两题" in m.text]
    found = [n for text in came for n in (first.number, second.number) if numbers.show(n) in text]
    assert found == [first.number, second.number]
    assert keys(city, chen.id, mark) == ["notice.survey"] * 2


# --- buttons: old, double, at the same time ---------------------------------------------------


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


# --- the officers' own steps ------------------------------------------------------------------


async def test_undo_until_another_acts_and_the_citizen_is_told(city):
    chen, li, zhou = await city.citizen(), city.li, city.zhou
    petition = await case(city, chen, do.Take())
    await li.expect("李建国", chat=city.zhujian)
    # Another's step is not one's own to take back.
    assert "您不能做这一步" in await zhou.tap("撤销上一步", chat=city.zhujian)
    await li.tap("受理", chat=city.zhujian)
    accepted = await chen.expect("已受理")
    held = await li.expect("办理中", chat=city.zhujian)
    assert await li.tap("撤销上一步", chat=city.zhujian) == "已撤销。"
    told = await chen.expect("更正")
    assert "「受理」有误，已撤回" in told.text
    assert accepted.id != told.id
    await li.expect("状态：已登记", chat=city.zhujian)
    await chen.tap("查看进度")
    assert "已受理" not in (await chen.expect("状态：已登记")).text

    # Accepted again, and then the citizen acts: now it stands.
    await li.tap("受理", chat=city.zhujian)
    held = await li.expect("办理中", chat=city.zhujian)
    await chen.type("/my")
    await tap(chen, "小区水管爆裂")
    await tap(chen, "补充材料")
    await chen.expect("请写下要补充的内容")
    await chen.type("三号楼")
    await tap(chen, "完成")
    await tap(chen, "跳过")
    await li.expect("信访人补充了材料", chat=city.zhujian)
    assert await li.tap("撤销上一步", chat=city.zhujian, message=held) == (
        "没有变化：信访人刚才已经补充材料。卡片已更新。"
    )
    assert kinds(await as_it_stands(city, petition))[-1] == "supplemented"


async def test_reassigned_to_a_colleague_by_the_head_and_not_by_anybody(city):
    chen, li, zhou = await city.citizen(), city.li, city.zhou
    petition = await case(city, chen, do.Take())
    await li.expect("李建国", chat=city.zhujian)
    assert "您不能做这一步" in await zhou.tap("改派", chat=city.zhujian)
    await li.tap("改派", chat=city.zhujian)
    asked = await li.expect("改派给谁", chat=city.zhujian)
    assert [label for row in asked.buttons for label, _ in row] == ["周敏"]
    # Another's finger on the choice does not count either.
    assert "您不能做这一步" in await zhou.tap("周敏", chat=city.zhujian, message=asked)
    await li.tap("周敏", chat=city.zhujian, message=asked)
    await li.expect("已改派给 周敏", chat=city.zhujian)
    await zhou.expect("承办人：周敏", chat=city.zhujian)
    assert (await as_it_stands(city, petition)).holder == zhou.id
    assert "没有变化" in await li.tap("周敏", chat=city.zhujian, message=asked)
    assert await zhou.tap("受理", chat=city.zhujian) == "已受理，通知已发给信访人。"


# --- drafts, quiet hours, surveys -------------------------------------------------------------


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
    await chen.expect("您这次是为了什么")
    anew = await current(city, chen)
    assert (anew.id != first, anew.answers) == (True, {})
    assert (await draft(city, first)).state == "dropped"
    assert "已经删除" in await chen.tap("继续填写", message=offered)

    await chen.type("/start")
    await tap(chen, "删除")
    await chen.expect("已删除")
    assert await current(city, chen) is None
    await chen.type("/start")
    await chen.expect("云江市信访局")
    assert keys(city, chen.id)[-1] == "start.welcome"
    await tap(chen, "提交信访事项")
    await chen.expect("您这次是为了什么")


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


async def test_the_survey_is_asked_again_once_and_then_there_is_silence(city):
    chen = await city.citizen()
    petition = await case(city, chen, *REPLIED)
    await chen.expect("申请复查")
    await city.later(days=1, minutes=1)
    await chen.expect("共两题")
    await city.later(hours=72, minutes=1)
    reminded = await chen.expect("还没有评价")
    assert "之后不再提醒" in reminded.text
    open_duties = "SELECT kind FROM due WHERE subject = ? AND done_at IS NULL"
    assert ask(city, open_duties, petition.id) == [("review_closing",)]
    mark = newest(city, chen.id)
    for _ in range(6):
        await city.later(days=5)
        await chen.type("/help")
        await chen.expect("怎么用")
    assert set(keys(city, chen.id, mark)) == {"help.text", "notice.review_closing"}


async def rate(person, office, unit):
    """Answer both questions of the survey and skip the rest."""
    for question, verdict in (("第 1 题", office), ("第 2 题", unit)):
        await person.expect(question)
        await person.tap(verdict)
    if "😞 不满意" in (office, unit):
        await person.expect("哪里不满意")
        await person.tap("跳过")
    await person.expect("还有什么想说")
    await person.tap("跳过")


async def test_who_has_rated_is_not_reminded(city):
    chen = await city.citizen()
    petition = await case(city, chen, *REPLIED)
    await chen.expect("申请复查")
    await city.later(days=1, minutes=1)
    await rate(chen, "😊 满意", "😊 满意")
    await chen.expect("谢谢您的评价")
    open_duties = "SELECT kind FROM due WHERE subject = ? AND done_at IS NULL"
    assert ask(city, open_duties, petition.id) == [("review_closing",)]
    assert "不满意" not in "".join(m.text for m in await city.zhao.sees(city.ducha))


async def test_a_rating_can_be_changed_until_the_window_closes_and_not_after(city):
    chen = await city.citizen()
    petition = await case(city, chen, *REPLIED)
    await chen.expect("申请复查")
    await city.later(days=1, minutes=1)
    await rate(chen, "😊 满意", "😊 满意")
    await chen.expect("谢谢您的评价")
    rating = (await as_it_stands(city, petition)).rating
    assert (rating.office, rating.unit) == (Verdict.GOOD, Verdict.GOOD)

    await city.later(days=20)
    await chen.type("/my")
    await tap(chen, "小区水管爆裂")
    own = await chen.expect("状态：已答复")
    await chen.tap("修改评价")
    await rate(chen, "😐 基本满意", "😞 不满意")
    await chen.expect("谢谢您的评价")
    rating = (await as_it_stands(city, petition)).rating
    assert (rating.office, rating.unit) == (Verdict.FAIR, Verdict.BAD)
    await city.zhao.expect(numbers.show(petition.number), chat=city.ducha)

    # One is begun in time and ends too late: it is refused, and that is said.
    await city.later(days=6)
    await chen.tap("修改评价", message=own)
    await chen.expect("第 1 题")
    await chen.tap("😊 满意")
    await chen.expect("第 2 题")
    await city.later(days=5)  # past the window, within the time a form is kept
    await chen.tap("😊 满意")
    await chen.expect("评价期已经结束")  # at once: nobody is asked to write in vain
    told = await chen.tap("修改评价", message=own) or ""
    assert told.startswith("评价期已经结束。")
    assert "《信访事项办理群众满意度评价工作办法》" in told  # the rule is named
    await chen.type("/my")
    await tap(chen, "小区水管爆裂")
    closed = await chen.expect("状态：已答复")
    assert closed.data("评价") is None
    assert kinds(await as_it_stands(city, petition)).count("rated") == 2


# --- looking up -------------------------------------------------------------------------------


async def look_up(person, number, code):
    """Ask by number and code; what is shown."""
    await person.type("/status")
    await person.expect("请输入编号")
    await person.type(number)
    await person.expect("请输入查询码")
    await person.type(code)
    return await person.expect(lambda seen: True)


async def test_looking_up_is_throttled_and_gives_nothing_away(city):
    chen, other = await city.citizen(), await city.citizen(1009)
    number = numbers.show((await case(city, chen)).number)
    unknown = numbers.show(numbers.make("990100", city.app.desk.clock().date(), 77))
    assert (await look_up(other, number, CODE)).text.startswith(f"编号 {number}")
    mark = newest(city, other.id)
    wrong = [await look_up(other, number, "ACEF-3469") for _ in range(3)]
    wrong += [await look_up(other, unknown, CODE) for _ in range(2)]
    # A wrong code and an unknown number read the same.
    assert len({seen.text for seen in wrong}) == 1
    assert keys(city, other.id, mark).count("lookup.wrong") == 5
    mark = newest(city, other.id)
    for code in (CODE, "ACEF-3469"):  # the right code does not help now, nor is it told apart
        assert "太多" in (await look_up(other, number, code)).text
    assert keys(city, other.id, mark)[2::3] == ["lookup.too_many"] * 2
    await city.later(minutes=16)
    assert (await look_up(other, number, CODE)).text.startswith(f"编号 {number}")

    # Many who each try once at one number are stopped as well; her own chat needs no code.
    for guesser in range(1010, 1015):
        await look_up(await city.citizen(guesser), number, "ACEF-3469")
    assert "太多" in (await look_up(await city.citizen(1015), number, "ACEF-3469")).text
    await chen.type("/my")
    await tap(chen, "小区水管爆裂")
    await chen.expect(number)


# --- walking the form -------------------------------------------------------------------------


async def test_the_language_switched_in_the_middle_of_a_form(city):
    chen = await city.citizen()
    await to_step(chen, ZH, "title")
    await chen.type("/language")
    await tap(chen, "English")
    # The open question is put again, in the new language.
    asked = await chen.expect(EN.steps_asked["title"])
    assert "3/10" in asked.text
    assert "English from now on" in "".join(m.text for m in await chen.sees())
    await chen.type("Burst pipe")
    await chen.expect(EN.steps_asked["facts"])
    assert (await current(city, chen)).answers["title"] == "Burst pipe"


async def test_an_answer_changed_from_the_review_card_and_back(city):
    chen = await city.citizen()
    await at_review(city, chen)
    await chen.tap("✏️ 标题")
    await chen.expect("一句话")
    await chen.type("楼道灯不亮")
    assert "标题：楼道灯不亮" in (await chen.expect("请核对")).text
    # Change one's mind: the way back leads to the review, and nothing has changed.
    await chen.tap("✏️ 电话")
    await chen.expect("联系电话")
    await chen.press("上一步")
    assert "138****5678" in (await chen.expect("请核对")).text
    assert await chen.keyboard() == []
    # What a changed answer makes necessary is asked; what it makes idle is not shown.
    await chen.tap("✏️ 目的")
    await chen.expect("您这次是为了什么")
    await chen.tap("检举控告")
    await chen.expect("关于保密")
    await tap(chen, "我知道了")
    await chen.expect("您反映的是哪些单位")
    await chen.tap("市住建局")
    await tap(chen, "完成")
    await chen.expect("还有要写明的单位或人吗")
    await chen.tap("跳过")
    shown = await chen.expect("请核对")
    assert "分类" not in shown.text
    assert "反映的单位：市住建局" in shown.text
    await chen.tap("✏️ 经过")
    await chen.expect("把经过讲清楚")
    await chen.tap("清空重写")
    await chen.expect("已清空")
    await chen.tap("上一步")
    await chen.expect("请核对")
    await chen.tap("提交")  # the emptied answer is asked for first
    assert "还差这一项" in (await chen.expect("把经过讲清楚")).text
    await chen.type("灯不亮一个月了")
    await tap(chen, "完成")
    await chen.expect("请核对")
    await chen.tap("提交")
    await chen.expect("市纪委监委")


FILING = FORMS["filing"]
WAYS = {"back": "⬅️ 上一步", "skip": "⏭ 跳过", "cancel": "✖️ 取消"}


@pytest.mark.parametrize("way", WAYS)
async def test_back_skip_and_cancel_at_each_step_pressed_or_typed(city, way):
    tried = [(step, typed) for step in FILING.steps for typed in (False, True)]
    async with asyncio.TaskGroup() as group:
        led = [
            group.create_task(_leads(city, 4000 + n, step, way, typed))
            for n, (step, typed) in enumerate(tried)
        ]
    for (step, typed), task in zip(tried, led, strict=True):
        names = [s.name for s in FILING.applying(_answers_of(step))]
        index = names.index(step.name)
        ways = {"cancel": "left", "back": names[index - 1] if index else None}
        ways["skip"] = names[index + 1] if step.optional else None
        assert (step.name, typed, task.result()) == (step.name, typed, ways[way])


ACCUSING = WHOLE | {
    "purpose": "accusation",
    "confidential": "understood",
    "against_units": ["jiaotong"],
    "against": "王某",
}


def _answers_of(step):
    return WHOLE if step.when(WHOLE) else ACCUSING


async def _leads(city, user_id, step, way, typed):
    """Where this way out of the question leads; None when it is not offered."""
    person = await city.citizen(user_id)
    answers = _answers_of(step)
    names = [s.name for s in FILING.applying(answers)]
    before = {name: answers[name] for name in names[: names.index(step.name)]}
    opened = await begin(city, person, "filing", step.name, answers=before)
    await person.type("/start")
    await tap(person, "继续填写")
    shown = await person.expect(lambda seen: "/10 步</i>" in seen.html)
    keyboard = await person.keyboard()
    if not (shown.data(WAYS[way]) or any(WAYS[way] in row for row in keyboard)):
        return None
    if typed:
        await person.type(WAYS[way].split()[1])
    else:
        await (person.press if keyboard else person.tap)(WAYS[way])
    await person.expect(lambda seen: seen.text != "好的。")
    now = await draft(city, opened.id)
    skipped = {step.name: None} if way == "skip" else {}
    assert (now.state, now.answers) == ("open", before | skipped)
    return now.step if await current(city, person) else "left"


@pytest.mark.parametrize("label", ["删除", "重新开始"])
async def test_no_dead_keys_stay_under_the_input(city, label):
    chen = await city.citizen()
    await to_step(chen, ZH, "phone")
    assert await chen.keyboard() != []
    await chen.type("/start")
    await tap(chen, label)
    await chen.expect("已删除" if label == "删除" else "您这次是为了什么")
    await chen.expect("好的。")
    assert await chen.keyboard() == []


async def test_a_key_that_outlived_its_form_goes_when_it_is_pressed(city):
    chen = await city.citizen()
    await to_step(chen, ZH, "phone")
    await city.later(days=5, minutes=1)
    await chen.expect("还没有提交")
    await city.later(days=2)
    await chen.expect("到期删除")
    await chen.press("上一步")
    await chen.expect("您可以从下面选一项")
    assert await chen.keyboard() == []


async def test_done_can_be_typed_as_well(city):
    chen = await city.citizen()
    await to_step(chen, ZH, "facts")
    await chen.type("完成")
    await chen.expect("还没有收到文字")
    await chen.type("水一直漏。")
    await chen.expect("已记下第 1 段")
    await chen.type("完成")
    await chen.expect("希望怎么解决")
    assert (await current(city, chen)).answers["facts"] == ["水一直漏。"]


@pytest.mark.parametrize("pin_first", [True, False], ids=["pin first", "district first"])
async def test_a_place_pin_before_or_after_the_district(city, pin_first):
    chen = await city.citizen()
    await to_step(chen, ZH, "place")
    if pin_first:
        await chen.location()
        await chen.expect("位置收到了")
        await chen.tap("江北区")
    else:
        await chen.tap("江北区")
        await chen.expect("江北区的什么地方")
        await chen.location()
    await chen.expect("有照片、视频")
    assert (await current(city, chen)).answers["place"] == {
        "district": "jiangbei",
        "point": [30.2741, 120.1551],
    }
    await chen.tap("上一步")
    await chen.expect("江北区的什么地方")


async def test_every_message_gets_some_answer_also_outside_a_form(city):
    chen = await city.citizen()
    for text in ("着火了！家里煤气漏了", "我不想活了", "你好"):
        await chen.type(text)
        await chen.expect("您可以从下面选一项")
    for act in (
        chen.sticker,
        chen.poll,
        chen.location,
        chen.contact,
        chen.photo,
        chen.voice,
        chen.video,
        chen.document,
    ):
        await act()
        await chen.expect("您可以从下面选一项")
    mine = await chen.type("你好吗")
    await chen.expect("您可以从下面选一项")
    await chen.edit(mine, "您好")
    await chen.expect("补充材料")
    commands = {"/cancel": "没有正在填写", "/wenti": "没有这个命令", "/my": "还没有提交过"}
    for command, told in commands.items():
        await chen.type(command)
        await chen.expect(told)
    assert ask(city, "SELECT count(*) FROM inbox WHERE state != 'done'") == [(0,)]


async def test_a_live_place_that_moves_is_not_answered_every_time(city):
    chen = await city.citizen()
    await to_step(chen, ZH, "address")
    mark = newest(city, chen.id)
    user = {"id": chen.id, "is_bot": False, "first_name": "陈秀英", "language_code": "zh-hans"}
    chat = {"id": chen.id, "type": "private", "first_name": "陈秀英"}
    place = {"latitude": 30.2, "longitude": 120.1, "live_period": 900}
    message = {"message_id": 900, "date": 1772416800, "edit_date": 1772416900}
    message |= {"chat": chat, "from": user, "location": place}
    await city.client.raw({"edited_message": message})
    await chen.type("幸福路 8 号")
    await chen.expect("有照片、视频")
    assert keys(city, chen.id, mark) == ["filing.files.ask"]


async def test_danger_to_life_is_answered_at_once_and_blocks_nothing(city):
    chen = await city.citizen()
    await chen.type("着火了！家里煤气漏了")
    numbers = await chen.expect("119")
    assert "110" in numbers.text
    assert "120" in numbers.text
    await to_step(chen, ZH, "title")
    await chen.type("有人要跳楼")
    await chen.expect("120")
    await chen.expect(ZH.steps_asked["facts"])


async def test_a_recording_is_kept_and_reaches_the_officer(city):
    chen = await city.citizen()
    await to_step(chen, ZH, "files")
    await chen.audio("夜间施工.mp3")
    await chen.expect("已收到 1 个附件")
    await chen.tap(ZH.done)
    await chen.expect(ZH.steps_asked["name"])
