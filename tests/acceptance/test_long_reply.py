"""An answer longer than a message: previewed as it is sent, and sent whole."""

from acceptance.scenes import (
    case,
    keys,
    tap,
)

from petitions import commands as do

HELD = (do.Take(), do.Accept())


async def test_a_reply_of_7900_characters_is_previewed_and_reaches_the_citizen_whole(city):
    chen, li = await city.citizen(), city.li
    await case(city, chen, *HELD)
    await li.type("/start")
    await li.expect("办理中", chat=city.zhujian)
    sentences = "".join(f"第{n}项已经查实，处理如下。" for n in range(1000))
    parts = [sentences[:4000], sentences[4000:7900]]
    await li.tap("答复", chat=city.zhujian)
    await tap(li, "解释说明")
    await li.expect("请写答复意见")
    for count, part in enumerate(parts, 1):
        await li.type(part)
        await li.expect(f"已记下第 {count} 段")
    await tap(li, "完成")
    await li.expect("依据是什么")
    await li.type("《物业管理条例》第三十五条")
    await tap(li, "跳过")
    await li.expect("信访人会看到上面的答复")
    assert "notice.replied" not in keys(city, chen.id)
    previewed = _reply_of(await li.sees())
    await li.tap("发出答复")
    await chen.expect("申请复查")
    reached = _reply_of(await chen.sees())
    assert reached == previewed
    assert "".join(reached[1:-1]).replace("\n", "") == "".join(parts)
    assert reached[0].startswith("📄 答复")
    assert reached[-1].startswith("依据：《物业管理条例》第三十五条")


def _reply_of(seen):
    texts = [m.text for m in seen if m.from_bot]
    first = next(i for i, text in enumerate(texts) if text.startswith("📄 答复"))
    last = next(i for i, text in enumerate(texts) if text.startswith("依据："))
    return texts[first : last + 1]
