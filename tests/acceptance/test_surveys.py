"""The survey beside its lives: old answers shown, reminders that are not true, groups shared."""

import io

from acceptance.hands import Hands
from acceptance.officers import forged, happen, known
from acceptance.playing import settled
from acceptance.scenes import REPLIED, as_it_stands, ask, case, kinds, tap, until
from pypdf import PdfReader

from petitions import commands as do
from petitions import numbers
from petitions.events import Method, Result, Verdict

LI, ZHAO, CHEN = 2001, 2003, 1001
LOW = do.Rate(Verdict.GOOD, Verdict.BAD, "拖了很久", "请快一点")
EXPLAINED = do.Inquire(Result.EXPLAINED, ("经核查，记录齐全。",))


async def rated(city, *more, rating=LOW):
    """A reply that satisfied nobody, and what came of it so far."""
    chen = await city.citizen()
    await known(city.zhao)
    petition = await case(city, chen, *REPLIED)
    petition = await happen(city, petition, None, do.OpenSurvey())
    petition = await happen(city, petition, CHEN, rating)
    for by, command in more:
        petition = await happen(city, petition, by, command)
    return chen, petition


def planned(city, petition):
    """What is still to be done about its survey, by kind."""
    query = "SELECT kind FROM due WHERE subject = ? AND done_at IS NULL ORDER BY kind"
    kinds = [row[0] for row in ask(city, query, petition.id)]
    return [kind for kind in kinds if kind != "review_closing"]


async def test_the_old_answers_are_shown_to_who_changes_them_and_skipped_words_stay(city):
    chen, petition = await rated(city)
    await chen.type("/my")
    await tap(chen, "小区水管爆裂")
    await tap(chen, "修改评价")
    shown = await chen.expect("您现在的评价")
    for said in ("😊 满意", "😞 不满意", "拖了很久", "请快一点"):
        assert said in shown.text
    for question, verdict in (("第 1 题", "😐 基本满意"), ("第 2 题", "😞 不满意")):
        await chen.expect(question)
        await chen.tap(verdict)
    await chen.expect("哪里不满意")
    await chen.tap("跳过")
    await chen.expect("还有什么想说")
    await chen.tap("跳过")
    await chen.expect("没有参与办理的督查人员核查")
    rating = (await as_it_stands(city, petition)).rating
    assert (rating.office, rating.unit) == (Verdict.FAIR, Verdict.BAD)
    assert (rating.reason, rating.comment) == ("拖了很久", "请快一点")


async def test_what_was_typed_when_the_window_closed_is_shown_once_more(city):
    chen = await city.citizen()
    petition = await case(city, chen, *REPLIED)
    await chen.expect("申请复查")
    await city.later(days=27)
    await chen.expect("共两题")
    await chen.tap("😊 满意")
    await chen.expect("第 2 题")
    await chen.tap("😞 不满意")
    await chen.expect("哪里不满意")
    await chen.type("来了三次都没修好。")
    await chen.expect("还有什么想说")
    await city.later(days=5)
    await chen.type("请快一点。")
    echoed = await chen.expect("您刚才写的是")
    assert "来了三次都没修好。\n请快一点。" in echoed.text
    await chen.expect("评价期已经结束")
    rating = (await as_it_stands(city, petition)).rating
    assert (rating.unit, rating.reason) == (Verdict.BAD, None)  # both answers were in time


async def test_a_survey_that_waited_for_the_morning_is_not_asked_who_rated_meanwhile(city):
    chen = await city.citizen()
    await city.later(hours=13)  # 23:00
    petition = await case(city, chen, *REPLIED)
    await city.later(hours=24, minutes=1)
    await until(city, lambda: "survey_reminder" in planned(city, petition))
    await happen(city, petition, CHEN, do.Rate(Verdict.GOOD, Verdict.GOOD))
    assert planned(city, petition) == []
    await city.later(hours=9)  # 08:00: what waited for the morning goes out
    await settled(city)
    await city.later(days=4)
    await settled(city)
    assert [m for m in await chen.sees() if "已修好" in m.text]
    assert not [m for m in await chen.sees() if "共两题" in m.text or "还没有评价" in m.text]


async def test_of_two_supervisors_one_wins_and_the_other_reads_who(quiet_city):
    city = quiet_city
    ma = '{ id = 2007, name = { zh = "马晓丽", en = "Ma Xiaoli" }, roles = ["supervisor"] }, '
    office = city.office_file.read_text("utf-8")
    office = office.replace("people = [{ id = 2003", f"people = [{ma}{{ id = 2003")
    city.office_file = city.folder / "office.toml"
    city.office_file.write_text(office, "utf-8")
    await city.client.member(city.ducha, city.ma, "member")
    await city.start()
    await known(city.ma)
    _, petition = await rated(city)
    shown = await city.ma.expect("还没有人核查", chat=city.ducha)
    await city.zhao.expect("还没有人核查", chat=city.ducha)
    await city.zhao.tap("我来核查", chat=city.ducha)
    await city.zhao.expect("承办人：")  # the case, in private
    await city.ma.expect("由赵立核查", chat=city.ducha)
    assert "已经由赵立核查" in await city.ma.tap("我来核查", chat=city.ducha, message=shown)
    assert kinds(await as_it_stands(city, petition))[-1] == "inquiry_taken"


async def test_the_roster_is_not_put_off_by_an_answer_that_is_changed(city):
    _, petition = await rated(city)
    await city.later(days=2)
    petition = await happen(city, petition, CHEN, LOW)
    await city.later(days=3)  # Saturday: three working days after the first answer
    await city.zhao.expect("按轮值由赵立核查")
    assert kinds(await as_it_stands(city, petition))[-1] == "inquiry_taken"
    assert planned(city, petition) == ["inquiry"]


async def test_who_takes_long_is_reminded_and_who_left_is_replaced(city):
    _, petition = await rated(city, (ZHAO, do.TakeInquiry()))
    await city.later(days=15)
    await city.zhao.expect("信访人在等")
    assert kinds(await as_it_stands(city, petition))[-1] == "inquiry_taken"
    await city.client.member(city.ducha, city.zhao, "left")
    await until(city, lambda: ask(city, "SELECT count(*) FROM leavers") == [(1,)])
    await known(city.qian)
    await city.later(days=15)
    await city.qian.expect("按轮值由钱程远核查")
    inquiry = (await as_it_stands(city, petition)).inquiry
    assert (inquiry.open, inquiry.officer) == (True, city.qian.id)


async def test_who_has_no_private_chat_is_told_in_the_group_of_their_unit(quiet_city):
    city = quiet_city
    office = city.office_file.read_text("utf-8").replace("take_days = 3", "take_days = 1")
    city.office_file = city.folder / "office.toml"
    city.office_file.write_text(office, "utf-8")
    await city.client.member(city.ducha, city.zhao, "left")
    await city.start()
    chen = await city.citizen()
    await city.client.member(city.ducha, city.zhao, "member")
    petition = await case(city, chen, *REPLIED)
    petition = await happen(city, petition, None, do.OpenSurvey())
    petition = await happen(city, petition, CHEN, LOW)
    await city.later(days=2)
    await city.zhao.expect("按轮值由赵立核查", chat=city.ducha)


async def test_in_a_group_shared_with_the_unit_that_answered_nothing_of_it_is_said(quiet_city):
    city = quiet_city
    office = city.office_file.read_text("utf-8").replace("group = -5003", "group = -5002")
    city.office_file = city.folder / "office.toml"
    city.office_file.write_text(office, "utf-8")
    await city.client.member(city.zhujian, city.zhao, "member")
    await city.start()
    chen, petition = await rated(city)
    await city.zhao.expect("按轮值由赵立核查")  # in private, and at once
    await happen(city, petition, ZHAO, EXPLAINED)
    await chen.expect("核查了您不满意的地方")
    shown = "".join(m.text for m in await city.li.sees(city.zhujian))
    assert "不满意" not in shown
    assert "核查" not in shown


async def test_the_unit_finds_no_trace_of_it_on_its_card_in_its_lists_or_its_dossier(city):
    _, petition = await rated(city, (ZHAO, do.ReadRating()), (ZHAO, do.TakeInquiry()))
    petition = await happen(city, petition, ZHAO, do.Look(), EXPLAINED)
    petition = await happen(city, petition, None, do.AskAgain())
    await happen(city, petition, CHEN, LOW)
    await known(city.li)
    for act in ("take_inquiry", "inquire", "leave_inquiry", "rating"):
        assert "您不能" in await forged(city.li, petition, act)
    hands = Hands(city, city.li, city.zhujian)
    await hands.press(petition, "details")
    await city.li.expect("请修好")
    await hands.press(petition, "dossier")
    paper = await city.li.expect(lambda seen: bool(seen.files))
    pages = PdfReader(io.BytesIO(await city.client.download(paper.files[0]))).pages
    bound = "".join(page.extract_text() for page in pages)
    assert "李建国" in bound
    everything = [*await city.li.sees(), *await city.li.sees(city.zhujian)]
    said = "".join(m.text + str(m.buttons) for m in everything)
    for word in ("核查", "拖了很久", "赵立", "再次"):
        assert word not in said
        assert word not in bound
    assert numbers.show(petition.number) in said


async def test_a_second_low_rating_is_a_line_and_no_second_inquiry(city):
    chen, petition = await rated(city, (ZHAO, do.TakeInquiry()), (ZHAO, EXPLAINED))
    await city.later(days=1, minutes=1)
    await chen.expect("再请您评价一次")
    assert planned(city, petition) == ["survey_reminder"]
    await city.later(hours=72, minutes=1)
    await chen.expect("还没有评价")
    assert planned(city, petition) == []
    await happen(city, petition, CHEN, LOW)
    line = await city.zhao.expect("核查后又作了评价", chat=city.ducha)
    assert line.data("我来核查") is None
    assert planned(city, petition) == []


async def test_the_button_to_take_it_does_not_grow_stale_while_the_case_goes_on(city):
    _, petition = await rated(city)
    before = petition.version
    petition = await happen(city, petition, CHEN, do.AskReview(("不服。",)))
    assert petition.version > before
    await tap(city.zhao, "我来核查", chat=city.ducha)
    await city.zhao.expect("承办人：")
    assert kinds(await as_it_stands(city, petition))[-1] == "inquiry_taken"


async def test_who_cannot_be_written_to_is_shown_how_before_they_take_it(city):
    """It was taken all the same: open to nobody, with no button left to open it by."""
    chen = await city.citizen()
    petition = await case(city, chen, *REPLIED)
    petition = await happen(city, petition, None, do.OpenSurvey())
    await happen(city, petition, CHEN, LOW)
    line = await city.zhao.expect("还没有人核查", chat=city.ducha)
    assert "私聊" in await city.zhao.tap("我来核查", chat=city.ducha)
    await city.zhao.expect("请先打开与机器人的私聊", chat=city.ducha)
    assert kinds(await as_it_stands(city, petition))[-1] == "rated"
    await known(city.zhao)
    await city.zhao.tap("我来核查", chat=city.ducha, message=line)
    await city.zhao.expect("承办人：")
    assert kinds(await as_it_stands(city, petition))[-1] == "inquiry_taken"


async def test_what_the_unit_was_asked_to_do_comes_first_but_holds_nothing_up_for_ever(city):
    order = do.Supervise(Method.LETTER, ("请更换水管。",), 5)
    more = do.Inquire(Result.MORE, ("已督促市住建局。",))
    chen, petition = await rated(city, *((ZHAO, c) for c in (do.TakeInquiry(), order, more)))
    await city.zhou.expect("督办", chat=city.zhujian)
    await city.later(days=5)
    await settled(city)
    assert "survey_again" in planned(city, petition)
    await city.later(days=3)  # the five working days have passed, and nobody answered
    await chen.expect("再请您评价一次")


async def test_where_nobody_had_no_part_the_supervisors_read_so_and_it_is_tried_again(quiet_city):
    """Everybody but 赵立, who handled it, has left."""
    city = quiet_city
    office = city.office_file.read_text("utf-8")
    begins = office.index("people = [", office.index('id = "zhujian"')) + len("people = [")
    also = '{ id = 2003, name = { zh = "赵立", en = "Zhao Li" }, roles = ["handler"] }, '
    office = office[:begins] + also + office[begins:]
    city.office_file = city.folder / "office.toml"
    city.office_file.write_text(office, "utf-8")
    await city.start()
    for unit, who in (("shifu", "qian"), ("shengfu", "wu"), ("qingshan", "zheng")):
        await city.client.member(getattr(city, unit), getattr(city, who), "left")
    for who in (city.li, city.zhou):
        await city.client.member(city.xinfang, who, "left")
    await until(city, lambda: ask(city, "SELECT count(*) FROM leavers") == [(5,)])
    _, petition = await rated(city)
    line = await city.zhao.expect("没有别的人可以核查", chat=city.ducha)
    assert line.data("我来核查") is None
    assert planned(city, petition) == ["inquiry"]
    await city.client.member(city.shifu, city.qian, "member")
    await until(city, lambda: ask(city, "SELECT count(*) FROM leavers") == [(4,)])
    await city.later(days=5)
    await city.zhao.expect("由钱程远核查", chat=city.ducha)


async def test_who_is_not_asked_is_not_told_on_the_same_page_that_they_will_be(city):
    """The page of a case raised before said both."""
    chen = await city.citizen()
    for title, earlier, said in (("又漏水了", True, False), ("路灯不亮", False, True)):
        await case(city, chen, *REPLIED, title=title, earlier={"yes": earlier})
        await chen.type("/my")
        await tap(chen, title)
        page = await chen.expect("您这时的权利")
        assert ("会请您评价" in page.text) is said
        assert ("这次不请您评价" in page.text) is not said
