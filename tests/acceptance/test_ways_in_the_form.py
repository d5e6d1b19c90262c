"""Every way through the form: back, skip, cancel, another language, a change of mind."""

import asyncio

import pytest
from acceptance.scenes import (
    WHOLE,
    at_review,
    begin,
    current,
    draft,
    tap,
)
from acceptance.walks import EN, ZH, to_step

from dialogs.registry import FORMS


async def test_the_language_switched_in_the_middle_of_a_form(city):
    chen = await city.citizen()
    await to_step(chen, ZH, "title")
    await chen.type("/language")
    await tap(chen, "English")
    # The open question is put again, in the new language.
    asked = await chen.expect(EN.steps_asked["title"])
    assert "3/10" in asked.text
    assert "English from now on" in "".join(m.text for m in await chen.sees())
    await chen.type("Burst pipe")
    await chen.expect(EN.steps_asked["facts"])
    assert (await current(city, chen)).answers["title"] == "Burst pipe"


async def test_an_answer_changed_from_the_review_card_and_back(city):
    chen = await city.citizen()
    await at_review(city, chen)
    await chen.tap("✏️ 标题")
    await chen.expect("一句话")
    await chen.type("楼道灯不亮")
    assert "标题：楼道灯不亮" in (await chen.expect("请核对")).text
    # Change one's mind: the way back leads to the review, and nothing has changed.
    await chen.tap("✏️ 电话")
    await chen.expect("联系电话")
    await chen.press("上一步")
    assert "138****5678" in (await chen.expect("请核对")).text
    assert await chen.keyboard() == []
    # What a changed answer makes necessary is asked; what it makes idle is not shown.
    await chen.tap("✏️ 目的")
    await chen.expect("您这次是为了什么")
    await chen.tap("检举控告")
    await chen.expect("关于保密")
    await tap(chen, "我知道了")
    await chen.expect("您反映的是哪些单位")
    await chen.tap("市住建局")
    await tap(chen, "完成")
    await chen.expect("还有要写明的单位或人吗")
    await chen.tap("跳过")
    shown = await chen.expect("请核对")
    assert "分类" not in shown.text
    assert "反映的单位：市住建局" in shown.text
    await chen.tap("✏️ 经过")
    await chen.expect("把经过讲清楚")
    await chen.tap("清空重写")
    await chen.expect("已清空")
    await chen.tap("上一步")
    await chen.expect("请核对")
    await chen.tap("提交")  # the emptied answer is asked for first
    assert "还差这一项" in (await chen.expect("把经过讲清楚")).text
    await chen.type("灯不亮一个月了")
    await tap(chen, "完成")
    await chen.expect("请核对")
    await chen.tap("提交")
    await chen.expect("市纪委监委")


FILING = FORMS["filing"]
WAYS = {"back": "⬅️ 上一步", "skip": "⏭ 跳过", "cancel": "✖️ 取消"}


@pytest.mark.parametrize("way", WAYS)
async def test_back_skip_and_cancel_at_each_step_pressed_or_typed(city, way):
    tried = [(step, typed) for step in FILING.steps for typed in (False, True)]
    async with asyncio.TaskGroup() as group:
        led = [
            group.create_task(_leads(city, 4000 + n, step, way, typed))
            for n, (step, typed) in enumerate(tried)
        ]
    for (step, typed), task in zip(tried, led, strict=True):
        names = [s.name for s in FILING.applying(_answers_of(step))]
        index = names.index(step.name)
        ways = {"cancel": "left", "back": names[index - 1] if index else None}
        ways["skip"] = names[index + 1] if step.optional else None
        assert (step.name, typed, task.result()) == (step.name, typed, ways[way])


ACCUSING = WHOLE | {
    "purpose": "accusation",
    "confidential": "understood",
    "against_units": ["jiaotong"],
    "against": "王某",
}


def _answers_of(step):
    return WHOLE if step.when(WHOLE) else ACCUSING


async def _leads(city, user_id, step, way, typed):
    """Where this way out of the question leads; None when it is not offered."""
    person = await city.citizen(user_id)
    answers = _answers_of(step)
    names = [s.name for s in FILING.applying(answers)]
    before = {name: answers[name] for name in names[: names.index(step.name)]}
    opened = await begin(city, person, "filing", step.name, answers=before)
    await person.type("/start")
    await tap(person, "继续填写")
    shown = await person.expect(lambda seen: "/10 步</i>" in seen.html)
    keyboard = await person.keyboard()
    if not (shown.data(WAYS[way]) or any(WAYS[way] in row for row in keyboard)):
        return None
    if typed:
        await person.type(WAYS[way].split()[1])
    else:
        await (person.press if keyboard else person.tap)(WAYS[way])
    await person.expect(lambda seen: seen.text != "好的。")
    now = await draft(city, opened.id)
    skipped = {step.name: None} if way == "skip" else {}
    assert (now.state, now.answers) == ("open", before | skipped)
    return now.step if await current(city, person) else "left"


@pytest.mark.parametrize("label", ["删除", "重新开始"])
async def test_no_dead_keys_stay_under_the_input(city, label):
    chen = await city.citizen()
    await to_step(chen, ZH, "phone")
    assert await chen.keyboard() != []
    await chen.type("/start")
    await tap(chen, label)
    await tap(chen, f"确定{label}" if label == "删除" else f"确定，{label}")
    await chen.expect("已删除" if label == "删除" else "您这次是为了什么")
    await chen.expect("好的。")
    assert await chen.keyboard() == []


async def test_a_key_that_outlived_its_form_goes_when_it_is_pressed(city):
    chen = await city.citizen()
    await to_step(chen, ZH, "phone")
    await city.later(days=5, minutes=1)
    await chen.expect("还没有提交")
    await city.later(days=2)
    await chen.expect("到期删除")
    await chen.press("上一步")
    await chen.expect("您可以从下面选一项")
    assert await chen.keyboard() == []


async def test_done_can_be_typed_as_well(city):
    chen = await city.citizen()
    await to_step(chen, ZH, "facts")
    await chen.type("完成")
    await chen.expect("还没有收到文字")
    await chen.type("水一直漏。")
    await chen.expect("已记下第 1 段")
    await chen.type("完成")
    await chen.expect("希望怎么解决")
    assert (await current(city, chen)).answers["facts"] == ["水一直漏。"]


@pytest.mark.parametrize("pin_first", [True, False], ids=["pin first", "district first"])
async def test_a_place_pin_before_or_after_the_district(city, pin_first):
    chen = await city.citizen()
    await to_step(chen, ZH, "place")
    if pin_first:
        await chen.location()
        await chen.expect("位置收到了")
        await chen.tap("江北区")
    else:
        await chen.tap("江北区")
        await chen.expect("江北区的什么地方")
        await chen.location()
    await chen.expect("有照片、视频")
    assert (await current(city, chen)).answers["place"] == {
        "district": "jiangbei",
        "point": [30.2741, 120.1551],
    }
    await chen.tap("上一步")
    await chen.expect("江北区的什么地方")
