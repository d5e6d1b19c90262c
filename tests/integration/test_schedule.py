"""What falls due is done once, in one unit with what it says; what fails is tried again."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from desks import Time, a_desk, rows
from structlog.testing import capture_logs

from notifier.schedule import RETRY_SECONDS, Schedule
from storage import due, record
from storage.database import Desk, Unavailable
from storage.due import Duty
from storage.messages import Parcel, Post
from storage.unit import Unit

pytestmark = pytest.mark.usefixtures("either")


@dataclass
class Office:
    """The schedule, and what it did."""

    desk: Desk
    time: Time
    did: list[str] = field(default_factory=list)
    failing: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.schedule = Schedule(self.desk, self.do, {})

    def do(self, unit: Unit, duty: Duty) -> list[Parcel]:
        self.did.append(duty.subject)
        if duty.kind == "again" and len(self.did) < 3:
            due.plan(unit, duty.kind, duty.subject, unit.now + timedelta(hours=1))
        if duty.subject in self.failing:
            due.plan(unit, "half", duty.subject, unit.now)
            raise KeyError(duty.subject)
        if duty.subject in self.erased:
            raise record.Unknown(duty.subject)
        return [Parcel(chat_id=5, post=Post(key="k", text=duty.subject), urgent=False)]

    async def tick(self) -> None:
        async with asyncio.timeout(20):  # a duty that is never done would tick for ever
            await self.schedule.tick()

    async def plan(self, subject: str, hours: float = 0, kind: str = "survey") -> None:
        at = self.time.now + timedelta(hours=hours)
        await self.desk.unit(lambda u: due.plan(u, kind, subject, at))


@pytest.fixture
async def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    time = Time().patch(monkeypatch)
    async with a_desk(tmp_path / "m.sqlite3", time) as desk:
        yield Office(desk, time)


async def test_what_has_fallen_due_is_done_once_in_order(office: Office) -> None:
    await office.plan("late", 2)
    await office.plan("soon", 1)
    await office.tick()
    assert office.did == []
    office.time.pass_(3 * 3600)
    await office.tick()
    await office.tick()
    assert office.did == ["soon", "late"]
    assert len(await rows(office.desk, "outbox")) == 2


async def test_more_than_one_page_of_duties_is_done_in_one_tick(office: Office) -> None:
    for n in range(250):
        await office.plan(f"{n}")
    await office.tick()
    assert len(office.did) == 250


async def test_a_duty_that_fails_leaves_nothing_behind_and_is_tried_again(office: Office) -> None:
    office.failing = {"bad"}
    await office.plan("bad")
    await office.plan("good")
    await office.tick()
    assert sorted(office.did) == ["bad", "good"]
    assert [r.kind for r in await rows(office.desk, "due")] == ["survey", "survey"]
    assert len(await rows(office.desk, "outbox")) == 1
    office.time.pass_(RETRY_SECONDS - 1)
    await office.tick()
    assert len(office.did) == 2
    office.failing = set()
    office.time.pass_(1)
    await office.tick()
    assert office.did[2:] == ["bad"]
    assert len(await rows(office.desk, "outbox")) == 2


async def test_a_duty_of_a_petition_that_is_erased_meanwhile_is_done(office: Office) -> None:
    """Between looking it up and doing it, the operator's command may have been quicker."""
    await office.plan("erased")
    await office.plan("good")
    office.erased = {"erased"}
    with capture_logs() as logged:
        await office.tick()
        await office.tick()
    assert sorted(office.did) == ["erased", "good"]
    assert [r.done_at is None for r in await rows(office.desk, "due")] == [False, False]
    assert [(r["event"], r["log_level"]) for r in logged] == [("duty.of_nothing", "info")]


async def test_a_duty_may_plan_itself_anew(office: Office) -> None:
    await office.plan("p", kind="again")
    for _ in range(4):
        await office.tick()
        office.time.pass_(3600)
    assert office.did == ["p", "p", "p"]


async def test_a_database_that_is_away_leaves_the_duty_for_the_next_tick(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.plan("p")
    unit = office.desk.unit

    async def away(_work: object) -> object:
        raise Unavailable

    monkeypatch.setattr(office.desk, "unit", away)
    with pytest.raises(Unavailable):
        await office.tick()
    await office.schedule._guarded("duties", office.schedule.tick)
    monkeypatch.setattr(office.desk, "unit", unit)
    await office.tick()
    assert office.did == ["p"]


async def test_the_clock_ticks_every_job_until_it_is_stopped(office: Office) -> None:
    jobs: dict[str, asyncio.Event] = {"a": asyncio.Event(), "b": asyncio.Event()}
    calls = 0

    async def job_a() -> None:
        nonlocal calls
        calls += 1
        jobs["a"].set()
        raise Unavailable  # is heard of, and does not end the ticking

    async def job_b() -> None:
        if calls > 1:
            jobs["b"].set()

    schedule = Schedule(office.desk, office.do, {"a": (job_a, 0.01), "b": (job_b, 0.01)})
    await office.plan("p")
    schedule.start(0.01)
    async with asyncio.timeout(10):
        await jobs["a"].wait()
        await jobs["b"].wait()
    schedule.stop()
    schedule.stop()
    assert calls > 1
