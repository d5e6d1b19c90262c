"""Days pass, the desk is down, the clock is wrong: what is said once, what is not said, what stays.

The emulator's clock is moved; what the computer's own does is in tests/integration/test_jumps.py.
"""

import datetime as dt
from collections import Counter

import pytest
from acceptance.officers import ELSEWHERE, happen, known, settled
from acceptance.scenes import REPLIED, REPLY, as_it_stands, ask, case, kinds, tap, until
from structlog.testing import capture_logs

from petitions import commands as do
from petitions import numbers
from petitions.events import Finding
from storage.columns import microseconds


async def on(city, day: str, hour: int = 10) -> None:
    """It is this hour of that day in the office, and what fell due by then was done and said."""
    now = dt.datetime.fromisoformat(f"{day}T{hour:02}:00:00+08:00").astimezone(dt.UTC)
    await city.client.clock(set=now.isoformat())
    late = "SELECT count(*) FROM due WHERE done_at IS NULL AND due_at <= ?"
    await city.app.schedule.tick()
    await until(city, lambda: ask(city, late, microseconds(now)) == [(0,)])
    await settled(city)


async def down_until(city, day: str, hour: int = 10) -> None:
    """The bot is not there until then."""
    await city.stop()
    await city.client.clock(set=f"{day}T{hour:02}:00:00+08:00")
    await city.start()
    await on(city, day, hour)


async def said(person, sign: str, chat=None) -> list[str]:
    """What the bot has said here that begins with this sign."""
    return [m.text for m in await person.sees(chat) if m.from_bot and m.text.startswith(sign)]


# -- the last days for a review ------------------------------------------------------------------


async def test_a_petitioner_hears_that_the_time_for_a_review_is_nearly_over(city):
    chen = await city.citizen()
    petition = await case(city, chen, *REPLIED)
    number = numbers.show(petition.number)
    for day, told in (
        ("2026-03-24", 0),
        ("2026-03-25", 1),
        ("2026-03-26", 1),
        ("2026-03-30", 1),
        ("2026-03-31", 2),
        ("2026-04-01", 2),
        ("2026-04-20", 2),
    ):
        await on(city, day)
        assert len(await said(chen, "⏳")) == told, day
    first, second = await said(chen, "⏳")
    assert first.startswith(
        f"⏳ 您的信访事项 {number}：如果不同意市住建局的答复，可以申请复查，还有 7 天，"
        "最后一天是 2026年4月1日（《信访工作条例》第35条）。"
    )
    assert "还有 1 天，最后一天是 2026年4月1日" in second


async def test_the_button_of_that_notice_asks_for_the_review(city):
    chen = await city.citizen()
    await case(city, chen, *REPLIED)
    await on(city, "2026-03-25")
    notice = await chen.expect("⏳")
    await chen.tap("⚖️ 申请复查（2026年4月1日 前）", message=notice)
    await chen.expect("市政府复查复核办公室")


async def test_who_has_asked_or_whose_reply_was_taken_back_hears_nothing_of_it(city):
    chen, wang = await city.citizen(), await city.citizen(1009)
    asked = await case(city, chen, *REPLIED)
    undone = await case(city, wang, *REPLIED)
    await happen(city, asked, chen.id, do.AskReview(("不同意",), ()))
    await happen(city, undone, city.li.id, do.Undo())
    await on(city, "2026-03-25")
    await on(city, "2026-03-31")
    assert await said(chen, "⏳") == await said(wang, "⏳") == []


async def test_the_second_review_s_last_days_are_told_too(city):
    chen = await city.citizen()
    petition = await case(city, chen, *REPLIED)
    await happen(city, petition, chen.id, do.AskReview(("不同意",), ()))
    decide = do.DecideReview(Finding.UPHELD, ("维持",), "《信访工作条例》")
    await happen(city, petition, city.qian.id, do.Take(), decide)
    await on(city, "2026-03-25")
    (told,) = await said(chen, "⏳")
    assert "如果不同意市政府复查复核办公室的复查意见，可以申请复核，还有 7 天" in told


@pytest.mark.parametrize(
    ("up", "told"),
    [
        ("2026-03-28", ["还有 4 天"]),
        ("2026-03-31", ["还有 1 天"]),  # both came meanwhile; it is said once
        ("2026-04-01", ["今天（2026年4月1日）是申请复查的最后一天"]),
        ("2026-04-02", []),
    ],
)
async def test_after_days_down_it_is_said_once_if_it_is_still_true(city, up, told):
    chen = await city.citizen()
    await case(city, chen, *REPLIED)
    await on(city, "2026-03-20")
    await down_until(city, up)
    heard = await said(chen, "⏳")
    assert len(heard) == len(told)
    assert all(text in line for text, line in zip(told, heard, strict=True))


# -- drafts --------------------------------------------------------------------------------------


async def a_draft(city, chen) -> str:
    await chen.type("/new")
    await tap(chen, "求决")
    await chen.expect("我们会保存")
    return ask(city, "SELECT id FROM drafts WHERE state = 'open'")[0][0]


def state(city, draft_id: str) -> str:
    return ask(city, "SELECT state FROM drafts WHERE id = ?", draft_id)[0][0]


async def test_a_draft_is_never_deleted_before_its_owner_was_warned_and_had_the_days(city):
    """It was: after a month down the warning was late, and the draft went with it at once."""
    chen = await city.citizen()
    draft = await a_draft(city, chen)
    await down_until(city, "2026-04-02")
    await chen.expect("2 天后会自动删除")
    assert state(city, draft) == "open"
    await on(city, "2026-04-03")
    assert state(city, draft) == "open"
    await on(city, "2026-04-04", 11)
    assert state(city, draft) == "dropped"
    await chen.expect("已经到期删除")


async def test_a_clock_a_year_ahead_costs_nobody_a_draft(city):
    chen = await city.citizen()
    draft = await a_draft(city, chen)
    await on(city, "2027-03-02")
    await on(city, "2026-03-03")
    assert state(city, draft) == "open"
    await on(city, "2026-03-07", 11)
    assert state(city, draft) == "open"
    assert len(await said(chen, "您有一件信访事项还没有提交")) == 2  # a year too early, and now
    await on(city, "2026-03-09", 12)
    assert state(city, draft) == "dropped"


# -- the clock is wrong --------------------------------------------------------------------------


async def at_transport(city):
    """A case of the transport bureau's, to be replied to by 6 May."""
    await known(city.li, city.he, city.zhao, city.qian)
    chen = await city.citizen()
    made = await case(city, chen, do.Take(), do.Route("jiaotong"), category=ELSEWHERE)
    return await happen(city, made, city.he.id, do.Take(), do.Accept())


async def heard(city) -> dict[str, list[str]]:
    """What was said about deadlines, by place."""
    places = {
        "unit": (city.ma, city.jiaotong),
        "head": (city.he, None),
        "supervisors": (city.zhao, city.ducha),
        "above": (city.qian, None),
    }
    return {
        place: [*await said(who, "⏰", chat), *await said(who, "⚫", chat)]
        for place, (who, chat) in places.items()
    }


def count(found: dict[str, list[str]]) -> dict[str, int]:
    return {place: len(lines) for place, lines in found.items() if lines}


async def test_who_is_answered_first_after_days_down_takes_nothing_out_of_the_row(city):
    """It did: a tap that had waited planned the next reminder, and the head was never told."""
    petition = await at_transport(city)
    await on(city, "2026-05-05")
    await city.stop()
    await city.client.clock(set="2026-05-07T20:00:00+08:00")
    await city.start(tick_seconds=3600.0)
    await happen(city, petition, city.he.id, do.AskSupplement(("请补充",)))
    await city.restart()
    await on(city, "2026-05-07", 20)
    assert count(await heard(city)) == {"unit": 1, "head": 1}


async def test_a_clock_a_year_ahead_and_right_again_loses_and_doubles_nothing(city):
    petition = await at_transport(city)
    before = [d.due for d in petition.duties]
    await on(city, "2027-03-03")
    wrong = await heard(city)
    assert count(wrong) == {"unit": 1, "head": 1, "supervisors": 1, "above": 1}
    await on(city, "2026-03-03")
    assert [d.due for d in (await as_it_stands(city, petition)).duties] == before
    assert await heard(city) == wrong
    for day, told in (
        ("2026-04-30", {}),
        ("2026-05-01", {"unit": 1}),
        ("2026-05-05", {"unit": 2}),
        ("2026-05-07", {"unit": 2, "head": 1}),
        ("2026-05-09", {"unit": 2, "head": 1, "supervisors": 1}),
        ("2026-05-13", {"unit": 2, "head": 1, "supervisors": 1, "above": 1}),
        ("2026-06-30", {"unit": 2, "head": 1, "supervisors": 1, "above": 1}),
    ):
        await on(city, day)
        now = await heard(city)
        fresh = {
            place: list((Counter(now[place]) - Counter(wrong[place])).elements()) for place in now
        }
        assert count(fresh) == told, day


@pytest.mark.parametrize("back", ["2026-04-30", "2025-05-01"])
async def test_a_clock_that_goes_back_doubles_nothing(city, back):
    """It did: a case that moved on the day that came twice was reminded of twice."""
    petition = await at_transport(city)
    await on(city, "2026-05-01")
    once = await heard(city)
    assert count(once) == {"unit": 1}
    await on(city, back)
    await happen(city, petition, city.he.id, do.AskSupplement(("请补充",)))
    await on(city, "2026-05-01", 12)
    assert await heard(city) == once
    await on(city, "2026-05-05")
    assert count(await heard(city)) == {"unit": 2}


async def test_what_waits_for_the_morning_of_a_wrong_year_goes_when_the_clock_is_right(city):
    chen = await city.citizen()
    await on(city, "2026-03-02", 12)
    await city.client.clock(set="2027-03-02T23:00:00+08:00")
    await case_at_night(city, chen)
    waits = "SELECT count(*) FROM outbox WHERE state = 'waiting' AND reason = 'quiet hours'"
    await until(city, lambda: ask(city, waits) == [(1,)])
    await on(city, "2026-03-02", 13)
    assert len(await said(chen, "✅")) == 1


async def case_at_night(city, chen):
    return await case(city, chen, do.Take(), do.Accept())


# -- what was said late says what was done, and who did it ----------------------------------------


async def test_a_request_told_in_the_morning_names_the_unit_that_made_it(city):
    """It named the unit that has the case now, which had asked for nothing."""
    chen = await city.citizen()
    petition = await case(city, chen, *REPLIED[:2])
    await city.client.clock(set="2026-03-02T23:00:00+08:00")
    await happen(city, petition, city.li.id, REPLY)
    await happen(city, petition, chen.id, do.AskReview(("不同意",), ()))
    await on(city, "2026-03-03", 8)
    (reply,) = await said(chen, "📄")
    assert "市住建局于2026年3月2日作出答复" in reply


# -- the keeping period --------------------------------------------------------------------------


def keep(city, years: int) -> None:
    text = city.office_file.read_text("utf-8")
    city.office_file = city.folder / "office.toml"
    city.office_file.write_text(text.replace("[keeping]", f"[keeping]\npetition_years = {years}"))


async def test_what_was_closed_so_long_ago_is_named_and_a_week_later_erased(quiet_city):
    city = quiet_city
    keep(city, 2)
    await city.start()
    chen = await city.citizen()
    closed = await case(city, chen, do.Take(), do.Accept())
    await happen(city, closed, chen.id, do.Withdraw())
    running = await case(city, chen)
    reviewed = await case(city, chen, *REPLIED)
    await happen(city, reviewed, chen.id, do.AskReview(("不同意",), ()))
    with capture_logs() as logged:
        await on(city, "2028-03-01")
        await on(city, "2028-03-04")
        await on(city, "2028-03-10")
        assert "erased" not in kinds(await as_it_stands(city, closed))
        await on(city, "2028-03-12")
    events = [(e["event"], e["number"]) for e in logged if e["event"].startswith("petition.")]
    assert events == [("petition.expires", closed.number), ("petition.expired", closed.number)]
    (row,) = ask(city, "SELECT state FROM petitions WHERE number = ?", closed.number)
    assert row == ("erased",)
    last = "SELECT kind FROM entries WHERE petition_id = ? ORDER BY seq DESC LIMIT 1"
    assert ask(city, last, closed.id) == [("erased",)]
    for kept in (running, reviewed):
        assert (await as_it_stands(city, kept)).number == kept.number


async def test_without_a_keeping_period_everything_is_kept(city):
    chen = await city.citizen()
    closed = await case(city, chen)
    await happen(city, closed, chen.id, do.Withdraw())
    await on(city, "2056-03-12")
    await on(city, "2056-03-22")
    assert (await as_it_stands(city, closed)).number == closed.number
