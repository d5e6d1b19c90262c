"""Whole lives of petitions, from filing to the end, through the hands of everybody concerned."""

from acceptance.hands import Hands
from acceptance.scenes import as_it_stands, case, kinds

from petitions.record import State


async def start_all(city):
    for person in (
        city.li,
        city.zhou,
        city.zhao,
        city.he,
        city.ma,
        city.qian,
        city.zheng,
        city.feng,
        city.wu,
    ):
        await person.type("/start")
        await person.expect("云江市信访局")


async def test_objected_routed_again_accepted_extended_replied(city):
    chen = await city.citizen()
    await start_all(city)
    petition = await case(city, chen, category=None)
    li, he = Hands(city, city.li, city.xinfang), Hands(city, city.he, city.jiaotong)
    feng = Hands(city, city.feng, city.hekou)

    await li.press(petition, "take")
    await li.press(petition, "route")
    await li.fill("routing", to="市交通运输局", how="routed")
    await chen.expect("转给市交通运输局")
    await he.press(petition, "take")
    await he.press(petition, "object")
    await he.fill("objecting", text="道路不在本局管养范围，应由河口镇办理。")
    await li.press(petition, "take")
    await li.press(petition, "route")
    await li.fill("routing", to="河口镇", how="assigned", assisting=["市住建局"])
    await chen.expect("交河口镇办理")
    await feng.press(petition, "take")
    await feng.press(petition, "accept")
    await chen.expect("已受理")
    await feng.press(petition, "extend")
    await feng.fill("extending", days="20", text="需要现场测量。")
    await feng.press(petition, "approve")
    await chen.expect("延长 20 天")
    await feng.press(petition, "reply")
    await feng.fill("replying", outcome="supported", text="已修复。", basis="《公路法》第三十五条")
    await chen.expect("《公路法》第三十五条")
    await chen.expect(lambda seen: bool(seen.files))
    done = await as_it_stands(city, petition)
    assert done.state is State.REPLIED
    assert kinds(done)[-1] == "replied"
