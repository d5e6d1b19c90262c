"""Whatever is said, in a form or outside of one, gets some answer."""

from acceptance.scenes import (
    ask,
    keys,
    newest,
)
from acceptance.walks import ZH, to_step


async def test_every_message_gets_some_answer_also_outside_a_form(city):
    chen = await city.citizen()
    for text, told in (
        ("着火了！家里煤气漏了", "没有登记"),
        ("我不想活了", "没有登记"),
        ("你好", "您可以从下面选一项"),
    ):
        await chen.type(text)
        await chen.expect(told)
    for act in (
        chen.sticker,
        chen.poll,
        chen.location,
        chen.contact,
        chen.photo,
        chen.voice,
        chen.video,
        chen.document,
    ):
        await act()
        await chen.expect("您可以从下面选一项")
    mine = await chen.type("你好吗")
    await chen.expect("您可以从下面选一项")
    await chen.edit(mine, "您好")
    await chen.expect("补充材料")
    commands = {"/cancel": "没有正在填写", "/wenti": "没有这个命令", "/my": "还没有提交过"}
    for command, told in commands.items():
        await chen.type(command)
        await chen.expect(told)
    assert ask(city, "SELECT count(*) FROM inbox WHERE state != 'done'") == [(0,)]


async def test_a_live_place_that_moves_is_not_answered_every_time(city):
    chen = await city.citizen()
    await to_step(chen, ZH, "address")
    mark = newest(city, chen.id)
    user = {"id": chen.id, "is_bot": False, "first_name": "陈秀英", "language_code": "zh-hans"}
    chat = {"id": chen.id, "type": "private", "first_name": "陈秀英"}
    place = {"latitude": 30.2, "longitude": 120.1, "live_period": 900}
    message = {"message_id": 900, "date": 1772416800, "edit_date": 1772416900}
    message |= {"chat": chat, "from": user, "location": place}
    await city.client.raw({"edited_message": message})
    await chen.type("幸福路 8 号")
    await chen.expect("有照片、视频")
    assert keys(city, chen.id, mark) == ["filing.files.ask"]


async def test_danger_to_life_is_answered_at_once_and_blocks_nothing(city):
    chen = await city.citizen()
    await chen.type("着火了！家里煤气漏了")
    numbers = await chen.expect("119")
    assert "110" in numbers.text
    assert "120" in numbers.text
    await to_step(chen, ZH, "title")
    await chen.type("有人要跳楼")
    await chen.expect("120")
    await chen.expect(ZH.steps_asked["facts"])


async def test_a_recording_is_kept_and_reaches_the_officer(city):
    chen = await city.citizen()
    await to_step(chen, ZH, "files")
    await chen.audio("夜间施工.mp3")
    await chen.expect("已收到 1 个附件")
    await chen.tap(ZH.done)
    await chen.expect(ZH.steps_asked["name"])
