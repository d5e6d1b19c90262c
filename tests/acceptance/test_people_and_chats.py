"""People block the bot and come back, groups change, officers leave and return."""

from acceptance.scenes import (
    as_it_stands,
    ask,
    case,
    keys,
    kinds,
    tap,
    until,
)

from petitions import commands as do
from petitions import numbers
from storage import groups

NOT_YOURS = "您不能查看或办理这件事项。\n（依据：《信访工作条例》第46条）"


def sends(log, chat):
    """The attempts to write to this chat."""
    return [e for e in log if e["method"] == "sendMessage" and str(e["chat_id"]) == str(chat)]


async def test_who_blocked_the_bot_is_tried_once_a_notice_and_is_back_after_unblocking(city):
    chen = await city.citizen()
    petition = await case(city, chen, do.Take())
    await city.li.expect("李建国", chat=city.zhujian)
    await chen.block()
    since = len(await city.client.log())
    await city.li.tap("受理", chat=city.zhujian)
    row = "SELECT state, attempts FROM outbox WHERE chat_id = ? AND key = ?"
    await until(city, lambda: ask(city, row, chen.id, "notice.accepted") == [("blocked", 1)])
    marked = "SELECT blocked_at IS NOT NULL FROM people WHERE user_id = ?"
    assert ask(city, marked, chen.id) == [(1,)]

    # No storm: a day of ticks later it was still tried once.
    await city.later(days=1)
    await city.li.type("/todo", chat=city.zhujian)
    await city.li.expect("待办", chat=city.zhujian)
    log = (await city.client.log())[since:]
    assert len(sends(log, chen.id)) == 1

    await chen.unblock()
    await until(city, lambda: ask(city, marked, chen.id) == [(0,)])
    # What she missed is under her card, and the next notice reaches her.
    await chen.type("/my")
    await tap(chen, "小区水管爆裂")
    shown = await chen.expect("已受理")
    assert numbers.show(petition.number) in shown.text
    await city.li.type("/start")
    await city.li.tap("请补充材料", chat=city.zhujian)
    await city.li.expect("请写下需要信访人补充什么")
    await city.li.type("请说明是哪一栋楼。")
    await tap(city.li, "完成")
    await tap(city.li, "发送")
    await chen.expect("请说明是哪一栋楼。")


async def test_a_group_that_became_a_supergroup_has_its_cards_anew_and_they_work(city):
    chen = await city.citizen()
    first, second = await case(city, chen), await case(city, chen)
    for petition in (first, second):
        await city.li.expect(numbers.show(petition.number), chat=city.zhujian)
    new = await city.client.migrate(city.zhujian)
    for petition in (first, second):
        await city.li.expect(numbers.show(petition.number), chat=new)
    card = next(m for m in await city.li.sees(new) if numbers.show(first.number) in m.text)
    assert await city.li.tap("认领", chat=new, message=card) == "已认领。"
    await city.li.expect(lambda seen: seen.id == card.id and "李建国" in seen.text, chat=new)
    # And what is new comes to the new chat only.
    third = await case(city, chen)
    await city.li.expect(numbers.show(third.number), chat=new)
    waiting = "SELECT count(*) FROM outbox WHERE chat_id = ? AND state = 'waiting'"
    assert ask(city, waiting, city.zhujian.id) == [(0,)]


async def test_an_officer_who_never_pressed_start_is_told_where_and_then_it_works(city):
    chen, li = await city.citizen(), city.li
    petition = await case(city, chen, do.Take())
    await li.expect("李建国", chat=city.zhujian)
    assert await li.tap("查看详情", chat=city.zhujian) == "请先打开与机器人的私聊，链接已发在群里。"
    answer = (await city.client.log(method="answerCallbackQuery"))[-1]
    assert answer["params"]["show_alert"] in (True, "true", "True")
    told = await li.expect("请先打开与机器人的私聊", chat=city.zhujian)
    assert told.text.startswith("李建国，")
    assert told.buttons == [[("💬 打开私聊", "https://t.me/minsheng_demo_bot?start=desk")]]
    assert "looked" not in kinds(await as_it_stands(city, petition))

    await li.type("/start desk")
    await li.expect("待办")
    assert await li.tap("查看详情", chat=city.zhujian) == "请到与机器人的私聊中继续。"
    await li.expect("您的查看已记录")
    looks = [e for e in (await as_it_stands(city, petition)).entries if e.event.kind == "looked"]
    assert [(e.by.kind, e.by.id, e.by.unit) for e in looks] == [("officer", 2001, "zhujian")]


async def test_who_leaves_the_group_loses_access_and_has_it_again_on_return(city):
    chen, zhou = await city.citizen(), city.zhou
    petition = await case(city, chen)
    await zhou.type("/start")
    await tap(zhou, "工作台")
    await zhou.expect("待办 1 件")
    await tap(zhou, numbers.show(petition.number))
    card = await zhou.expect("无人认领")
    left = "SELECT count(*) FROM leavers WHERE user_id = 2002 AND unit_id = 'zhujian'"
    await city.client.member(city.zhujian, zhou, "left")
    await until(city, lambda: ask(city, left) == [(1,)])
    for label in ("查看详情", "认领"):
        assert await zhou.tap(label, message=card) == NOT_YOURS
    await zhou.tap("工作台")
    await zhou.expect("现在没有待办")
    assert kinds(await as_it_stands(city, petition)) == ["registered"]

    await city.client.member(city.zhujian, zhou, "member")
    await until(city, lambda: ask(city, left) == [(0,)])
    await zhou.tap("查看详情", message=card)
    await zhou.expect("您的查看已记录")
    assert await zhou.tap("认领", message=card) == "已认领。"


async def test_bind_with_a_good_a_used_and_a_wrong_code(city):
    chen, li = await city.citizen(), city.li
    petition = await case(city, chen)
    await li.expect(numbers.show(petition.number), chat=city.zhujian)
    for code in ("good-code", "late-code"):
        await city.app.desk.unit(lambda unit, c=code: groups.store_code(unit, c, "zhujian"))
    new = await city.client.group("住建新群", [2001, 2002], bot_is_admin=True)
    other = await city.client.group("别的群", [2001], bot_is_admin=True)

    await li.type("/bind wrong-code", chat=new)
    await li.expect("绑定码不对", chat=new)
    await li.type("/bind good-code", chat=new)
    await li.expect("已绑定为「市住建局」", chat=new)
    # The open cases come along, and work there.
    await li.expect(numbers.show(petition.number), chat=new)
    assert await li.tap("认领", chat=new) == "已认领。"
    await li.type("/bind good-code", chat=other)
    await li.expect("绑定码不对或已过期", chat=other)
    for _ in range(3):
        await li.type("/bind", chat=other)
        await li.expect("绑定码不对", chat=other)
    await li.type("/bind late-code", chat=other)
    await li.expect("尝试次数太多", chat=other)
    assert keys(city, other.id) == ["bind.wrong"] * 4 + ["bind.too_many"]
    bound = "SELECT chat_id FROM groups WHERE unit_id = 'zhujian'"
    assert ask(city, bound) == [(new.id,)]
    # An hour later the same person may try again; a day later the code is too old.
    await city.later(hours=1, minutes=1)
    await li.type("/bind late-code", chat=other)
    await li.expect("已绑定为「市住建局」", chat=other)
    await city.app.desk.unit(lambda unit: groups.store_code(unit, "old-code", "ducha"))
    await city.later(days=1, minutes=1)
    await li.type("/bind old-code", chat=other)
    await li.expect("绑定码不对或已过期", chat=other)
