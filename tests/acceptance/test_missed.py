"""Nobody there: the card says that no message arrives, and who comes back is told what they missed.

Told once, whatever happens in between; what is not true any more is not told.
"""

import pytest
from acceptance.playing import settled
from acceptance.scenes import REPLIED, ask, case, goes_on, tap, until

from emulator import Seen
from petitions import commands as do
from petitions import numbers

LOST = (
    "SELECT key, state FROM outbox WHERE chat_id = ? AND state IN ('blocked', 'gone') ORDER BY id"
)
UNTOLD = (
    "SELECT count(*) FROM outbox WHERE chat_id = ? AND state IN ('blocked', 'gone')"
    " AND key LIKE 'notice.%' AND told_at IS NULL"
)
AWAY = "您不在的时候"
SIGN = "📵"


async def lost(city, person, *kinds):
    """Wait until these notices, and no others, have come back unread."""
    wanted = [(f"notice.{kind}", "blocked") for kind in kinds]
    await until(city, lambda: [r for r in ask(city, LOST, person.id) if "notice" in r[0]] == wanted)


async def card(city, petition, sign):
    """The case's card in the unit's group, once it has this sign, or no longer."""
    number = numbers.show(petition.number)

    def fits(seen):
        return seen.text.startswith(number) and (SIGN in seen.text) is sign

    city.li.mark = 0
    return await city.li.expect(fits, chat=city.zhujian)


async def told(person) -> list[Seen]:
    """Every message that tells of what was missed."""
    return [seen for seen in await person.sees() if seen.from_bot and AWAY in seen.text]


async def test_the_card_says_since_when_nothing_arrives_and_who_is_back_is_told_once(city):
    chen = await city.citizen()
    petition = await case(city, chen, do.Take())
    await card(city, petition, False)
    await chen.block()
    shown = await card(city, petition, True)
    assert "信访人收不到消息（自 2026年3月2日）。通知已留存" in shown.text
    assert "陈秀英" not in shown.text
    await city.later(days=1)
    await goes_on(city, petition, do.Accept(), REPLIED[-1])
    await lost(city, chen, "accepted", "replied")
    assert "自 2026年3月2日" in (await card(city, petition, True)).text  # since it was first known

    await city.li.type("/start")
    await city.li.expect("云江市信访局")
    await city.li.tap("查看详情", chat=city.zhujian)
    await city.li.expect("信访人收不到机器人的消息")

    await city.later(days=1)
    await chen.unblock()
    message = await chen.expect(AWAY)
    assert "有 2 条通知没有送到" in message.text
    lines = [line for line in message.text.split("\n") if line.startswith("• ")]
    assert [line.split(" ")[:2] for line in lines] == [
        ["•", "2026年3月3日"],
        ["•", "2026年3月3日"],
    ]
    assert "已受理" in lines[0]
    assert "已答复" in lines[1]
    await card(city, petition, False)

    # The texts are a press away, as they were to be sent.
    assert [row[0][0].split(" ", 1)[-1] for row in message.buttons][:2] == ["答复", "受理告知"]
    await chen.tap("受理告知", message=message)
    await chen.expect("已受理")
    await chen.tap("答复", message=message)
    await chen.expect("水管已修好")
    await chen.tap("小区水管爆裂", message=message)
    await chen.expect("状态：已答复")
    for _ in range(2):
        await chen.type("/start")
        await chen.expect("云江市信访局")
    # Nor does it come when she leaves and is back again.
    await chen.block()
    await card(city, petition, True)
    await chen.unblock()
    await card(city, petition, False)
    assert len(await told(chen)) == 1


@pytest.mark.parametrize("when", ["away", "back", "both"])
async def test_a_restart_in_between_changes_nothing(city, when):
    chen = await city.citizen()
    petition = await case(city, chen, do.Take())
    await chen.block()
    await goes_on(city, petition, do.Accept())
    await lost(city, chen, "accepted")
    await card(city, petition, True)
    if when != "back":
        await city.restart()
    if when == "away":
        await chen.unblock()
    else:  # she comes back while nobody is there to see it
        await city.stop()
        await chen.unblock()
        await city.start()
    await chen.expect(AWAY)
    await city.restart()
    await chen.type("/start")
    await chen.expect("云江市信访局")
    assert len(await told(chen)) == 1
    await card(city, petition, False)


async def test_who_writes_before_the_messenger_says_that_they_are_back_is_told_too(city):
    """The word of it can be lost; then what they do themselves says it."""
    chen = await city.citizen()
    petition = await case(city, chen, do.Take())
    await chen.block()
    await goes_on(city, petition, do.Accept())
    await lost(city, chen, "accepted")
    await city.app.door.idle()
    chat = next(c for c in city.emulator.world.chats.values() if c.id == chen.id)
    chat.blocked = False  # no update of it
    await chen.type("/my")
    await chen.expect("最近")
    await chen.expect(AWAY)
    await card(city, petition, False)
    assert ask(city, UNTOLD, chen.id) == [(0,)]


async def test_a_message_that_comes_back_unread_says_it_without_the_messenger_s_word(city):
    """The update of her leaving can be lost; the first notice that does not arrive says it."""
    chen = await city.citizen()
    petition = await case(city, chen, do.Take())
    await card(city, petition, False)
    chat = next(c for c in city.emulator.world.chats.values() if c.id == chen.id)
    chat.blocked = True
    await goes_on(city, petition, do.Accept())
    await lost(city, chen, "accepted")
    await card(city, petition, True)


async def test_a_notice_that_arrives_after_all_says_that_she_is_back(city):
    """The update of her coming back can be lost too."""
    chen = await city.citizen()
    petition = await case(city, chen, do.Take())
    await chen.block()
    await goes_on(city, petition, do.Accept())
    await lost(city, chen, "accepted")
    await card(city, petition, True)
    await city.app.door.idle()
    chat = next(c for c in city.emulator.world.chats.values() if c.id == chen.id)
    chat.blocked = False
    await goes_on(city, petition, do.AskSupplement(("请说明是哪一栋楼。",)))
    asked = await chen.expect("请说明是哪一栋楼。")
    message = await chen.expect(AWAY)
    assert asked.id < message.id
    assert "有 1 条通知没有送到" in message.text
    await card(city, petition, False)
    await settled(city)
    assert len(await told(chen)) == 1


async def test_what_is_not_true_any_more_is_not_told(city):
    chen = await city.citizen()
    petition = await case(city, chen, do.Take(), do.Accept())
    await chen.expect("已受理")
    await settled(city)  # the paper comes after it
    await chen.block()
    question = do.AskSupplement(("请说明是哪一栋楼。",))
    await goes_on(city, petition, question)
    await lost(city, chen, "asked")
    await goes_on(city, petition, do.Undo())
    await goes_on(city, petition, REPLIED[-1])
    await lost(city, chen, "asked", "replied")
    await chen.unblock()
    message = await chen.expect(AWAY)
    assert "有 1 条通知没有送到" in message.text
    assert "另有 1 条已经过时" in message.text
    assert "请您补充材料" not in message.text


async def test_a_step_she_was_told_of_and_that_was_taken_back_meanwhile_is_told(city):
    chen = await city.citizen()
    petition = await case(city, chen, do.Take(), do.Accept())
    await chen.expect("已受理")
    await settled(city)  # the paper comes after it
    await chen.block()
    await goes_on(city, petition, do.Undo())
    await lost(city, chen, "undone")
    await chen.unblock()
    message = await chen.expect(AWAY)
    assert "更正：「受理」已撤销" in message.text


async def test_what_arrived_in_part_and_was_taken_back_meanwhile_is_corrected(city):
    """She left between the words of the reply and its paper."""
    chen = await city.citizen()
    petition = await case(city, chen, do.Take(), do.Accept())
    await chen.expect("已受理")
    await settled(city)
    await city.client.fault("sendDocument", "500", times=1)
    await goes_on(city, petition, REPLIED[-1])
    row = "SELECT attempts > 0 AND progress > 0 FROM outbox WHERE key = 'notice.replied'"
    await until(city, lambda: ask(city, row) == [(1,)])
    await chen.block()
    await lost(city, chen, "replied")
    await goes_on(city, petition, do.Undo())
    await settled(city)
    await chen.unblock()
    message = await chen.expect(AWAY)
    assert "更正：「答复」已撤销" in message.text
    assert len(message.buttons) == 1  # the acceptance is no matter of this message


async def test_a_survey_she_missed_is_asked_while_it_is_open_only(city):
    chen, wang = await city.citizen(), await city.citizen(1002)
    for person in (chen, wang):
        await case(city, person, *REPLIED)
        await person.expect("申请复查")
    await settled(city)
    for person in (chen, wang):
        await person.block()
    await city.later(days=1, minutes=1)
    for person in (chen, wang):
        await lost(city, person, "survey")
    await city.later(days=3, minutes=1)
    for person in (chen, wang):
        await lost(city, person, "survey", "survey_reminder")
    await chen.unblock()
    message = await chen.expect(AWAY)
    assert message.text.count("请您评价") == 1
    await tap(chen, "小区水管爆裂")
    assert (await chen.expect("状态：已答复")).data("评价") is not None
    await city.later(days=60)
    await wang.unblock()
    await wang.type("/start")
    await wang.expect("云江市信访局")
    assert await told(wang) == []
    assert ask(city, UNTOLD, wang.id) == [(0,)]


async def test_several_cases_are_one_message_in_her_language(city):
    chen = await city.citizen()
    cases = [await case(city, chen, do.Take(), title=f"小区水管爆裂{n}") for n in (1, 2, 3)]
    await chen.type("/language")
    await tap(chen, "English")
    await chen.expect("English")
    await chen.block()
    for each in cases:
        await goes_on(city, each, do.Accept())
    await lost(city, chen, *["accepted"] * 3)
    await chen.unblock()
    message = await chen.expect("While you were away")
    assert "3 notices did not reach you" in message.text
    assert [numbers.show(each.number) in message.text for each in cases] == [True] * 3
    assert message.text.count("accepted by") == 3
    assert len(message.buttons) == 3
    await chen.tap("小区水管爆裂2", message=message)
    shown = await chen.expect(lambda seen: "State:" in seen.text)
    assert numbers.show(cases[1].number) in shown.text


async def test_who_leaves_again_before_reading_is_told_when_they_are_really_back(city):
    chen = await city.citizen()
    petition = await case(city, chen, do.Take())
    await chen.block()
    await goes_on(city, petition, do.Accept())
    await lost(city, chen, "accepted")
    await city.stop()
    await chen.unblock()
    await chen.block()
    await city.start()
    await until(city, lambda: ("missed.list", "blocked") in ask(city, LOST, chen.id))
    assert ask(city, UNTOLD, chen.id) == [(1,)]
    await chen.unblock()
    assert "有 1 条通知没有送到" in (await chen.expect(AWAY)).text
    assert ask(city, UNTOLD, chen.id) == [(0,)]


async def test_an_answer_that_did_not_arrive_is_no_notice(city):
    chen = await city.citizen()
    await case(city, chen, do.Take())
    await chen.type("/help")
    await chen.expect("怎么用")
    await chen.block()
    await chen.unblock()
    await chen.type("/start")
    await chen.expect("云江市信访局")
    assert await told(chen) == []


async def test_a_report_tells_its_own_petitioner_and_its_examiners(city):
    """The card of a report says no more than before, and that nothing arrives."""
    chen = await city.citizen()
    petition = await case(city, chen, purpose="accusation", against_units=["jiaotong"])
    number = numbers.show(petition.number)
    await city.sun.expect(number, chat=city.jiwei)
    await chen.block()
    shown = await city.sun.expect(SIGN, chat=city.jiwei)
    assert shown.text.startswith(number)
    for viewer, group in ((city.he, city.jiaotong), (city.li, city.zhujian)):
        assert all(number not in seen.text for seen in await viewer.sees(chat=group))
