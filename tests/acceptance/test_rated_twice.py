"""The survey: asked again once, changed until its window closes."""

from acceptance.scenes import (
    REPLIED,
    as_it_stands,
    ask,
    case,
    keys,
    kinds,
    newest,
    tap,
    until,
)

from petitions import numbers
from petitions.events import Verdict


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
    come = "SELECT count(*) FROM due WHERE subject = ? AND done_at IS NULL AND due_at <= ?"
    mark = newest(city, chen.id)
    for _ in range(6):
        await city.later(days=5)
        # What is over by the time it is looked at is not told, and each of these days is looked at.
        await until(city, lambda: ask(city, come, petition.id, now_of(city)) == [(0,)])
        await chen.type("/help")
        await chen.expect("怎么用")
    assert set(keys(city, chen.id, mark)) == {"help.text", "notice.review_closing"}


def now_of(city):
    """As the database has it."""
    return int(city.app.desk.clock().timestamp() * 1_000_000)


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
