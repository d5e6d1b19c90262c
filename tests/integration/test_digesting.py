"""Which digest is planned, told, passed over: by the rows of `due`, whatever the clock does."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from desks import Time, a_desk, rows
from making import NOW, RULES, a_filing

from bot.digests import Digests
from bot.loading import load_house
from dialogs.digesting import DIGEST, Reader
from dialogs.digests import digest_of
from documents import draw, read
from notifier.schedule import Schedule
from petitions import events as ev
from petitions.commands import Register
from petitions.deadlines import DayKind, Deadline
from petitions.indicators import Period, Scope
from petitions.lifecycle import register
from petitions.office import parse_office
from petitions.record import Party, Petition
from petitions.rhythm import Digests as Rhythm
from petitions.rhythm import Weekly
from storage import due, groups, record
from storage.database import Desk
from storage.messages import Parcel
from storage.unit import Unit
from storage.urgency import urgent

SAMPLE = files("bot").joinpath("sample", "office.toml").read_text("utf-8")
MONDAY = datetime(2026, 3, 9, 1, tzinfo=UTC)  # 9:00 in Shanghai; the test begins the week before
TODAY = date(2026, 3, 2)


class Told:
    """The schedule with its digests, as the bot wires them."""

    def __init__(self, desk: Desk, time: Time) -> None:
        self.desk, self.time = desk, time
        self.house = load_house(parse_office(SAMPLE), "minsheng_bot")
        self.wire()

    def wire(self) -> None:
        """The program starts."""
        self.digests = Digests(self.desk, self.house)
        errands = {DIGEST: self.digests.run}
        self.schedule = Schedule(self.desk, self.no_other, {}, errands)

    @staticmethod
    def no_other(_unit: Unit, duty: due.Duty) -> list[Parcel]:
        raise AssertionError(duty.kind)

    def office(self, **rhythm: Any) -> None:
        """The office file is changed and the program started anew."""
        office = self.house.office.model_copy(update={"digests": Rhythm(**rhythm)})
        self.house = replace(self.house, rules=replace(self.house.rules, office=office))
        self.wire()

    async def at(self, moment: datetime) -> list[str]:
        """It is then; what the digests that are told now are of, without their workbooks."""
        self.time.now = moment
        before = len(await self.sent())
        await self.digests.begin()
        for _ in range(3):  # what was missed plans what is newest, which has come too
            await self.schedule.tick()
            await self.schedule.idle()
        return (await self.sent())[before:]

    async def sent(self) -> list[str]:
        """Chat, period and rhythm of every picture that was put out."""

        def work(unit: Unit) -> list[str]:
            found = []
            for row in unit.run(_outbox()).all():
                post = Parcel.model_validate_json(unit.open(row.payload, row.key_id)).post
                assert post is not None
                assert post.paper is not None
                if post.paper.photo:
                    digest: Any = read(post.paper.kind, post.paper.facts)
                    period = digest.report.period
                    found.append(f"{row.chat_id} {period.kind} {period.first}")
            return found

        return await self.desk.unit(work)

    async def open(self) -> dict[str, datetime]:
        """What is planned, by subject."""
        return {r.subject: r.due_at for r in await rows(self.desk, "due") if r.done_at is None}


def _outbox() -> Any:
    from sqlalchemy import select

    from storage.tables import outbox

    return select(outbox).order_by(outbox.c.id)


@pytest.fixture
async def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Told]:
    time = Time().patch(monkeypatch)
    async with a_desk(tmp_path / "m.sqlite3", time) as desk:
        yield Told(desk, time)


def overall(kind: str, first: str) -> list[str]:
    """Both groups that hear of the whole office."""
    return [f"{chat} {kind} {first}" for chat in (-5003, -5001)]


def of_all(sent: list[str]) -> list[str]:
    return sorted(each for each in sent if each.startswith(("-5001 ", "-5003 ")))


async def test_a_first_start_plans_the_next_of_each_and_tells_nothing(told: Told) -> None:
    assert await told.at(NOW) == []
    planned = await told.open()
    assert set(planned) >= {
        "week:2026-03-02:zhujian",
        "week:2026-03-02:ducha",
        "month:2026-03-01:ducha",
        "quarter:2026-01-01:xinfang",
    }
    assert not {s for s in planned if s.endswith((":jiwei", ":shengjw"))}
    assert not {s for s in planned if s.startswith("month") and s.endswith(":zhujian")}
    assert await told.at(NOW + timedelta(hours=1)) == []
    assert await told.open() == planned


@pytest.mark.usefixtures("either")
async def test_each_week_is_told_once_in_each_group(told: Told) -> None:
    await told.at(NOW)
    assert await told.at(MONDAY - timedelta(seconds=1)) == []
    sent = await told.at(MONDAY)
    assert sorted(sent) == sorted(set(sent))
    assert len(sent) == len([s for s in await told.open() if s.startswith("week")]) == 8
    assert of_all(sent) == sorted(overall("week", "2026-03-02"))
    assert await told.at(MONDAY + timedelta(days=6)) == []
    assert of_all(await told.at(MONDAY + timedelta(days=7))) == sorted(
        overall("week", "2026-03-09")
    )


async def test_a_picture_and_its_workbook_go_out_together_with_the_same_figures(
    told: Told,
) -> None:
    await told.at(NOW)
    await told.at(MONDAY)

    def work(unit: Unit) -> list[Any]:
        found = unit.run(_outbox()).all()
        return [Parcel.model_validate_json(unit.open(r.payload, r.key_id)) for r in found]

    parcels = [p for p in await told.desk.look(work) if p.chat_id == -5003]
    assert [p.post.paper.kind for p in parcels] == ["digest", "digest_table"]
    assert parcels[0].post.paper.facts == parcels[1].post.paper.facts
    assert not any(parcel.urgent for parcel in parcels)
    for parcel in parcels:
        paper = parcel.post.paper
        assert draw(read(paper.kind, paper.facts), paper.language, told.house.words)


@pytest.mark.usefixtures("either")
async def test_after_a_month_down_the_newest_week_and_month_are_told_once(told: Told) -> None:
    await told.at(NOW)
    later = datetime(2026, 4, 8, 2, tzinfo=UTC)
    told.wire()
    sent = of_all(await told.at(later))
    assert sent == sorted(
        overall("week", "2026-03-30")
        + overall("month", "2026-03-01")
        + overall("quarter", "2026-01-01")
    )
    assert await told.at(later + timedelta(hours=1)) == []


async def test_after_a_day_down_it_is_not_too_late(told: Told) -> None:
    await told.at(NOW)
    assert of_all(await told.at(MONDAY + timedelta(days=1))) == sorted(
        overall("week", "2026-03-02")
    )


async def test_a_clock_that_ran_ahead_and_came_back_tells_nothing_twice_and_misses_nothing(
    told: Told,
) -> None:
    await told.at(NOW)
    ahead = of_all(await told.at(MONDAY + timedelta(weeks=5)))
    assert overall("week", "2026-04-06")[0] in ahead
    assert await told.at(NOW) == []
    weeks = [of_all(await told.at(MONDAY + timedelta(weeks=n))) for n in range(7)]
    told_weeks = [[s for s in week if " week " in s] for week in weeks]
    firsts = ["2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30"]
    assert told_weeks[:5] == [sorted(overall("week", first)) for first in firsts]
    assert told_weeks[5] == []  # told when the clock was ahead
    assert told_weeks[6] == sorted(overall("week", "2026-04-13"))


async def test_an_hour_moved_on_is_kept_and_one_moved_back_tells_nothing_twice(told: Told) -> None:
    await told.at(NOW)
    told.office(week=Weekly(day=2))
    assert await told.at(MONDAY) == []
    tuesday = MONDAY + timedelta(days=1)
    assert of_all(await told.at(tuesday)) == sorted(overall("week", "2026-03-02"))
    told.office(week=Weekly(day=3))
    assert await told.at(tuesday + timedelta(days=1)) == []
    assert of_all(await told.at(tuesday + timedelta(days=8))) == sorted(
        overall("week", "2026-03-09")
    )


@pytest.mark.usefixtures("either")
async def test_a_digest_that_two_processes_counted_is_told_by_one(told: Told) -> None:
    await told.at(NOW)
    told.time.now = MONDAY
    duties = await told.desk.unit(lambda u: due.claim(u, 100, {DIGEST}))
    (duty,) = [d for d in duties if d.subject == "week:2026-03-02:ducha"]
    told.time.pass_(due.LONG_LEASE)  # the first one took too long
    again = await told.desk.unit(lambda u: due.claim(u, 100, {DIGEST}))
    (other,) = [d for d in again if d.subject == duty.subject]
    await told.digests.run(other)
    with pytest.raises(due.NotOurs):
        await told.digests.run(duty)
    assert await told.sent() == ["-5003 week 2026-03-02"]
    assert "week:2026-03-09:ducha" in await told.open()


async def test_what_the_office_turned_off_is_told_no_more(told: Told) -> None:
    await told.at(NOW)
    told.office(off=frozenset({"week"}), own=frozenset())
    assert await told.at(MONDAY) == []
    assert not [s for s in await told.open() if s.startswith("week")]
    told.office()
    assert await told.at(MONDAY + timedelta(days=6)) == []
    assert of_all(await told.at(MONDAY + timedelta(days=7))) == sorted(
        overall("week", "2026-03-09")
    )


async def test_a_unit_without_a_group_is_told_nothing_until_it_has_one(told: Told) -> None:
    units = tuple(
        u.model_copy(update={"group": None}) if u.id == "zhujian" else u
        for u in told.house.office.units
    )
    office = told.house.office.model_copy(update={"units": units})
    told.house = replace(told.house, rules=replace(told.house.rules, office=office))
    told.wire()
    await told.at(NOW)
    assert not [s for s in await told.at(MONDAY) if s.startswith("-5002 ")]
    await told.desk.unit(lambda unit: groups.bind(unit, "zhujian", -7000))
    assert "-7000 week 2026-03-09" in await told.at(MONDAY + timedelta(days=7))


async def test_a_group_that_hears_of_all_is_not_told_of_a_unit_that_shares_it(told: Told) -> None:
    await told.desk.unit(lambda unit: groups.bind(unit, "zhujian", -5003))
    await told.at(NOW)
    sent = await told.at(MONDAY)
    assert [s for s in sent if s.startswith("-5003 ")] == ["-5003 week 2026-03-02"]


async def test_one_that_cannot_be_counted_keeps_no_other_waiting_and_is_tried_again(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    await told.at(NOW)
    look = told.desk.look

    async def broken(work: Any) -> Any:
        if "ducha" in work.keywords["duty"].subject:
            raise KeyError("x")
        return await look(work)

    monkeypatch.setattr(told.desk, "look", broken)
    sent = await told.at(MONDAY)
    assert not [s for s in sent if s.startswith("-5003")]
    assert [s for s in sent if s.startswith("-5001")]
    monkeypatch.setattr(told.desk, "look", look)
    told.time.pass_(61)
    assert await told.at(told.time.now) == ["-5003 week 2026-03-02"]


def test_a_row_names_its_period_and_reader() -> None:
    reader = Reader("week", "zhujian", Period.of("week", date(2026, 3, 4)))
    assert reader.subject == "week:2026-03-02:zhujian"
    assert Reader.of(reader.subject) == reader


# -- what is urgent ------------------------------------------------------------------------------


async def filed(desk: Desk, number: str, days: int, *events: Any, **filing: Any) -> Petition:
    """A case whose next deadline is so many days from today."""
    limit = Deadline("handle", TODAY + timedelta(days=days), DayKind.CALENDAR, "TL 34", False)

    def work(unit: Unit) -> Petition:
        key = unit.vault.new_key(unit.connection)
        made = register(Register(a_filing(**filing), number, "00"), NOW, RULES)
        petition = record.register(unit, made, 1001, Party("petitioner", 1001), key, number)
        for event in (ev.Accepted(deadlines=(limit,)), *events):
            petition = record.append(unit, petition, event, Party("officer", 1, "front"))
        return petition

    return await desk.unit(work)


@pytest.mark.usefixtures("either")
async def test_what_is_urgent_is_counted_for_its_units_and_never_a_report(told: Told) -> None:
    desk = told.desk
    limit = Deadline("supervision", TODAY, DayKind.WORKING, "TL 40", False)
    asked = ev.Supervised(method=ev.Method.PHONE, unit="front", text=("?",), deadline=limit)
    await filed(desk, "1", -1)
    await filed(desk, "2", 0)
    await filed(desk, "3", 7)
    await filed(desk, "4", 8)
    await filed(desk, "5", 30, asked)
    secret = await filed(desk, "6", -1, purpose=ev.Purpose.ACCUSATION)
    whole, own = Scope(), Scope(("front",))
    assert await desk.look(lambda u: urgent(u, whole, TODAY, 7)) == (1, 3, 1)
    assert await desk.look(lambda u: urgent(u, own, TODAY, 7)) == (1, 3, 1)
    other = Scope((secret.unit, "nobody"))
    assert await desk.look(lambda u: urgent(u, other, TODAY, 7)) == (0, 0, 0)


async def test_every_id_of_a_report_has_its_name(told: Told) -> None:
    await filed(told.desk, "1", 3, category="urban.utilities")

    def work(unit: Unit) -> Any:
        period = Period.of("month", TODAY)
        return digest_of(unit, told.house, "en", Scope(), period)

    digest = await told.desk.look(work)
    assert digest.scope == ""
    assert digest.categories["urban.utilities"] != "urban.utilities"
    assert digest.issuer == "Yunjiang City Petition Office"
    assert digest.urgent is None
    gone = set(digest.units) - {unit.id for unit in told.house.office.units}
    assert {digest.units[unit] for unit in gone} == gone != set()  # of another day's office file


async def test_a_group_that_the_petition_office_and_its_supervisors_share_is_told_once(
    told: Told,
) -> None:
    both = {"xinfang": -5001, "ducha": -5001}
    await told.desk.unit(lambda unit: [groups.bind(unit, u, chat) for u, chat in both.items()])
    await told.at(NOW)
    assert of_all(await told.at(MONDAY)) == ["-5001 week 2026-03-02"]
