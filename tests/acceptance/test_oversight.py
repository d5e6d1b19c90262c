"""Supervision, led cases, what is late: who is told when, who may do what, what the list says."""

from acceptance.hands import Hands
from acceptance.officers import known, settled
from acceptance.scenes import as_it_stands, case, kinds

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
