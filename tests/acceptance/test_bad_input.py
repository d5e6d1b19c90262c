"""Bad input: every step of every form × whatever can arrive there → what is said, nothing lost.

`TABLE` holds the exact key of every message sent in answer. A row that the step rightly takes
is `Taken` and says what became of it; every other row leaves the draft exactly as it was.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from acceptance.answers_to_inputs import Taken
from acceptance.inputs import INPUTS, MARKUP, NEEDS_A_PAST, Place, Row, Town
from acceptance.scenes import WHOLE, ask, keys, newest, tap, until
from acceptance.steps_of_citizens import CITIZENS
from acceptance.steps_of_officers import OFFICERS

from dialogs.registry import FORMS
from storage import drafts

in_town = pytest.mark.asyncio(loop_scope="module")
TABLE = CITIZENS | OFFICERS


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """One running bot for the whole table."""
    town = Town(tmp_path_factory.mktemp("town"))
    await town.open()
    await town.start()
    await town.people()
    yield town
    await town.close()


def test_every_step_of_every_form_is_in_the_table():
    steps = {(form.name, step.name) for form in FORMS.values() for step in form.steps}
    assert {(place.form, place.step) for place, _ in TABLE.values()} == steps


@in_town
@pytest.mark.parametrize("name", TABLE)
async def test_bad_input_is_answered_and_nothing_changes(town, name):
    place, expected = TABLE[name]
    async with asyncio.TaskGroup() as group:
        rows = {
            what: group.create_task(_try(town, place, what, told))
            for what, told in expected.items()
        }
    assert {what: row.result() for what, row in rows.items()} == {
        what: (told.keys if isinstance(told, Taken) else told, "as it should be")
        for what, told in expected.items()
    }


async def _try(town: Town, place: Place, what: str, told: str | Taken) -> tuple[str, object]:
    """What was said, and what became of the draft."""
    row = await town.at(place, known=what in NEEDS_A_PAST)
    await INPUTS[what](row)
    said = " ".join(await row.keys())
    after = await row.after()
    current = await town.app.desk.look(
        lambda unit: drafts.current_id(unit, row.person.id, row.person.id)
    )
    if current != after.id:
        return said, "the chat is not at the draft any more"
    if isinstance(told, str):
        return said, "as it should be" if after == row.before else (row.before, after)
    answer = after.answers.pop(place.step)
    others = {k: v for k, v in row.before.answers.items() if k != place.step}
    right = answer == told.answer if told.answer != 1 else len(answer) == 1
    right = right and after.answers == others
    return said, "as it should be" if right else (answer, after.answers)


@in_town
async def test_what_the_messenger_cuts_in_two_is_gathered_as_far_as_it_fits(town):
    row = await town.at(TABLE["facts"][0])
    await row.person.type("水" * 4096)
    await row.person.expect("共 4096 字")
    await row.person.type("水" * 4096)
    told = await row.person.expect("4096 个字")
    assert "1904" in told.text  # how much still fits
    assert keys(town, row.person.id) == ["text.gathered", "text.too_long"]
    assert (await row.after()).answers == {"facts": ["水" * 4096]}
    await row.person.tap("完成")
    await row.person.expect("希望怎么解决")


@in_town
@pytest.mark.parametrize("singly", [True, False], ids=["singly", "albums"])
async def test_fifteen_photos_ten_are_taken_and_five_are_not(town, singly):
    row = await town.at(TABLE["files"][0])
    if singly:
        for sent in range(1, 16):
            await row.person.photo()
            # Each is answered before the next: of ten that wait, one would stand for the others.
            await _count(town, row, sent)
    else:
        await row.person.album(10)
        await row.person.album(5)
    await _count(town, row, 15)
    assert keys(town, row.person.id) == ["files.kept"] * 10 + ["files.too_many"] * 5
    assert len(set((await row.after()).answers["files"])) == 10
    # Ten in a row are one note that counts up; of an album's five, one word is enough.
    notes = [m.text for m in await row.person.sees() if m.from_bot]
    assert sum("10 个附件" in note for note in notes) == 1
    assert sum("最多 10 个" in note and "没有收" in note for note in notes) == (5 if singly else 1)
    await row.person.tap("完成")
    await row.person.expect("您的姓名")


@in_town
@pytest.mark.parametrize("open_form", [True, False], ids=["in a form", "in no form"])
async def test_an_album_where_none_is_wanted_gets_one_answer(town, open_form):
    row = await town.at(TABLE["title"][0])
    if not open_form:
        await row.person.type("/new")
        await row.person.expect("未提交")
        await row.person.tap("删除")
        await row.person.expect("已删除")
    before, mark = await row.after(), newest(town, row.person.id)
    await row.person.album(10)
    await _count(town, row, 10, mark)
    key = "unexpected.file" if open_form else "talk.menu"
    assert keys(town, row.person.id, mark) == [key] * 10
    seen = [m for m in await row.person.sees() if m.from_bot and m.seq > row.person.mark]
    assert len(seen) == 1
    assert await row.after() == before


@in_town
async def test_markup_arrives_as_it_was_typed(town):
    said = {"yes": True, "detail": MARKUP}
    answers = dict.fromkeys(("title", "name"), MARKUP)
    answers |= {"facts": [MARKUP], "request": [MARKUP], "earlier": said, "tried": said}
    answers |= {"place": {"district": "jiangbei", "address": MARKUP}}
    row = await town.at(Place("filing", "review", WHOLE | answers))
    chen, li, group = row.person, town.li, town.zhujian
    await chen.type("/start")
    await chen.expect("未提交")
    await chen.tap("继续填写")
    review = await chen.expect("请核对")
    for label in ("标题", "经过", "请求"):
        assert f"{label}：{MARKUP}" in review.text
    for label, before in (("地点", "江北区"), ("以前反映过", "反映过"), ("法律途径", "有过")):
        assert f"{label}：{before} {MARKUP}" in review.text
    await chen.tap("提交")
    await chen.expect("提交成功")

    await li.type("/start")
    await li.expect("云江市信访局")
    card = await li.expect("无人认领", chat=group)
    for label, told in (("认领", "李建国"), ("受理", "办理中")):
        await li.tap(label, chat=group)
        await li.expect(told, chat=group)
    await li.tap("查看详情", chat=group)
    details = await li.expect("您的查看已记录")
    await li.expect(lambda seen: seen.text == f"请求\n{MARKUP}")
    await li.expect(lambda seen: seen.text == f"经过\n{MARKUP}")
    assert details.text.count(MARKUP) == 5  # title, address, name, earlier, tried
    assert details.text.split("\n")[2] == MARKUP
    assert card.text.count(MARKUP) == 0

    await li.tap("请补充材料", chat=group)
    await li.expect("请写下需要信访人补充什么")
    await li.type(MARKUP)
    await tap(li, "完成")
    await tap(li, "发送")
    asked = await chen.expect("请您补充")
    assert asked.text.endswith(f"\n{MARKUP}")
    await chen.tap("补充材料")
    await chen.expect("请写下要补充的内容")
    await chen.type(MARKUP)
    await tap(chen, "完成")
    await tap(chen, "跳过")
    await chen.expect("已收到您的补充材料")

    await li.expect("信访人补充了材料", chat=group)
    await li.tap("答复", chat=group)
    await tap(li, "支持")
    await li.expect("请写答复意见")
    await li.type(MARKUP)
    await tap(li, "完成")
    await li.expect("依据是什么")
    await li.type(MARKUP)
    await tap(li, "跳过")
    await li.expect("信访人会看到上面的答复")
    assert MARKUP in [m.text for m in await li.sees()]
    await li.tap("发出答复")
    basis = await chen.expect("申请复查")
    assert basis.text.startswith(f"依据：{MARKUP}\n")
    assert [m.text for m in await chen.sees() if m.from_bot].count(MARKUP) == 1
    await chen.tap("查看进度")
    shown = await chen.expect("状态：已答复")
    assert shown.text.startswith(f"{MARKUP}\n")
    await chen.type("/my")
    listed = await chen.expect("点下面的按钮看进度")
    assert f"\n{MARKUP}\n编号" in listed.text
    assert listed.buttons[0][0][0] == f"已答复 · {MARKUP}"


async def _count(town: Town, row: Row, count: int, mark: int = 0) -> None:
    """Wait until so many answers were put and each is through."""
    query = "SELECT count(*) FROM outbox WHERE chat_id = ? AND id > ? AND state = 'sent'"
    await until(town, lambda: ask(town, query, row.person.id, mark) == [(count,)])
