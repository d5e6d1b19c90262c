"""What a first user stumbled over, with nothing but the README."""

from acceptance.officers import ELSEWHERE
from acceptance.scenes import REPLIED, as_it_stands, case
from acceptance.walks import ZH, file_petition, to_step

from petitions import commands as do
from petitions import numbers
from petitions.events import Verdict


async def test_a_rating_left_at_the_last_question_still_reaches_the_supervisors(city):
    chen = await city.citizen()
    petition = await case(city, chen, *REPLIED)
    await chen.expect("申请复查")
    await city.later(days=1, minutes=1)
    await chen.expect("第 1 题")
    await chen.tap("😞 不满意")
    await chen.expect("第 2 题")
    await chen.type("不满意")
    await city.zhao.expect(numbers.show(petition.number), chat=city.ducha)
    await chen.expect("哪里不满意")
    await chen.tap("取消")
    await chen.expect("已经选好的评价算数")
    rating = (await as_it_stands(city, petition)).rating
    assert (rating.office, rating.unit) == (Verdict.BAD, Verdict.BAD)


async def test_the_words_of_a_button_can_be_typed(city):
    chen = await city.citizen()
    await chen.type("提交信访事项")
    await chen.expect("1/10")
    await chen.type("求决")
    await chen.expect(ZH.steps_asked["consent"])
    await chen.type("同意")
    await chen.expect(ZH.steps_asked["title"])
    await chen.type("返回")
    await chen.expect(ZH.steps_asked["consent"])


async def test_a_district_can_be_typed(city):
    chen = await city.citizen()
    await to_step(chen, ZH, "place")
    await chen.type("江北")
    await chen.expect(ZH.steps_asked["address"])


async def test_details_do_not_call_a_plain_no_unanswered(city):
    chen = await city.citizen()
    number, _, _ = await file_petition(chen)
    await city.li.type("/start")
    await city.li.expect("云江市信访局")
    await city.zhou.expect(number, chat=city.zhujian)
    await city.li.tap("查看详情", chat=city.zhujian)
    details = await city.li.expect("您的查看已记录")
    assert "第一次反映" in details.text
    assert "法律途径：没有" in details.text


async def test_who_is_to_answer_is_not_offered_to_assist_itself(city):
    chen = await city.citizen()
    petition = await case(city, chen, do.Take(), category=ELSEWHERE)
    await city.li.type("/start")
    await city.li.expect("云江市信访局")
    await city.li.expect(numbers.show(petition.number), chat=city.xinfang)
    await city.li.tap("更多", chat=city.xinfang)
    await city.li.expect("承办人：李建国")
    await city.li.tap("转送 / 交办")
    await city.li.expect("转给哪个单位")
    await city.li.tap("市交通运输局")
    await city.li.expect("转送，还是交办")
    await city.li.tap("转送")
    asked = await city.li.expect("哪些单位协办")
    offered = [label for row in asked.buttons for label, _ in row]
    assert "市住建局" in offered
    assert "市交通运输局" not in offered


async def test_two_articles_are_joined_as_the_language_joins_them(city):
    chen = await city.citizen()
    await file_petition(chen)
    assert "第22、23条" in (await chen.expect("提交成功")).text


async def test_a_telephone_number_was_taken_as_a_name(city):
    chen = await city.citizen()
    await to_step(chen, ZH, "name")
    await chen.type("13800138000")
    await chen.expect("不是姓名")
    await chen.type("陈秀英")
    await chen.expect(ZH.steps_asked["phone"])


async def test_an_old_button_of_a_rating_did_not_speak_of_filing(city):
    chen = await city.citizen()
    await case(city, chen, *REPLIED)
    await chen.expect("申请复查")
    await city.later(days=1, minutes=1)
    await chen.expect("第 1 题")
    await chen.tap("😊 满意")
    second = await chen.expect("第 2 题")
    await chen.tap("😊 满意")
    await chen.expect("还有什么想说的")
    await chen.tap("跳过")
    await chen.expect("谢谢")
    toast = await chen.tap("😊 满意", message=second)
    assert toast == "已经提交过了，没有重复提交。"


async def test_who_is_in_despair_was_told_that_it_was_taken_down_and_not_understood(city):
    chen = await city.citizen()
    await chen.type("我不想活了")
    said = await chen.expect("12356")
    assert "照样记下" not in said.text
    assert "没有登记" in said.text
    await chen.type("你好")
    await chen.expect("没有完全明白")  # the next thing said, and not that
    texts = [seen.text for seen in await chen.sees()]
    assert sum("没有完全明白" in text for text in texts) == 1


async def test_the_words_under_a_photograph_were_dropped(city):
    chen = await city.citizen()
    await to_step(chen, ZH, "facts")
    await chen.photo(caption="天花板漏水三年")
    await chen.expect("已记下您写的话")
    await chen.photo()
    await chen.expect("先不收照片")
    await chen.tap(ZH.done)
    await chen.expect(ZH.steps_asked["request"])
