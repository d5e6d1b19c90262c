"""设置: language, quiet hours, time zone, pushes; each by its buttons, and what it does."""

import pytest
from acceptance.officers import settled
from acceptance.scenes import REPLIED, ask, case, goes_on, keys, newest, tap, until
from acceptance.walks import ZH, to_step

from dialogs.required import NOTICES
from dialogs.taps import SettingTap
from petitions import commands as do

SECONDS = 1_000_000
STATE = "SELECT state, reason FROM outbox WHERE chat_id = ? AND key = ? ORDER BY id"


async def opened(person, title="⚙️ 设置"):
    await person.type("/settings")
    return await person.expect(title)


async def pressed(person, *labels):
    """Press these one after another, each on the screen that the one before it opened."""
    toast = None
    for label in labels:
        shown = await person.expect(lambda seen, label=label: seen.data(label) is not None)
        toast = await person.tap(label, message=shown)
    return toast


def silently(city, chat, text):
    """How the messages to this chat with these words were sent: without a sound, or not."""
    sent = [e["params"] for e in city.emulator.log if e["chat_id"] == chat]
    return {
        params.get("disable_notification") in (True, "true")
        for params in sent
        if text in str(params.get("text") or params.get("caption") or "")
    }


# -- the screen --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "button", "title", "lines"),
    [
        (
            "zh-hans",
            "设置",
            "⚙️ 设置",
            (
                "语言：简体中文",
                "免打扰：22:00 到第二天 07:00（信访局的安排）",
                "时区：北京时间（那里现在是 10:00）",
                "通知：开",
            ),
        ),
        (
            "en",
            "Settings",
            "⚙️ Settings",
            (
                "Language: English",
                "Quiet hours: 22:00 to 07:00 the next day (as the office has them)",
                "Time zone: Beijing time (it is 10:00 there now)",
                "Notices: on",
            ),
        ),
    ],
)
async def test_the_menu_opens_one_screen_with_what_holds_now(city, language, button, title, lines):
    chen = await city.citizen(language=language)
    await chen.type("/start")
    await pressed(chen, button)
    shown = await chen.expect(title)
    assert shown.text.split("\n")[1:5] == [
        f"{sign} {line}" for sign, line in zip("🌐🌙🕒🔔", lines, strict=True)
    ]
    assert sum(len(row) for row in shown.buttons) == 4


async def test_every_choice_is_confirmed_in_a_toast_and_shown(city):
    chen = await city.citizen()
    screen = await opened(chen)
    toast = await pressed(chen, "免打扰时间", "自己选时间", "21:00", "08:00")
    assert toast == "已保存。免打扰：21:00 到第二天 08:00。"
    now = await chen.expect("免打扰：21:00 到第二天 08:00")
    assert now.id == screen.id  # one screen, changed in place
    assert await pressed(chen, "免打扰时间", "不设，随时发") == "已保存。免打扰：不设。"
    assert await pressed(chen, "免打扰时间", "按信访局的") == (
        "已保存。免打扰：22:00 到第二天 07:00（信访局的安排）。"
    )
    assert await pressed(chen, "时区", "东京") == "已保存。时区：东京时间，那里现在是 11:00。"
    assert await pressed(chen, "时区", "和信访局一样") == (
        "已保存。时区：北京时间，那里现在是 10:00。"
    )
    assert await pressed(chen, "关闭通知") == "已保存。以后只发法律要求告知的，不响铃。"
    off = await chen.expect("通知：关")
    assert "法律要求告知您的，照样发来" in off.text
    assert "我的信访" in off.text
    assert await pressed(chen, "打开通知") == "已保存。通知已打开。"
    await chen.expect("通知：开")


async def test_the_language_is_changed_on_the_spot_and_back(city):
    chen = await city.citizen()
    screen = await opened(chen)
    assert await pressed(chen, "语言", "English") == "Saved. From now on in English."
    english = await chen.expect("⚙️ Settings")
    assert english.id == screen.id
    assert await pressed(chen, "Time zone", "Tokyo") == (
        "Saved. Time zone: Tokyo time; it is 11:00 there now."
    )
    assert await pressed(chen, "Quiet hours", "Choose the hours", "13:00", "15:00") == (
        "Saved. Quiet hours: 13:00 to 15:00."
    )
    assert await pressed(chen, "Turn notices off") == (
        "Saved. Only what the law requires comes now, without a sound."
    )
    assert await pressed(chen, "语言", "简体中文") == "已保存。以后用简体中文。"
    await chen.expect("免打扰：13:00 到 15:00")


async def test_the_way_back_changes_nothing(city):
    chen = await city.citizen()
    before = await opened(chen)
    for label in ("语言", "免打扰时间", "时区"):
        await pressed(chen, label, "返回设置")
        assert (await chen.expect("⚙️ 设置")).text == before.text
    await pressed(chen, "免打扰时间", "自己选时间", "21:00", "返回设置")
    assert (await chen.expect("⚙️ 设置")).text == before.text


async def test_a_press_from_last_week_does_what_it_says(city):
    chen = await city.citizen()
    screen = await opened(chen)
    await pressed(chen, "免打扰时间")
    offered = await chen.expect("什么时候不要打扰您")
    await city.later(days=7)
    assert "已保存" in await chen.tap("不设，随时发", message=offered)
    assert "已保存" in await chen.tap("关闭通知", message=screen)
    shown = await chen.expect("通知：关")
    assert "免打扰：不设" in shown.text


async def test_what_nobody_offered_chooses_nothing(city):
    chen = await city.citizen()
    screen = await opened(chen)
    for what, arg in (
        ("quiet", "never"),
        ("from", "24"),
        ("from", "²"),
        ("to", "22-22"),
        ("to", "22"),
        ("to", "-5-7"),
        ("zone", "Mars"),
        ("zone", "Europe/Berlin"),
        ("language", "xx"),
        ("pushes", ""),
        ("all", "on"),
    ):
        data = SettingTap(what=what, arg=arg).pack()
        screen.raw["reply_markup"] = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
        assert "按钮" in (await chen.tap("x", message=screen) or ""), (what, arg)
    kept = "SELECT quiet, zone, pushes, language_chosen FROM people WHERE user_id = ?"
    assert ask(city, kept, chen.id) == [(None, None, 1, 0)]


async def test_the_settings_are_no_matter_of_a_group(city):
    await city.li.type("/start")
    await city.li.expect("云江市信访局")
    await case(city, await city.citizen())
    card = await city.li.expect("已登记", chat=city.zhujian)
    data = SettingTap(what="pushes", arg="off").pack()
    card.raw["reply_markup"] = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
    await city.li.tap("x", chat=city.zhujian, message=card)
    assert ask(city, "SELECT pushes FROM people WHERE user_id = 2001") == [(1,)]


async def test_an_open_question_is_put_again_in_the_new_language(city):
    chen = await city.citizen()
    await to_step(chen, ZH, "title")
    await opened(chen)
    await pressed(chen, "语言", "English")
    await chen.expect("in one sentence")


# -- a zone that is typed ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("纽约", "时区：纽约时间，那里现在是 21:00"),
        ("Kolkata", "时区：加尔各答时间，那里现在是 07:30"),
        ("+5:30", "时区：UTC+5:30，那里现在是 07:30"),
        ("东九区", "时区：UTC+9，那里现在是 11:00"),
        ("日本", "时区：东京时间，那里现在是 11:00"),
        ("北京", "时区：北京时间，那里现在是 10:00"),
    ],
)
async def test_a_zone_can_be_typed(city, typed, shown):
    chen = await city.citizen()
    await opened(chen)
    await pressed(chen, "时区", "输入城市或时差")
    await chen.expect("请输入您那里的城市")
    await chen.type(typed)
    assert shown in (await chen.expect("已保存")).text


async def test_who_types_a_zone_nobody_knows_is_helped(city):
    chen = await city.citizen()
    await opened(chen)
    await pressed(chen, "时区", "输入城市或时差")
    await chen.expect("请输入您那里的城市")
    await chen.type("我家")
    await chen.expect("没有认出这个地方")
    await chen.type("美国")
    await chen.expect("有几个不同的时间")
    await chen.tap("取消")
    await opened(chen)
    assert ask(city, "SELECT zone FROM people WHERE user_id = ?", chen.id) == [(None,)]


async def test_a_petition_that_was_begun_is_offered_again_after_a_zone_was_typed(city):
    chen = await city.citizen()
    await to_step(chen, ZH, "title")
    await opened(chen)
    await pressed(chen, "时区", "输入城市或时差")
    await chen.expect("请输入您那里的城市")
    await chen.type("东京")
    await chen.expect("已保存。时区：东京时间")
    await chen.expect("未提交")


# -- at night ----------------------------------------------------------------------------------


async def test_a_notice_waits_for_the_reader_s_own_morning_in_their_zone(city):
    """10:00 in Shanghai is 02:00 in London."""
    chen = await city.citizen()
    petition = await case(city, chen, do.Take())
    await opened(chen)
    assert "02:00" in await pressed(chen, "时区", "伦敦")
    await goes_on(city, petition, do.Accept())
    row = (chen.id, "notice.accepted")
    await until(city, lambda: ask(city, STATE, *row) == [("waiting", "quiet hours")])
    due = ask(city, "SELECT due_at FROM outbox WHERE chat_id = ? AND key = ?", *row)
    assert due == [(1772434800 * SECONDS,)]  # 2026-03-02 07:00 UTC
    await city.later(hours=4, minutes=59)
    await chen.type("/help")  # an answer waits for no morning
    await chen.expect("怎么用")
    assert ask(city, STATE, *row) == [("waiting", "quiet hours")]
    await city.later(minutes=1)
    await chen.expect("已受理")

    # What is night for the office is afternoon for her.
    await city.later(hours=8)  # 23:00 in Shanghai
    await goes_on(city, petition, do.AskSupplement(("请说明是哪一栋楼。",)))
    await chen.expect("请说明是哪一栋楼。")


async def test_what_waits_is_looked_at_again_when_the_quiet_hours_change(city):
    chen = await city.citizen()
    petition = await case(city, chen, do.Take())
    await opened(chen)
    await pressed(chen, "免打扰时间", "自己选时间", "09:00", "20:00")
    await goes_on(city, petition, do.Accept())
    row = (chen.id, "notice.accepted")
    await until(city, lambda: ask(city, STATE, *row) == [("waiting", "quiet hours")])
    await pressed(chen, "免打扰时间", "不设，随时发")
    await chen.expect("已受理")


# -- pushes off --------------------------------------------------------------------------------


async def test_without_pushes_what_the_law_requires_comes_silently_and_nothing_else(city):
    chen = await city.citizen()
    petition = await case(city, chen, do.Take())
    await opened(chen)
    await pressed(chen, "关闭通知")
    mark = newest(city, chen.id)
    await goes_on(city, petition, do.Accept(), REPLIED[-1])
    await chen.expect("申请复查")
    await settled(city)  # the messenger's log is written when it has answered
    assert silently(city, chen.id, "已受理") == {True}
    assert silently(city, chen.id, "水管已修好") == {True}
    letters = [e["params"] for e in city.emulator.log if e["method"] == "sendDocument"]
    own = [p for p in letters if str(p["chat_id"]) == str(chen.id)]
    assert own
    assert all(p.get("disable_notification") in (True, "true") for p in own)

    await city.later(days=1, minutes=1)
    row = (chen.id, "notice.survey")
    await until(city, lambda: ask(city, STATE, *row) == [("skipped", "pushes off")])
    await city.later(days=3)
    row = (chen.id, "notice.survey_reminder")
    await until(city, lambda: ask(city, STATE, *row) == [("skipped", "pushes off")])
    told = {key.removeprefix("notice.") for key in keys(city, chen.id, mark) if "notice." in key}
    assert {kind for kind in told if NOTICES[kind].required} == {"accepted", "replied"}

    # All of it is under the case: the reply whole, the rating as a button.
    await chen.type("/my")
    await tap(chen, "小区水管爆裂")
    shown = await chen.expect("状态：已答复")
    assert shown.data("评价") is not None
    await chen.tap("看文书和说明", message=shown)
    listed = await chen.expect("点开看全文")
    assert [row[0][0].split(" ", 1)[1] for row in listed.buttons] == ["答复", "受理告知"]
    await chen.tap("受理告知", message=listed)
    await chen.expect("已受理")
    await chen.tap("答复", message=listed)
    await chen.expect("水管已修好")
    assert silently(city, chen.id, "水管已修好") == {True, False}  # what she asks for may ring


async def test_with_pushes_on_a_notice_rings_and_the_survey_comes(city):
    chen = await city.citizen()
    await case(city, chen, *REPLIED)
    await chen.expect("申请复查")
    assert silently(city, chen.id, "水管已修好") == {False}
    await city.later(days=1, minutes=1)
    await chen.expect(ZH.survey)


async def test_an_officer_s_settings_are_their_own_and_the_group_s_stay(city):
    chen = await city.citizen()
    await opened(city.li)
    assert "信访人" not in (await city.li.last()).text
    await pressed(city.li, "关闭通知")
    off = await city.li.expect("通知：关")
    assert "您的工作通知" in off.text
    petition = await case(city, chen, do.Take())
    await city.li.expect("李建国", chat=city.zhujian)
    assert silently(city, city.zhujian.id, petition.number[:6]) == {False}
