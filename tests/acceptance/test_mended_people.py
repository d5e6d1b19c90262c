"""What once broke for who is asked, missed something, or looks into a case: it stays mended."""

import io

import pytest
from acceptance.hands import Hands
from acceptance.officers import happen, known
from acceptance.playing import settled
from acceptance.scenes import REPLIED, ask, case, keys, until
from acceptance.test_missed import AWAY, LOST, lost
from acceptance.test_surveys import CHEN, EXPLAINED, LOW, ZHAO, rated
from pypdf import PdfReader

from petitions import commands as do
from petitions.events import Verdict

FINE = do.Rate(Verdict.GOOD, Verdict.GOOD)
LOOKED_INTO = ((ZHAO, do.TakeInquiry()), (ZHAO, EXPLAINED))


@pytest.mark.parametrize("answered", [False, True])
async def test_who_missed_being_asked_once_more_is_told_while_it_can_be_answered(city, answered):
    chen, petition = await rated(city, *LOOKED_INTO)
    await chen.expect("记录齐全")
    await settled(city)
    await chen.block()
    await happen(city, petition, None, do.AskAgain())
    await lost(city, chen, "asked_again")
    if answered:
        await happen(city, petition, CHEN, FINE)
        await chen.unblock()
        await chen.type("/my")
        await chen.expect("最近")
        await settled(city)
        assert not [m for m in await chen.sees() if AWAY in m.text]
    else:
        await chen.unblock()
        assert "请您评价" in (await chen.expect(AWAY)).text


async def test_who_missed_that_the_time_for_a_review_ends_is_told_while_it_lasts(city):
    chen = await city.citizen()
    await case(city, chen, *REPLIED)
    await chen.expect("申请复查")
    await settled(city)  # the paper comes after it
    await chen.block()
    await city.later(days=24)
    await until(city, lambda: ("notice.review_closing", "blocked") in ask(city, LOST, chen.id))
    await chen.unblock()
    message = await chen.expect(AWAY)
    assert "可以申请复查，最后一天是" in message.text


async def test_the_unit_does_not_read_in_the_dossier_that_or_when_somebody_rated(city):
    _, petition = await rated(city)
    await known(city.li)
    await Hands(city, city.li, city.zhujian).press(petition, "dossier")
    paper = await city.li.expect(lambda seen: bool(seen.files))
    pages = PdfReader(io.BytesIO(await city.client.download(paper.files[0]))).pages
    bound = "".join(page.extract_text() for page in pages)
    assert "李建国" in bound
    assert "请信访人评价" in bound
    assert "陈秀英  评价" not in bound.replace("\n", "  ")
    assert bound.count("评价") == bound.count("请信访人评价") + bound.count("满意度评价")


async def an_office(city, *changes):
    """The office file with these changes; the program starts with it."""
    office = city.office_file.read_text("utf-8")
    for old, new in changes:
        assert old in office
        office = office.replace(old, new)
    city.office_file = city.folder / "office.toml"
    city.office_file.write_text(office, "utf-8")
    await city.start()


OF_ZHUJIAN = 'categories = ["urban"]\npeople = [\n'
ZHAO_TOO = (OF_ZHUJIAN, OF_ZHUJIAN + '    { id = 2003, name = { zh = "赵立", en = "Zhao Li" } },\n')
NAMED = "按轮值由钱程远核查"


async def low_for_somebody_unknown(city, chat):
    """Everybody of the supervisors had a part; who is named has no private chat with the bot."""
    chen = await city.citizen()
    await city.client.member(chat, city.qian, "member")
    petition = await case(city, chen, *REPLIED)
    petition = await happen(city, petition, None, do.OpenSurvey())
    await happen(city, petition, CHEN, LOW)
    await until(
        city, lambda: ask(city, "SELECT count(*) FROM due WHERE kind = 'inquiry'") != [(0,)]
    )
    await city.later(minutes=1)
    await settled(city)


async def test_whom_the_roster_names_elsewhere_is_told_in_their_own_group(quiet_city):
    """The supervisors share the handling unit's group, and who was named sits in another."""
    city = quiet_city
    await an_office(city, ("group = -5003", "group = -5002"), ZHAO_TOO)
    await low_for_somebody_unknown(city, city.shifu)
    assert "notice.inquiry_yours" in keys(city, -5005)
    assert not {k for k in keys(city, -5002) if "inquiry" in k or "low" in k}


async def test_whom_the_roster_names_is_not_told_in_the_group_of_who_handled_it(quiet_city):
    """The reviewers share the handling unit's group: nothing of an inquiry is said there."""
    city = quiet_city
    await an_office(city, ("group = -5005", "group = -5002"), ZHAO_TOO)
    await low_for_somebody_unknown(city, city.zhujian)
    assert not {k for k in keys(city, -5002) if "inquiry" in k or "low" in k}


async def test_who_typed_a_verdict_was_shown_the_menu(city):
    """It did not count, and nobody said so: now the question comes again, to be tapped."""
    chen = await city.citizen()
    await case(city, chen, *REPLIED)
    await settled(city)
    await chen.type("不满意")  # not asked yet
    await chen.expect("您可以从下面选一项")
    await city.later(days=3)
    await chen.expect("共两题")
    await chen.type("不满意。")
    asked = await chen.expect("请点一下您的选择，才算数")
    assert [row[0][0] for row in asked.buttons] == ["😊 满意", "😐 基本满意", "😞 不满意"]
    await chen.tap("不满意")
    await chen.expect("第 2 题")
    await chen.tap("不满意")
    await chen.expect("哪里不满意")
    await chen.type("没有人来。")
    await chen.expect("还有什么想说的")
    await chen.tap("跳过")
    await chen.expect("谢谢您的评价")
    await chen.type("满意")  # it was given, and can be changed where it was
    await chen.expect("您可以从下面选一项")
