"""Found by fresh eyes: a group that two units share, and a survey that was never asked."""

from acceptance.officers import happen, known
from acceptance.scenes import REPLIED, ask, case

from petitions import commands as do
from petitions import numbers


async def said(person, command, chat) -> str:
    """What this command brings there: the text of the list and its buttons."""
    await person.type(command, chat)
    lists = ("督办清单", "没有", "待办", "未办结", "您")
    seen = await person.expect(lambda s: any(word in s.text for word in lists), chat=chat)
    rows = seen.raw.get("reply_markup", {}).get("inline_keyboard", [])
    return seen.text + "".join(button["text"] for row in rows for button in row)


async def test_a_list_asked_for_in_a_shared_group_named_a_report_about_who_reads_it(quiet_city):
    """TL 30: its card was kept from the group, but /todo and /overdue said its number there."""
    city = quiet_city
    office = city.office_file.read_text("utf-8").replace("group = -5004", "group = -5002")
    city.office_file = city.folder / "office.toml"
    city.office_file.write_text(office, "utf-8")
    await city.start()
    chen, sun = await city.citizen(), city.sun
    await city.client.member(city.zhujian, sun, "member")
    await known(sun, city.zhou)
    report = {"purpose": "accusation", "category": None, "by": sun.id}
    about = numbers.show((await case(city, chen, against="周敏收了钱", **report)).number)
    other = numbers.show((await case(city, chen, against="某某收了钱", **report)).number)
    await city.later(days=40)
    for command in ("/todo", "/overdue"):
        there = await said(sun, command, city.zhujian)
        assert other in there
        assert about not in there, command
    assert about in await said(sun, "/overdue", None)


async def test_a_step_of_the_review_taken_back_took_the_survey_of_the_reply_along(quiet_city):
    """The reply stands while it is reviewed, and what it was worth is still asked."""
    city = quiet_city
    await city.start()
    chen = await city.citizen()
    replied = await case(city, chen, *REPLIED)
    planned = "SELECT count(*) FROM due WHERE kind = 'survey' AND done_at IS NULL AND subject = ?"
    assert ask(city, planned, replied.id) == [(1,)]
    await happen(city, replied, chen.id, do.AskReview(("不服。",)))
    await happen(city, replied, city.qian.id, do.Take())
    await happen(city, replied, city.qian.id, do.Undo())
    assert ask(city, planned, replied.id) == [(1,)]
