"""The whole main job, over real HTTP, as people would do it."""


async def test_start(city):
    chen = await city.citizen()
    await chen.type("/start")
    await chen.expect("云江市信访局")
    await chen.tap("提交信访事项")
    await chen.expect("第 1/10 步")
    print(await chen.screen())
