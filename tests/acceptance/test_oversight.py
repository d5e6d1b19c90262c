"""Supervision, led cases, what is late: who is told when, who may do what, what the list says."""

from acceptance.hands import Hands
from acceptance.officers import ELSEWHERE, happen, known, settled
from acceptance.scenes import REPLY, as_it_stands, ask, case, kinds

from bot.recounting import Recounter
from petitions import commands as do
from petitions import numbers


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
