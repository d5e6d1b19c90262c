"""Supervision, led cases, what is late: who is told when, who may do what, what the list says."""

from acceptance.hands import Hands
from acceptance.officers import ELSEWHERE, happen, known, settled
from acceptance.scenes import REPLY, as_it_stands, case, kinds

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
