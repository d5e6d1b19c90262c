"""What once broke in the conversations, each as it was met: it stays mended."""

import asyncio

import pytest
from acceptance.scenes import (
    CODE,
    REPLIED,
    REPLY,
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
from acceptance.walks import ZH, to_step

from dialogs import telling
from dialogs.taps import CaseTap
from petitions import commands as do
from petitions import numbers
from petitions.access import actor_of
from petitions.deadlines import local_date
from petitions.events import Way
from storage import outbox, record

HELD = (do.Take(), do.Accept())
NOT_YOURS = "您不能查看或办理这件事项。\n（依据：《信访工作条例》第46条）"
BOT = 42
PASSED_ON = do.Refer(
    Way(route="discipline", kind="discipline", zh="由纪检监察机关受理", en="x", clause="TL 30")
)


async def forged(person, petition, act, chat=None, arg=""):
    """Press a button that was never shown to this person there; the bot's answer."""
    tapped = CaseTap(petition=petition.id, version=petition.version, act=act, arg=arg)
    shown = await person.type("/help", chat)
    shown.raw["reply_markup"] = {
        "inline_keyboard": [[{"text": "forged", "callback_data": tapped.pack()}]]
    }
    return await person.tap("forged", chat=chat, message=shown)


async def go_on(city, petition, *commands, by=2001, told=True):
    """Have this happen to the case meanwhile; whoever is to be told is told."""
    house = city.app.house

    def work(unit):
        made = record.load(unit, petition.id, lock=True)
        for command in commands:
            actor = actor_of(by, house.office)
            made, parcels = telling.act(unit, house, made, command, actor)
            outbox.put(unit, parcels if told else [])
        return made

    return await city.app.desk.unit(work)


async def own_timeline(person, title="小区水管爆裂"):
    """The person's own petition, opened from their list."""
    await person.type("/my")
    await tap(person, title)
    return await person.expect("状态：")


def texts(seen):
    """All that stands on a screen."""
    return "\n".join(m.text for m in seen)


def set_aside(city):
    """How many updates could not be handled."""
    return ask(city, "SELECT count(*) FROM inbox WHERE state = 'set_aside'")[0][0]


# --- forms that end too late --------------------------------------------------------------


async def test_more_sent_after_the_reply_is_refused_kindly_and_breaks_nothing(city):
    chen = await city.citizen()
    petition = await case(city, chen, *HELD)
    shown = await own_timeline(chen)
    await chen.tap("补充材料", message=shown)
    await chen.expect("请写下要补充的内容")
    await chen.type("三号楼也漏。")
    await chen.expect("已记下第 1 段")
    await go_on(city, petition, REPLY)
    await chen.expect("申请复查")
    await tap(chen, "完成")
    await tap(chen, "跳过")
    told = await chen.expect("没有提交，还在上面的聊天里")
    assert "现在的状态是「已答复」" in told.text
    assert keys(city, chen.id)[-1] == "form.not_done"
    assert kinds(await as_it_stands(city, petition))[-1] == "replied"
    assert "supplement.thanks" not in keys(city, chen.id)
    assert await current(city, chen) is None
    assert set_aside(city) == 0


async def test_a_rating_that_ends_after_its_window_is_refused_kindly_and_breaks_nothing(city):
    chen = await city.citizen()
    petition = await case(city, chen, *REPLIED)
    await chen.expect("申请复查")
    await city.later(days=1, minutes=1)
    asked = await chen.expect("共两题")
    await city.later(days=26)
    await chen.expect("还没有评价")
    await chen.tap("😊 满意", message=asked)
    second = await chen.expect("第 2 题")
    await city.later(days=5)
    await chen.tap("😊 满意", message=second)
    told = await chen.expect("没有提交，您写的内容还在上面的聊天里")
    assert "评价期已经结束" in told.text
    assert told.data("查看进度") is not None
    assert keys(city, chen.id)[-1] == "survey.too_late"
    assert await current(city, chen) is None
    assert "rated" not in kinds(await as_it_stands(city, petition))
    assert set_aside(city) == 0


# --- who sees what, and where -------------------------------------------------------------


async def test_a_report_never_shows_in_another_units_group_whoever_asks_there(quiet_city, tmp_path):
    city = quiet_city
    sun = "{ id = 2004,"
    both = '{ id = 2001, name = { zh = "李建国", en = "Li Jianguo" }, roles = ["discipline"] }'
    sample = city.office_file.read_text(encoding="utf-8")
    assert sample.count(sun) == 1
    city.office_file = tmp_path / "office.toml"
    city.office_file.write_text(sample.replace(sun, f"{both}, {sun}"), encoding="utf-8")
    await city.client.member(city.jiwei, city.li, "member")
    await city.start()
    chen, li = await city.citizen(), city.li
    plain = await case(city, chen)
    report = await case(city, chen, purpose="accusation", category=None)
    await city.sun.expect(numbers.show(report.number), chat=city.jiwei)

    await li.type("/todo", chat=city.zhujian)
    listed = await li.expect("待办 1 件", chat=city.zhujian)
    *cases, late = listed.buttons
    assert [numbers.show(plain.number) in row[0][0] for row in cases] == [True]
    assert "督办清单" in late[0][0]
    for act in ("card", "take"):
        assert await forged(li, report, act, city.zhujian) == NOT_YOURS
    assert numbers.show(report.number) not in str(
        [(m.text, m.buttons) for m in await li.sees(city.zhujian)]
    )
    assert kinds(await as_it_stands(city, report)) == ["registered"]

    await li.type("/todo", chat=city.jiwei)
    listed = await li.expect("待办 1 件", chat=city.jiwei)
    assert numbers.show(report.number) in listed.buttons[0][0][0]
    await li.tap(numbers.show(report.number), chat=city.jiwei)
    await li.expect("无人认领", chat=city.jiwei)


async def test_the_reason_of_a_low_rating_reaches_the_supervisor_alone(city):
    chen, zhao, li = await city.citizen(), city.zhao, city.li
    petition = await case(city, chen, *REPLIED)
    await zhao.type("/start")
    await zhao.expect("云江市信访局")
    await chen.expect("申请复查")
    await city.later(days=1, minutes=1)
    await tap(chen, "😊 满意")
    await chen.expect("第 2 题")
    await chen.tap("😞 不满意")
    await chen.expect("哪里不满意")
    await chen.type("拖了太久没人来")
    await chen.expect("还有什么想说")
    await chen.type("希望派人回访")
    await chen.expect("谢谢您的评价")

    await tap(zhao, "查看原因", chat=city.ducha)
    read = await zhao.expect("您的查看已记录")
    assert "原因：拖了太久没人来" in read.text
    assert "其他意见：希望派人回访" in read.text
    looks = [e for e in (await as_it_stands(city, petition)).entries if e.event.kind == "looked"]
    assert [(e.by.id, e.by.unit, e.event.what) for e in looks] == [(2003, "ducha", "rating")]

    await li.type("/start")
    for chat in (city.zhujian, None):
        assert await forged(li, petition, "rating", chat) == NOT_YOURS
    assert await forged(chen, petition, "rating") == NOT_YOURS
    in_groups = await zhao.sees(city.ducha) + await li.sees(city.zhujian) + await li.sees()
    for reason in ("拖了太久", "回访"):
        assert reason not in texts(in_groups)
    assert kinds(await as_it_stands(city, petition)).count("looked") == 1


async def test_the_caption_of_a_photo_reaches_the_officer_with_it(city):
    chen, li = await city.citizen(), city.li
    await at_review(city, chen)
    await chen.tap("✏️ 附件")
    await chen.expect("有照片、视频")
    await chen.photo(caption="三楼 <厨房> 的水管")
    await chen.expect("已收到 1 个附件")
    await chen.tap("完成")
    await chen.expect("请核对")
    await chen.tap("提交")
    await chen.expect("提交成功")
    await li.type("/start")
    await tap(li, "查看详情", chat=city.zhujian)
    shown = await li.expect(lambda seen: bool(seen.files))
    assert (shown.files[0]["kind"], shown.text) == ("photo", "三楼 <厨房> 的水管")
    assert "厨房" not in texts(await li.sees(city.zhujian))


async def test_number_and_code_of_a_report_show_only_that_it_was_received(city):
    chen, other = await city.citizen(), await city.citizen(1009)
    moves = (do.Take(), PASSED_ON)
    report = await case(city, chen, *moves, by=2004, purpose="accusation", category=None)
    await other.type("/status")
    await other.expect("请输入编号")
    await other.type(numbers.show(report.number))
    await other.expect("请输入查询码")
    await other.type(CODE)
    shown = await other.expect("检举控告的办理情况不在这里公开")
    assert "已按规定转交" in shown.text
    assert numbers.show(report.number) in shown.text
    for more in ("状态", "受理", "答复", "纪委", "复查", "评价", "小区水管爆裂"):
        assert more not in shown.text
    assert shown.buttons == []
    own = await own_timeline(chen)  # who made it reads on
    assert "状态：已转交纪检监察机关" in own.text
    assert "由纪检监察机关办理" in own.text


async def test_a_petition_turned_into_a_report_at_review_leaves_no_category_behind(city):
    chen = await city.citizen()
    await at_review(city, chen)
    name = city.app.house.catalogue.name("urban", "zh_Hans")
    assert name in (await chen.expect("请核对")).text
    await chen.tap("✏️ 目的")
    await chen.expect("您这次是为了什么")
    await chen.tap("检举控告")
    await chen.expect("关于保密")
    await tap(chen, "我知道了")
    await chen.expect("您反映的是哪些单位")  # what a report has besides is asked for
    await chen.tap("跳过")
    await chen.expect("您反映的是谁")
    await chen.tap("跳过")
    await chen.expect("请核对")
    await chen.tap("提交")
    await chen.expect("市纪委监委")
    card = await city.sun.expect("无人认领", chat=city.jiwei)
    row = "SELECT id, purpose, category, unit_id FROM petitions"
    [(petition_id, *stored)] = ask(city, row)
    assert stored == ["accusation", None, "jiwei"]
    petition = await city.app.desk.look(lambda unit: record.load(unit, petition_id))
    assert petition.filing.category is None
    assert "检举控告 · —" in card.text
    assert name not in card.text
    assert "urban" not in str(petition.filing)


async def test_a_petitioner_who_forges_the_staffs_card_never_sees_who_holds_it(city):
    chen, zhou = await city.citizen(), city.zhou
    own = await case(city, chen, do.Take())
    for act in ("card", "details", "take", "undo"):
        assert await forged(chen, own, act) == NOT_YOURS
    # Nor does an officer whose own petition it is, in private or in the unit's group.
    officers = await case(city, zhou, do.Take())
    for act in ("card", "details", "reassign"):
        for chat in (None, city.zhujian):
            assert await forged(zhou, officers, act, chat) == NOT_YOURS
    assert "李建国" not in texts(await chen.sees()) + texts(await zhou.sees())
    assert kinds(await as_it_stands(city, own)) == ["registered", "taken"]
    assert kinds(await as_it_stands(city, officers)) == ["registered", "taken"]


# --- the officers' side -------------------------------------------------------------------


async def test_the_card_in_private_shows_the_new_state_and_its_next_button_works(city):
    chen, li = await city.citizen(), city.li
    petition = await case(city, chen)
    await li.type("/start")
    await tap(li, "工作台")
    await li.expect("待办 1 件")
    await li.tap(numbers.show(petition.number))
    card = await li.expect("无人认领")
    assert await li.tap("认领", message=card) == "已认领。"
    held = await li.expect("承办人：李建国")
    assert held.id == card.id
    assert await li.tap("受理", message=held) == "已受理，信访人会收到通知；夜里的等到早上。"
    accepted = await li.expect("状态：办理中")
    assert (accepted.id, accepted.data("答复") is not None) == (card.id, True)
    await li.expect("状态：办理中", chat=city.zhujian)
    assert kinds(await as_it_stands(city, petition)) == ["registered", "taken", "accepted"]


@pytest.mark.parametrize("admin", [True, False], ids=["bot is admin", "bot is no admin"])
async def test_a_case_whose_holder_left_the_group_can_be_taken_by_a_colleague(city, admin):
    chen, li, zhou = await city.citizen(), city.li, city.zhou
    first, second = await case(city, chen, do.Take()), await case(city, chen, do.Take())
    for petition in (first, second):
        await zhou.expect(numbers.show(petition.number), chat=city.zhujian)
    if not admin:
        await city.client.member(city.zhujian, BOT, "member")
    await city.client.member(city.zhujian, li, "left")
    left = "SELECT count(*) FROM leavers WHERE user_id = 2001 AND unit_id = 'zhujian'"
    await until(city, lambda: ask(city, left) == [(1,)])

    # In private a colleague sees at once that nobody has it, and takes it.
    await zhou.type("/start")
    await tap(zhou, "工作台")
    await zhou.expect("待办 2 件")
    await zhou.tap(numbers.show(first.number))
    await zhou.expect("无人认领")
    assert await zhou.tap("认领") == "已认领。"
    assert (await as_it_stands(city, first)).holder == zhou.id

    # The group's card offers it with the next change.
    await go_on(city, second, do.Supplement(("三号楼",)), by=chen.id)
    number = numbers.show(second.number)
    card = await zhou.expect(
        lambda seen: number in seen.text and seen.data("认领") is not None, chat=city.zhujian
    )
    assert "无人认领" in card.text
    assert await zhou.tap("认领", chat=city.zhujian, message=card) == "已认领。"
    card = await zhou.expect(
        lambda seen: number in seen.text and "周敏" in seen.text, chat=city.zhujian
    )

    # And it is not handed to who is gone.
    assert await zhou.tap("改派", chat=city.zhujian, message=card) == "没有可以改派的同事。"
    taken = await as_it_stands(city, second)
    assert await forged(zhou, taken, "to", city.zhujian, "2001") == "没有可以改派的同事。"
    assert (await as_it_stands(city, second)).holder == zhou.id


async def test_a_reply_half_written_is_gone_on_with_the_next_day(city):
    chen, li = await city.citizen(), city.li
    petition = await case(city, chen, *HELD)
    await li.type("/start")
    await tap(li, "答复", chat=city.zhujian)
    await tap(li, "解释说明")
    await li.expect("请写答复意见")
    await li.type("经查，水管已修好。")
    await li.expect("已记下第 1 段")
    before = await current(city, li)
    await city.later(days=1)
    await li.tap("答复", chat=city.zhujian)
    resumed = await li.expect("接着上次的继续")
    assert "请写答复意见" in resumed.text
    now = await current(city, li)
    assert (now.id, now.answers) == (before.id, before.answers)
    await li.type("水费已退。")
    await li.expect("已记下第 2 段")
    await tap(li, "完成")
    await li.expect("依据是什么")
    await li.type("《物业管理条例》第三十五条")
    await tap(li, "跳过")
    await li.expect("信访人会看到上面的答复")
    await li.tap("发出答复")
    await chen.expect("申请复查")
    reply = (await as_it_stands(city, petition)).reply
    assert reply.text == ("经查，水管已修好。", "水费已退。")


async def test_a_reply_taken_back_at_night_is_never_heard_of(city):
    chen, li = await city.citizen(), city.li
    petition = await case(city, chen, *HELD)
    await chen.expect("已受理")
    await city.client.clock(set="2026-03-02T15:00:00+00:00")  # 23:00
    await go_on(city, petition, REPLY)
    replied = "SELECT state, reason FROM outbox WHERE key = 'notice.replied'"
    await until(city, lambda: ask(city, replied) == [("waiting", "quiet hours")])
    await li.expect("状态：已答复", chat=city.zhujian)
    assert await li.tap("撤销上一步", chat=city.zhujian) == "已撤销。"
    await li.expect("状态：办理中", chat=city.zhujian)
    await city.client.clock(set="2026-03-02T23:00:01+00:00")
    told = "SELECT key, state FROM outbox WHERE key IN ('notice.replied', 'notice.undone')"
    skipped = [("notice.replied", "skipped"), ("notice.undone", "skipped")]
    await until(city, lambda: sorted(ask(city, told)) == skipped)
    heard = texts(await chen.sees())
    assert "已作出答复" not in heard
    assert "更正" not in heard
    await city.later(days=1, minutes=1)
    assert "状态：办理中" in (await own_timeline(chen)).text
    assert "notice.survey" not in keys(city, chen.id)


async def test_a_reply_is_not_taken_back_once_its_rating_was_asked_for(city):
    chen, li = await city.citizen(), city.li
    petition = await case(city, chen, *REPLIED)
    card = await li.expect("状态：已答复", chat=city.zhujian)
    await chen.expect("申请复查")
    await city.later(days=1, minutes=1)
    await chen.expect("共两题")
    assert "没有可以撤销的步骤" in await li.tap("撤销上一步", chat=city.zhujian, message=card)
    now = await as_it_stands(city, petition)
    assert (now.state, kinds(now)[-1]) == ("replied", "survey_opened")


async def test_details_tapped_twice_come_once_and_are_one_look(city):
    chen, li = await city.citizen(), city.li
    petition = await case(city, chen, do.Take())
    await li.type("/start")
    card = await li.expect("承办人：李建国", chat=city.zhujian)
    both = (li.tap("查看详情", chat=city.zhujian, message=card) for _ in range(2))
    assert await asyncio.gather(*both) == ["请到与机器人的私聊中继续。"] * 2
    await li.expect("您的查看已记录")
    assert keys(city, li.id).count("details.head") == 1
    assert kinds(await as_it_stands(city, petition)).count("looked") == 1
    await city.later(seconds=11)  # later it is another look
    await li.tap("查看详情", chat=city.zhujian, message=card)
    await li.expect("您的查看已记录")
    assert keys(city, li.id).count("details.head") == 2
    assert kinds(await as_it_stands(city, petition)).count("looked") == 2


async def test_a_group_reads_the_offices_language_whoever_presses(city):
    chen, li = await city.citizen(), city.li
    await li.type("/language")
    await tap(li, "English")
    await li.expect("English from now on")
    petition = await case(city, chen)
    card = await li.expect("无人认领", chat=city.zhujian)
    assert await li.tap("认领", chat=city.zhujian, message=card) == "Taken."
    card = await li.expect("承办人：李建国", chat=city.zhujian)
    await li.type("/todo", chat=city.zhujian)
    listed = await li.expect("待办 1 件", chat=city.zhujian)
    assert "已登记" in listed.buttons[0][0][0]
    await li.tap("改派", chat=city.zhujian, message=card)
    asked = await li.expect("改派给谁", chat=city.zhujian)
    assert [row[0][0] for row in asked.buttons] == ["周敏"]
    assert await li.tap("查看详情", chat=city.zhujian, message=card) == (
        "Please go on in your private chat with the bot."
    )
    await li.expect("your look is recorded")
    assert await li.tap("周敏", chat=city.zhujian, message=asked) == "Handed over."
    await li.expect("已改派给 周敏", chat=city.zhujian)
    assert (await as_it_stands(city, petition)).holder == city.zhou.id


# --- the petitioner's side ----------------------------------------------------------------


async def test_buttons_of_gathered_text_count_only_for_what_they_were_shown_for(city):
    chen = await city.citizen()
    parts = ["第一段话。", "第二段话。", "第三段话。"]
    await begin(city, chen, "filing", "facts", answers={"purpose": "request", "consent": "agree"})
    await chen.type("/start")
    await tap(chen, "继续填写")
    await chen.expect("把经过讲清楚")
    notes = []
    for count, part in enumerate(parts, 1):
        await chen.type(part)
        notes.append(await chen.expect(f"已记下第 {count} 段"))
        await city.later(seconds=5)

    async def facts():
        return (await current(city, chen)).answers["facts"]

    await chen.tap("清空重写", message=notes[0])
    await chen.expect("内容没有变化")
    assert await facts() == parts
    await asyncio.gather(*(chen.tap("去掉最后一段", message=notes[2]) for _ in range(2)))
    await chen.expect("内容没有变化")
    assert await facts() == parts[:2]
    assert keys(city, chen.id).count("text.dropped") == 1


async def test_a_draft_gone_on_with_is_warned_about_again_before_it_expires(city):
    chen = await city.citizen()
    await to_step(chen, ZH, "title")
    begun = await current(city, chen)
    await city.later(days=5, minutes=1)
    await chen.expect("还没有提交")
    await tap(chen, "继续填写")
    await chen.expect("一句话")
    await chen.type("小区水管爆裂")
    await chen.expect("把经过讲清楚")
    await chen.type("/cancel")
    await chen.expect("替您保存 7 天")
    warnings = "SELECT done_at IS NULL FROM due WHERE kind = 'draft_warning' ORDER BY id DESC"
    assert ask(city, warnings)[0] == (0,)
    await city.later(days=2)  # what was to be the end
    await until(city, lambda: ask(city, warnings)[0] == (1,))
    assert keys(city, chen.id).count("notice.draft_warning") == 1

    await city.later(days=3, minutes=1)
    warned = await chen.expect("还没有提交")
    assert "2 天后会自动删除" in warned.text
    assert keys(city, chen.id).count("notice.draft_warning") == 2
    assert (await draft(city, begun.id)).state == "open"
    await city.later(days=2)
    await chen.expect("到期删除")
    assert (await draft(city, begun.id)).state == "dropped"


async def test_a_very_long_story_still_arrives_when_its_progress_is_asked_for(city):
    chen = await city.citizen()
    petition = await case(city, chen, *HELD)
    more = [do.Supplement((f"第 {n} 次补充。",)) for n in range(180)]
    await go_on(city, petition, *more, by=chen.id, told=False)
    shown = await own_timeline(chen)
    story, _, rights = shown.text.partition("📖")
    assert "随时可以补充材料" in rights
    lines = [line for line in story.splitlines() if line.startswith("•")]
    assert len(lines) == 31
    assert "已登记" in lines[0]
    assert "已受理" in lines[1]
    assert lines[2].endswith("（中间还有 152 步）")
    assert all("收到您的补充材料" in line for line in lines[3:])
    assert "办结答复" in shown.text


async def test_who_is_asked_for_more_reads_the_question_again_and_may_send_only_a_file(city):
    chen = await city.citizen()
    question = do.AskSupplement(("请拍一张水表的照片。",))
    petition = await case(city, chen, *HELD, question)
    asked = await chen.expect("请拍一张水表的照片")
    mark = newest(city, chen.id)
    await chen.tap("补充材料", message=asked)
    await chen.expect("请写下要补充的内容")
    assert keys(city, chen.id, mark) == ["notice.asked", "supplement.text.ask"]
    again = await chen.expect("请拍一张水表的照片")
    assert (again.id != asked.id, again.buttons) == (True, [])
    await chen.tap("跳过")
    await chen.expect("有要补充的照片")
    await chen.photo()
    await chen.expect("已收到 1 个附件")
    await chen.tap("完成")
    await chen.expect("已收到您的补充材料")
    now = await as_it_stands(city, petition)
    sent = now.entries[-1].event
    assert (now.state, sent.kind, sent.text, len(sent.files)) == ("handling", "supplemented", (), 1)


async def test_ninety_days_on_no_past_date_is_promised_and_what_is_overdue_says_so(city):
    chen = await city.citizen()
    await case(city, chen, *REPLIED)
    late = await case(city, chen, title="楼道灯不亮")
    await chen.expect("申请复查")
    await city.later(days=1, minutes=1)
    await chen.expect("共两题")
    fresh = await own_timeline(chen)
    assert "前评价" in fresh.text
    assert "前申请复查" in fresh.text
    assert fresh.data("申请复查") is not None
    await city.later(days=89)
    old = await own_timeline(chen)
    assert "状态：已答复" in old.text
    for promise in ("前评价", "前申请复查", "可以申请复查", "⏳", "⚖️", "⭐"):
        assert promise not in old.text
    assert "申请复查的时间已经过了" in old.text
    for button in ("评价", "申请复查"):
        assert old.data(button) is None
    office = city.app.office
    days = (local_date(city.app.desk.clock(), office.tz) - late.deadlines[0].due).days
    overdue = await own_timeline(chen, "楼道灯不亮")
    assert f"（已超过 {days} 天）" in overdue.text


async def test_a_rating_given_in_the_middle_of_a_filing_leads_back_to_the_filing(city):
    chen = await city.citizen()
    petition = await case(city, chen, *REPLIED)
    await chen.expect("申请复查")
    await city.later(days=1, minutes=1)
    asked = await chen.expect("共两题")
    await to_step(chen, ZH, "title")
    filing = await current(city, chen)
    await chen.tap("😊 满意", message=asked)
    await chen.expect("第 2 题")
    await chen.tap("😊 满意")
    await chen.expect("还有什么想说")
    await chen.tap("跳过")
    await chen.expect("谢谢您的评价")
    await chen.expect("未提交的信访事项（第 3/10 步）")
    assert kinds(await as_it_stands(city, petition))[-1] == "rated"
    await tap(chen, "继续填写")
    await chen.expect(ZH.steps_asked["title"])
    await chen.type("楼道灯不亮")
    await chen.expect(ZH.steps_asked["facts"])
    assert (await draft(city, filing.id)).answers["title"] == "楼道灯不亮"
