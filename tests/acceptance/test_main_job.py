"""The whole main job, over real HTTP, as people would do it, in both languages."""

import re

import pytest
from acceptance.walks import EN, ZH, file_petition


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
async def test_filed_worked_replied_and_rated(city, words):
    chen = await city.citizen(language=words.code)
    number, code, _receipt = await file_petition(chen, words)

    card = await city.li.expect(number, chat=city.zhujian)
    assert "水管" not in card.text
    assert "陈秀英" not in card.text

    # 认领, 受理: the card follows, the citizen is told.
    await city.li.tap("认领", chat=city.zhujian)
    await city.li.expect("李建国", chat=city.zhujian)
    await city.li.tap("受理", chat=city.zhujian)
    await city.li.expect("办理中", chat=city.zhujian)
    await chen.expect(words.accepted)

    # Details open in private only.
    await city.li.type("/start")
    await city.li.expect("云江市信访局")
    await city.li.tap("查看详情", chat=city.zhujian)
    details = await city.li.expect("您的查看已记录")
    assert "小区水管" in details.text or "Burst" in details.text
    assert not [m for m in await city.li.sees(city.zhujian) if "13812345678" in m.text]

    # 请补充材料 ↔ 补充.
    await city.li.tap("请补充材料", chat=city.zhujian)
    await city.li.expect("请写下需要信访人补充什么")
    await city.li.type("请说明是哪一栋楼。")
    await city.li.expect("已记下第 1 段")
    await city.li.tap("完成")
    await city.li.expect("信访人会看到上面的内容")
    await city.li.tap("发送")
    await city.li.expect("已请信访人补充材料")
    await chen.expect("请说明是哪一栋楼。")
    await chen.tap(words.send_more)
    await chen.expect(words.what_to_add)
    await chen.type("三号楼")
    await chen.expect(words.noted)
    await chen.tap(words.done)
    await chen.expect(words.files_to_add)
    await chen.tap(words.skip)
    await chen.expect(words.added)
    await city.li.expect("信访人补充了材料", chat=city.zhujian)

    # 答复, previewed, then sent.
    await city.li.tap("答复", chat=city.zhujian)
    await city.li.expect("办理结果是")
    await city.li.tap("支持")
    await city.li.expect("请写答复意见")
    await city.li.type("经查，水管已于三月五日修好。")
    await city.li.expect("已记下第 1 段")
    await city.li.tap("完成")
    await city.li.expect("依据是什么")
    await city.li.type("《物业管理条例》第三十五条")
    await city.li.expect("有要附上的文件吗")
    await city.li.tap("跳过")
    await city.li.expect("信访人会看到上面的答复")
    await city.li.tap("发出答复")
    await city.li.expect("答复已发出")
    await chen.expect("《物业管理条例》第三十五条")
    assert any("水管已于三月五日修好" in m.text for m in await chen.sees())
    await city.li.expect("已答复", chat=city.zhujian)

    # The timeline, with dates.
    await chen.tap(words.progress)
    shown = await chen.expect(words.timeline)
    for step in words.steps:
        assert step in shown.text

    # A day later: the survey; a low rating reaches the supervisors.
    await city.later(days=1, minutes=1)
    await chen.expect(words.survey)
    await chen.tap(words.good)
    await chen.expect(words.question2)
    await chen.tap(words.bad)
    await chen.expect(words.why)
    await chen.type("拖了三天")
    await chen.expect(words.anything_else)
    await chen.tap(words.skip)
    await chen.expect(words.thanks)
    low = await city.zhao.expect(number, chat=city.ducha)
    assert "不满意" in low.text
    assert "拖了三天" not in low.text

    # Number and code, from another account, without personal data.
    other = await city.citizen(1009, words.code)
    await other.type("/status")
    await other.expect(words.which_number)
    await other.type(number)
    await other.expect(words.which_code)
    await other.type(code)
    seen = await other.expect(words.timeline_other)
    assert "陈秀英" not in seen.text
    assert not re.search("水管|Burst", seen.text)
