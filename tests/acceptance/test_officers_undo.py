"""What officers take back, and hand on to a colleague."""

from acceptance.scenes import (
    as_it_stands,
    case,
    kinds,
    tap,
)

from petitions import commands as do

HELD = (do.Take(), do.Accept())


async def test_undo_until_another_acts_and_the_citizen_is_told(city):
    chen, li, zhou = await city.citizen(), city.li, city.zhou
    petition = await case(city, chen, do.Take())
    await li.expect("李建国", chat=city.zhujian)
    # Another's step is not one's own to take back.
    assert "您不能做这一步" in await zhou.tap("撤销上一步", chat=city.zhujian)
    await li.tap("受理", chat=city.zhujian)
    accepted = await chen.expect("已受理")
    held = await li.expect("办理中", chat=city.zhujian)
    assert await li.tap("撤销上一步", chat=city.zhujian) == "已撤销。"
    told = await chen.expect("更正")
    assert "「受理」有误，已撤回" in told.text
    assert accepted.id != told.id
    await li.expect("状态：已登记", chat=city.zhujian)
    await chen.tap("查看进度")
    assert "已受理" not in (await chen.expect("状态：已登记")).text

    # Accepted again, and then the citizen acts: now it stands.
    await li.tap("受理", chat=city.zhujian)
    held = await li.expect("办理中", chat=city.zhujian)
    await chen.type("/my")
    await tap(chen, "小区水管爆裂")
    await tap(chen, "补充材料")
    await chen.expect("请写下要补充的内容")
    await chen.type("三号楼")
    await tap(chen, "完成")
    await tap(chen, "跳过")
    await li.expect("信访人补充了材料", chat=city.zhujian)
    assert await li.tap("撤销上一步", chat=city.zhujian, message=held) == (
        "没有变化：信访人刚才已经补充材料。卡片已更新。"
    )
    assert kinds(await as_it_stands(city, petition))[-1] == "supplemented"


async def test_reassigned_to_a_colleague_by_the_head_and_not_by_anybody(city):
    chen, li, zhou = await city.citizen(), city.li, city.zhou
    petition = await case(city, chen, do.Take())
    await li.expect("李建国", chat=city.zhujian)
    assert "您不能做这一步" in await zhou.tap("改派", chat=city.zhujian)
    await li.tap("改派", chat=city.zhujian)
    asked = await li.expect("改派给谁", chat=city.zhujian)
    assert [label for row in asked.buttons for label, _ in row] == ["周敏"]
    # Another's finger on the choice does not count either.
    assert "您不能做这一步" in await zhou.tap("周敏", chat=city.zhujian, message=asked)
    await li.tap("周敏", chat=city.zhujian, message=asked)
    await li.expect("已改派给 周敏", chat=city.zhujian)
    await zhou.expect("承办人：周敏", chat=city.zhujian)
    assert (await as_it_stands(city, petition)).holder == zhou.id
    assert "没有变化" in await li.tap("周敏", chat=city.zhujian, message=asked)
    assert await zhou.tap("受理", chat=city.zhujian) == "已受理，信访人会收到通知；夜里的等到早上。"
