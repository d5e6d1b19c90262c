"""Supervision, led cases, what is late: who is told when, who may do what, what the list says."""

import datetime as dt

import pytest
from acceptance.hands import Hands
from acceptance.officers import ELSEWHERE, forged, happen, known, settled
from acceptance.scenes import REPLY, as_it_stands, ask, case, kinds, until

from bot.recounting import Recounter
from petitions import commands as do
from petitions import numbers
from petitions.events import Ground, Method, Verdict
from petitions.lead import NONE
from storage.columns import microseconds


async def test_a_late_case_is_supervised_and_answered(city):
    chen = await city.citizen()
    await known(city.li, city.zhao)
    petition = await case(city, chen, do.Take(), do.Accept())
    number = numbers.show(petition.number)
    await city.later(days=68)  # due on 6 May, after the holidays
    told = await city.zhao.expect("可以督办", chat=city.ducha)
    assert number in told.text
    await settled(city)

    zhao = Hands(city, city.zhao, city.ducha)
    await city.zhao.tap(zhao.word("act.card"), chat=city.ducha, message=told)
    shown = await city.zhao.expect(lambda seen: seen.data(zhao.word("act.supervise")) is not None)
    await city.zhao.tap(zhao.word("act.supervise"), message=shown)
    await zhao.fill("supervising", method="phone", text="为何逾期？请说明。", days="5")
    await city.zhao.expect("督办已发出")
    line = await city.li.expect("电话督办", chat=city.zhujian)
    assert "为何逾期" not in line.text
    await city.li.expect("督办待回复：1 项", chat=city.zhujian)

    li = Hands(city, city.li, city.zhujian)
    await li.press(petition, "answer_supervision")
    await city.li.expect("为何逾期？请说明。")
    await li.fill("responding", text="人手不足，本周办结。")
    await city.li.expect("督办回复已发出")
    heard = await city.zhao.expect("已回复督办", chat=city.ducha)
    assert "人手不足" not in heard.text
    await city.zhao.tap(zhao.word("act.card"), chat=city.ducha, message=heard)
    await city.zhao.expect("人手不足，本周办结。")
    assert kinds(await as_it_stands(city, petition))[-2:] == ["supervised", "supervision_answered"]


# -- the clock -----------------------------------------------------------------------------------


async def morning(city, day: str, hour: int = 10) -> None:
    """It is 10:00 of that day in the office, and what fell due by then has been done and said."""
    now = dt.datetime.fromisoformat(f"{day}T{hour}:00:00+08:00").astimezone(dt.UTC)
    await city.client.clock(set=now.isoformat())
    late = "SELECT count(*) FROM due WHERE done_at IS NULL AND due_at <= ?"
    await until(city, lambda: ask(city, late, microseconds(now)) == [(0,)])
    await settled(city)


class Watch:
    """What comes anew to the unit, its head, the supervisors, and the head of the unit above."""

    def __init__(self, city):
        self.chats = {
            "unit": (city.ma, city.jiaotong),
            "head": (city.he, None),
            "supervisors": (city.zhao, city.ducha),
            "above": (city.qian, None),
            "group above": (city.qian, city.shifu),
        }
        self.seen = dict.fromkeys(self.chats, 0)

    async def new(self) -> dict[str, list[str]]:
        """Place → the lines since the last look, without cards and digests."""
        found = {}
        for place, (person, chat) in self.chats.items():
            came = [m for m in await person.sees(chat) if m.from_bot and m.id > self.seen[place]]
            self.seen[place] = max((m.id for m in came), default=self.seen[place])
            lines = [m.text for m in came if m.text[:1] in tuple("⏰⚫🚨✉⭐")]
            if lines:
                found[place] = lines
        return found


async def at_transport(city, chen):
    """A case that the transport bureau accepted on 2 March: to be replied to by 6 May."""
    await known(city.li, city.he, city.zhao, city.qian)
    made = await case(city, chen, do.Take(), do.Route("jiaotong"), category=ELSEWHERE)
    return await happen(city, made, city.he.id, do.Take(), do.Accept())


async def test_a_deadline_is_reminded_of_recoloured_and_told_up_the_line_each_once(city):
    petition = await at_transport(city, await city.citizen())
    number, reply = numbers.show(petition.number), "办结答复"
    watch = Watch(city)
    await settled(city)
    await watch.new()
    due = "最迟 2026年5月6日"
    late = f"{reply}，最迟应于 2026年5月6日。"
    days = {
        "2026-04-30": ("🟢", {}),
        "2026-05-01": ("🟡", {"unit": [f"⏰ {number} {reply}：还有 5 天，{due}"]}),
        "2026-05-02": ("🟡", {}),
        "2026-05-05": ("🟡", {"unit": [f"⏰ {number} {reply}：还有 1 天，{due}"]}),
        "2026-05-06": ("🔴", {}),
        "2026-05-07": ("⚫", {"head": [f"⚫ {number} 已逾期：{late}请单位负责人处理。"]}),
        "2026-05-08": ("⚫", {}),
        "2026-05-09": (
            "⚫",
            {"supervisors": [f"⚫ {number} 已逾期：{late}承办单位：市交通运输局。可以督办。"]},
        ),
        "2026-05-12": ("⚫", {}),
        "2026-05-13": (
            "⚫",
            {"above": [f"⚫ {number} 仍然逾期：{late}承办单位：市交通运输局。请领导过问。"]},
        ),
        "2026-05-20": ("⚫", {}),
    }
    for day, (colour, told) in days.items():
        await morning(city, day)
        came = await watch.new()
        assert came.keys() == told.keys(), day
        for place, lines in told.items():
            assert len(came[place]) == len(lines), day
            assert came[place][0].startswith(lines[0]), day
        (card,) = [m for m in await city.ma.sees(city.jiaotong) if m.text.startswith(number)]
        assert colour in card.text, day
        # A start in between tells nobody anything again.
        await city.stop()
        await city.start()
        await morning(city, day)
        assert await watch.new() == {}, day
    escalated = [e.event for e in (await as_it_stands(city, petition)).entries]
    assert [e.to for e in escalated if e.kind == "escalated"] == ["head", "supervisor", "leader"]


@pytest.mark.parametrize(
    ("down", "up", "places", "reminder"),
    [
        # The reminder of the day before, the last day and the one after it were missed.
        ("2026-05-04", "2026-05-07", {"unit", "head"}, "最迟 2026年5月6日，已超过 1 天"),
        # Both reminders were missed: the second says all that the first would have.
        ("2026-04-30", "2026-05-05", {"unit"}, "还有 1 天，最迟 2026年5月6日"),
    ],
)
async def test_what_was_missed_while_the_desk_was_down_is_told_once(
    city, down, up, places, reminder
):
    petition = await at_transport(city, await city.citizen())
    await morning(city, down)
    watch = Watch(city)
    await watch.new()
    await city.stop()
    await city.client.clock(set=f"{up}T20:00:00+08:00")  # before the quiet hours
    await city.start()
    await city.ma.expect(reminder, chat=city.jiaotong)
    await morning(city, up, hour=20)
    came = await watch.new()
    assert came.keys() == places
    assert [len(lines) for lines in came.values()] == [1] * len(places)
    assert numbers.show(petition.number) in came["unit"][0]
    if up == "2026-05-07":
        await morning(city, "2026-05-08")
        assert await watch.new() == {}


async def test_a_supervision_not_answered_in_time_goes_up_the_line_too_and_so_does_the_next(city):
    chen = await city.citizen()
    petition = await at_transport(city, chen)
    petition = await happen(city, petition, city.he.id, REPLY)
    watch = Watch(city)
    for asked, day, due in ((1, "2026-03-09", "3月9日"), (2, "2026-03-23", "3月23日")):
        await happen(city, petition, city.zhao.id, do.Supervise(Method.LETTER, ("请说明",), 5))
        await settled(city)
        await watch.new()
        await morning(city, day)
        await watch.new()
        days = [dt.date.fromisoformat(day) + dt.timedelta(days=n) for n in (1, 3, 7)]
        heard = []
        for each in days:
            await morning(city, each.isoformat())
            heard.append(await watch.new())
        places = [set(came) for came in heard]
        assert places == [{"head"}, {"supervisors"}, {"above"}], asked
        assert f"回复督办，最迟应于 2026年{due}" in heard[0]["head"][0]
        await happen(city, petition, city.he.id, do.AnswerSupervision(("已说明",)))
    await settled(city)
    await watch.new()
    await morning(city, "2026-04-30")
    assert await watch.new() == {}


# -- 督办清单 ------------------------------------------------------------------------------------


async def the_list(person, chat=None) -> str:
    """What /overdue says to this person there."""
    await person.type("/overdue", chat)
    says = ("督办清单", "没有逾期的事项", "您不在本单位")
    return (await person.expect(lambda seen: seen.text.startswith(says), chat=chat)).text


async def test_the_list_says_what_is_late_whose_and_what_was_asked_until_it_is_answered(city):
    chen = await city.citizen()
    await known(city.li, city.zhao, city.he)
    older = await case(city, chen, do.Take(), do.Accept())
    await city.later(days=2)
    other = await case(city, chen, category=ELSEWHERE)
    assert await the_list(city.zhao, city.ducha) == "没有逾期的事项，也没有待回复的督办。"
    await city.later(days=70)  # it is 13 May
    older_line = f"{numbers.show(older.number)} 市住建局 · 承办人：李建国"
    other_line = f"{numbers.show(other.number)} 市信访局 · 承办人：无人认领"
    for person, chat in ((city.zhao, city.ducha), (city.zhao, None), (city.li, None)):
        said = await the_list(person, chat)
        assert "督办清单：2 件" in said
        assert said.index(other_line) < said.index(older_line)
        assert f"{older_line}\n⚫ 办结答复：最迟 2026年5月6日，已超过 7 天" in said
        assert f"{other_line}\n⚫ 告知是否受理：最迟 2026年3月19日，已超过 55 天" in said
    said = await the_list(city.li, city.zhujian)
    assert older_line in said
    assert other_line not in said
    assert await the_list(city.he, city.jiaotong) == "没有逾期的事项，也没有待回复的督办。"
    assert await the_list(city.he) == "没有逾期的事项，也没有待回复的督办。"

    await happen(city, older, city.zhao.id, do.Supervise("letter", ("请说明",), 3))
    await happen(city, older, city.li.id, REPLY)
    said = await the_list(city.zhao, city.ducha)
    assert f"{older_line}\n🚨 发函督办：2026年5月18日 前回复" in said
    await city.later(days=7)
    assert "应于 2026年5月18日 前回复，已超过 2 天" in await the_list(city.zhao, city.ducha)
    await happen(city, older, city.li.id, do.AnswerSupervision(("已答复信访人",)))
    said = await the_list(city.zhao, city.ducha)
    assert "督办清单：1 件" in said
    assert older_line not in said


# -- 期限重算 ------------------------------------------------------------------------------------

KNOWN_2027 = """
complete_years = [2027]
[working_days]
2027-01-01 = false
2027-02-05 = false
2027-02-08 = false
2027-02-09 = false
2027-02-10 = false
2027-02-11 = false
2027-02-12 = false
"""


def learn_2027(city) -> None:
    """The office types in the arrangement of 2027: top-level keys stand before the first table."""
    keys, table = KNOWN_2027.split("[working_days]")
    text = city.office_file.read_text("utf-8")
    head, rest = text.split("[name]", 1)
    city.office_file = city.folder / "office.toml"
    whole = f"{head}{keys}\n[working_days]{table}\n[name]{rest}"
    city.office_file.write_text(whole, "utf-8")


async def test_dates_of_a_year_that_becomes_known_are_counted_again_after_a_start(quiet_city):
    city = quiet_city
    await city.client.clock(set="2026-12-08T02:00:00+00:00")
    await city.start()
    chen = await city.citizen()
    await known(city.li, city.zhao)
    petition = await case(city, chen, do.Take(), do.Accept())
    sure = await case(city, chen)  # due on 23 December, in a year that is known
    unsure = "（假期安排公布后可能调整）"
    due = "2027年2月6日 前办结答复（《信访工作条例》第34条）"  # a Saturday
    await city.li.expect(f"{due}{unsure}", chat=city.zhujian)
    await city.later(days=61)
    await happen(city, petition, city.zhao.id, do.Supervise("phone", ("请说明",), 3))
    await city.stop()

    await city.start()
    assert "recounted" not in kinds(await as_it_stands(city, petition))
    await city.stop()

    learn_2027(city)
    await city.start()
    # The sixth is off, and so are the days of the festival that follow it.
    after = "2027年2月15日 前办结答复（《信访工作条例》第34条）"
    card = await city.li.expect(after, chat=city.zhujian)
    assert unsure not in card.text
    assert "🟢" in card.text  # it was a day over
    made = await as_it_stands(city, petition)
    assert kinds(made)[-1] == "recounted"
    assert [(d.name, d.due.isoformat(), d.provisional) for d in made.duties] == [
        ("handle", "2027-02-15", False),
        ("supervision", "2027-02-17", False),
    ]
    assert "recounted" not in kinds(await as_it_stands(city, sure))
    await chen.type("/my")
    mine = await chen.expect(lambda seen: "2027年2月15日" in seen.text)
    assert unsure not in mine.text

    await Recounter(city.app.desk, city.app.house).run()
    assert kinds(await as_it_stands(city, petition)).count("recounted") == 1
    assert ask(city, "SELECT count(*) FROM petitions WHERE unsure_on IS NOT NULL") == [(0,)]


async def test_the_list_is_turned_page_by_page_and_shrinks_under_the_reader(city):
    chen = await city.citizen()
    await known(city.li, city.zhao)
    cases = [await case(city, chen) for _ in range(8)]
    await city.later(days=20)
    word = Hands(city, city.zhao).word
    assert "8 件，超期久的在前（第 1 页，共 2 页）" in await the_list(city.zhao, city.ducha)
    begun = await city.zhao.expect("第 1 页，共 2 页", chat=city.ducha)
    await city.zhao.tap(word("list.after"), chat=city.ducha)
    second = await city.zhao.expect("第 2 页，共 2 页", chat=city.ducha)
    assert second.id == begun.id
    assert numbers.show(cases[7].number) in second.text
    assert numbers.show(cases[5].number) not in second.text
    decline = do.Decline(Ground.ELSEWHERE, ("请向法院起诉",))
    for each in cases[:2]:
        await happen(city, each, city.li.id, do.Take(), decline)
    # The button to a page that is no more shows the last there is.
    await city.zhao.tap(word("list.after"), chat=city.ducha, message=begun)
    left = await city.zhao.expect("6 件，超期久的在前（第 1 页，共 1 页）", chat=city.ducha)
    assert left.data(word("list.after")) is None


async def test_the_desk_and_a_case_of_the_list_open_what_the_officer_may_do(city):
    chen = await city.citizen()
    await known(city.li, city.zhao)
    petition = await case(city, chen)
    await city.later(days=20)
    await settled(city)
    word = Hands(city, city.li).word
    await city.li.type("/todo", city.zhujian)
    await city.li.expect("待办 1 件", chat=city.zhujian)
    await city.li.tap(word("desk.overdue"), chat=city.zhujian)
    shown = await city.li.expect("督办清单：1 件", chat=city.zhujian)
    await city.li.tap(numbers.show(petition.number), chat=city.zhujian, message=shown)
    posted = await city.li.expect("状态：已登记", chat=city.zhujian)  # the unit's own card
    assert posted.data(word("act.take")) is not None
    shown = await city.zhao.type("/overdue")
    shown = await city.zhao.expect("督办清单：1 件")
    await city.zhao.tap(numbers.show(petition.number), message=shown)
    opened = await city.zhao.expect("状态：已登记")
    assert labels(opened) == [word("act.supervise"), word("act.lead")]
    # Somebody was quicker: the card comes up to date with the same buttons, not the unit's.
    await happen(city, petition, city.li.id, do.Take())
    assert "李建国" in await city.zhao.tap(word("act.supervise"), message=opened)
    fresh = await city.zhao.expect("承办人：李建国")
    assert fresh.id == opened.id
    assert labels(fresh) == labels(opened)


def labels(seen) -> list[str]:
    """What the buttons of this message say."""
    rows = seen.raw.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


async def test_who_may_not_see_a_report_never_finds_it_in_the_list(city):
    chen = await city.citizen()
    everybody = (city.li, city.zhou, city.zhao, city.sun, city.wei, city.he, city.qian)
    await known(*everybody)
    report = await case(
        city, chen, purpose="accusation", category=None, by=city.sun.id, against="周敏收了钱"
    )
    assert report.unit == "jiwei"
    await city.later(days=40)
    number, none = numbers.show(report.number), "没有逾期的事项，也没有待回复的督办。"
    for person, chat in (
        *((person, None) for person in everybody),
        *((city.li, chat) for chat in (city.xinfang, city.zhujian)),
        (city.zhao, city.ducha),
        (city.sun, city.jiwei),
        (city.wei, city.shengjw),
    ):
        said = await the_list(person, chat)
        assert (number in said) == (person is city.sun), (person, chat)
        assert said == none or person is city.sun
    await chen.type("/overdue")
    await chen.expect("您不在本单位的工作人员名单中")
    # The buttons of the list do not help either.
    for person, chat in ((city.zhao, city.ducha), (city.zhao, None), (city.zhou, None)):
        for act in ("card", "more", "supervise", "lead"):
            assert "您不能查看" in await forged(person, report, act, chat), act


# -- who may, and who may not ---------------------------------------------------------------------


async def test_wrong_people_and_wrong_times_are_refused_with_the_rule(city):
    chen = await city.citizen()
    await known(city.li, city.zhou, city.zhao, city.he, city.ma, city.zheng)
    petition = await case(city, chen, do.Take(), do.Accept())
    law = "《信访工作条例》第40条"
    # Nothing is late, and nothing was replied; nothing was asked either.
    for person, chat in ((city.zhao, city.ducha), (city.zhao, None)):
        told = await forged(person, petition, "supervise", chat)
        assert "没有逾期的事项，也没有可以督办的答复" in told
        assert law in told
    told = await forged(city.li, petition, "answer_supervision", city.zhujian)
    assert "没有待回复的督办" in told
    assert law in told
    # The unit's own people do not supervise it, other units' people know nothing of it.
    told = await forged(city.zhou, petition, "supervise", city.zhujian)
    assert "《信访工作条例》第46条" in told
    for person, chat in ((city.he, city.jiaotong), (city.zheng, city.qingshan), (chen, None)):
        for act in ("supervise", "lead", "answer_supervision", "card"):
            assert "您不能查看或办理" in await forged(person, petition, act, chat)

    await city.later(days=70)
    petition = await happen(
        city, petition, city.zhao.id, do.Supervise(Method.VISIT, ("请说明",), 5)
    )
    # The colleague who does not hold the case does not answer for it, nor does who asked.
    told = await forged(city.zhou, petition, "answer_supervision", city.zhujian)
    assert "《信访工作条例》第46条" in told
    for chat in (city.ducha, None):
        told = await forged(city.zhao, petition, "answer_supervision", chat)
        assert "您不能查看或办理" in told


async def test_too_many_days_and_an_empty_arrangement_are_refused_and_nothing_changes(city):
    chen = await city.citizen()
    await known(city.li, city.zhao)
    petition = await case(city, chen, do.Take(), do.Accept())
    await city.later(days=70)
    zhao = Hands(city, city.zhao)
    assert await forged(city.zhao, petition, "supervise") is not None
    await zhao.fill("supervising", method="letter", text="请说明", days="31")
    told = await city.zhao.expect("最多 30 天")
    assert "《信访工作条例》第40条" in told.text
    assert (await as_it_stands(city, petition)).supervisions == ()
    # What was written is not thrown away: the number alone is put right.
    await city.zhao.tap("✏️ 工作日")
    await city.zhao.expect(zhao.word("supervising.days.ask"))
    await city.zhao.type("30")
    await city.zhao.expect("请核对")
    await city.zhao.tap(zhao.word("supervising.review.submit"))
    await city.zhao.expect("督办已发出")
    assert len((await as_it_stands(city, petition)).supervisions) == 1

    li = Hands(city, city.li, city.zhujian)
    await li.press(petition, "lead")
    await li.fill("leading")
    await city.li.expect("还没有安排任何一项")
    assert (await as_it_stands(city, petition)).lead == NONE
    # What was asked can still be answered, from the same question.
    await city.li.tap("✏️ 化解方案")
    await city.li.expect("化解方案是什么")
    await city.li.type("先修管道，再谈赔偿。")
    await city.li.expect("已记下第 1 段")
    await city.li.tap(li.word("form.done"))
    await city.li.expect("请核对")
    await city.li.tap(li.word("leading.review.submit"))
    await city.li.expect("包案安排已记录")


async def test_a_led_case_is_set_in_parts_and_what_is_missing_is_shown(city):
    chen = await city.citizen()
    await known(city.li, city.zhao, city.he, city.qian)
    petition = await case(city, chen, do.Take(), do.Accept())
    li = Hands(city, city.li, city.zhujian)
    await li.press(petition, "lead")
    await li.fill("leading", leader="何立平 · 市交通运输局")
    card = await city.li.expect("包案还缺", chat=city.zhujian)
    assert "还缺：工作专班、化解方案、督办人、完整卷宗" in card.text
    # Who leads it is told, and can now open a case that another unit has.
    line = await city.he.expect("包案安排有更新")
    await city.he.tap(li.word("act.details"), message=line)
    await city.he.expect("包案领导：何立平")
    await li.press(petition, "lead")
    await li.fill("leading", group=["马晓丽 · 市交通运输局", "周敏 · 市信访局"], plan="三步走。")
    await city.li.expect("还缺：督办人、完整卷宗", chat=city.zhujian)
    await settled(city)
    assert len([m for m in await city.he.sees() if "包案安排有更新" in m.text]) == 1

    await city.later(days=73)
    # The leader of this case hears of it after seven days, and not the head of the unit above.
    told = await city.he.expect("请领导过问")
    await settled(city)
    assert not any("请领导过问" in m.text for m in await city.qian.sees())
    await city.he.tap(li.word("act.details"), message=told)
    await city.he.expect("化解方案\n三步走。")
    zhao = Hands(city, city.zhao)
    line = await city.zhao.expect("可以督办", chat=city.ducha)
    await city.zhao.tap(li.word("act.card"), chat=city.ducha, message=line)
    await city.zhao.expect(lambda seen: seen.data(li.word("act.lead")) is not None)
    await city.zhao.tap(li.word("act.lead"))
    await zhao.fill("leading", supervisor="赵立 · 督查室")
    await city.li.expect("还缺：完整卷宗", chat=city.zhujian)
    made = await as_it_stands(city, petition)
    assert made.lead.people == (city.he.id, city.ma.id, city.zhou.id, city.zhao.id)


async def test_a_reply_that_was_rated_badly_is_supervised_from_the_line_that_says_so(city):
    chen = await city.citizen()
    await known(city.zhao, city.li)
    petition = await case(city, chen, do.Take(), do.Accept(), REPLY)
    await happen(city, petition, None, do.OpenSurvey())
    await happen(city, petition, chen.id, do.Rate(Verdict.BAD, Verdict.BAD, "没有解决", None))
    zhao = Hands(city, city.zhao)
    line = await city.zhao.expect("不满意", chat=city.ducha)
    await city.zhao.tap(zhao.word("act.card"), chat=city.ducha, message=line)
    await city.zhao.expect(lambda seen: seen.data(zhao.word("act.supervise")) is not None)
    await city.zhao.tap(zhao.word("act.supervise"))
    await zhao.fill("supervising", method="visit", text="请到现场核实答复。", days="5")
    await city.li.expect("联合实地督办：请 2026年3月9日 前回复", chat=city.zhujian)
    assert "联合实地督办：2026年3月9日 前回复" in await the_list(city.zhao, city.ducha)


async def test_the_head_of_the_office_that_sent_a_case_supervises_it_and_hears_the_answer(city):
    petition = await at_transport(city, await city.citizen())
    await known(city.zhou)
    await city.later(days=70)
    await settled(city)
    li, he = Hands(city, city.li, city.xinfang), Hands(city, city.he, city.jiaotong)
    sent = [m for m in await city.zhou.sees(city.xinfang) if "已转到市交通运输局" in m.text][-1]
    told = await city.zhou.tap(li.word("act.more"), chat=city.xinfang, message=sent)
    assert "现在没有您可以做的步骤" in told  # no head
    await city.li.tap(li.word("act.more"), chat=city.xinfang, message=sent)
    await city.li.expect(lambda seen: seen.data(li.word("act.supervise")) is not None)
    await city.li.tap(li.word("act.supervise"))
    await li.fill("supervising", method="phone", text="请说明。", days="5")
    await city.he.expect("电话督办", chat=city.jiaotong)
    await he.press(petition, "answer_supervision")
    await he.fill("responding", text="三日内答复。")
    line = await city.li.expect("市交通运输局已回复督办", chat=city.xinfang)
    await city.zhao.expect("市交通运输局已回复督办", chat=city.ducha)
    assert labels(line) == [li.word("act.card")]


async def test_a_late_report_was_told_to_the_head_of_a_unit_above_that_may_not_see_it(quiet_city):
    """TL 30: nothing of a report leaves those who examine it, however late it is."""
    city = quiet_city
    office = city.office_file.read_text("utf-8").replace('"shengjw"\ngroup', '"shifu"\ngroup')
    city.office_file = city.folder / "office.toml"
    city.office_file.write_text(office, "utf-8")
    await city.start()
    assert city.app.office.above("jiwei") == "shifu"
    chen = await city.citizen()
    await known(city.qian, city.sun, city.zhao)
    report = await case(city, chen, purpose="accusation", category=None, by=city.sun.id)
    number = numbers.show(report.number)
    for day in ("2026-03-18", "2026-03-20", "2026-03-24"):
        await morning(city, day)
    escalated = [e.event for e in (await as_it_stands(city, report)).entries]
    assert [e.to for e in escalated if e.kind == "escalated"] == ["head"]
    (told,) = [m.text for m in await city.sun.sees(city.jiwei) if "已逾期：" in m.text]
    assert "告知转给哪里办理" in told
    for person, chat in (
        *((city.qian, c) for c in (None, city.shifu)),
        *((city.zhao, c) for c in (None, city.ducha)),
    ):
        assert not [m for m in await person.sees(chat) if number in m.text], chat
