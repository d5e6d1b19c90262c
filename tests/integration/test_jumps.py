"""Several processes, crashes, and clocks that jump: each duty is done once, and none is lost."""

import asyncio
import time as computer
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise
from pathlib import Path

import pytest
from desks import Time, a_desk, on_sqlite, rows
from structlog.testing import capture_logs

from notifier.schedule import Schedule
from notifier.ticking import Every, Ticker
from notifier.watch import Watch
from storage import ahead, due, leases, outbox, throttle
from storage.database import Desk
from storage.due import FAILING, LEASE_SECONDS, LONGEST_PAUSE, Duty, NotOurs
from storage.messages import Notice, Parcel, Post
from storage.unit import Unit

pytestmark = pytest.mark.usefixtures("either")

DAY = timedelta(days=1)
YEAR = 365 * DAY
Work = Callable[[Unit], object]


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time().patch(monkeypatch)


@pytest.fixture
async def desk(tmp_path: Path, time: Time) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path / "m.sqlite3", time) as desk:
        yield desk


async def plan(desk: Desk, at: datetime, subject: str = "p", kind: str = "survey") -> None:
    await desk.unit(lambda u: due.plan(u, kind, subject, at))


async def opened(desk: Desk) -> list[tuple[str, str]]:
    return [(r.kind, r.subject) for r in await rows(desk, "due") if r.done_at is None]


# -- several processes, and those that die -------------------------------------------------------


async def test_what_one_process_has_claimed_no_other_gets_until_the_lease_runs_out(
    desk: Desk, time: Time
) -> None:
    for n in range(5):
        await plan(desk, time.now, f"{n}")
    first = await desk.unit(lambda u: due.claim(u, 3))
    second = await desk.unit(lambda u: due.claim(u, 3))
    assert [d.subject for d in (*first, *second)] == ["0", "1", "2", "3", "4"]
    assert await desk.unit(due.claim) == []
    time.real += LEASE_SECONDS
    again = await desk.unit(due.claim)
    assert [(d.subject, d.attempts) for d in again] == [(f"{n}", 2) for n in range(5)]


async def test_a_duty_that_another_process_took_over_leaves_nothing_behind(
    desk: Desk, time: Time
) -> None:
    await plan(desk, time.now)
    (slow,) = await desk.unit(due.claim)
    time.real += LEASE_SECONDS
    (quick,) = await desk.unit(due.claim)

    def work(unit: Unit, duty: Duty) -> None:
        outbox.put(unit, [Parcel(chat_id=5, post=Post(key="k", text="t"), urgent=False)])
        due.done(unit, duty)

    with pytest.raises(NotOurs):
        await desk.unit(lambda u: work(u, slow))
    assert await rows(desk, "outbox") == []
    await desk.unit(lambda u: work(u, quick))
    assert len(await rows(desk, "outbox")) == 1
    assert await opened(desk) == []


async def test_several_schedules_do_each_duty_once(desk: Desk, time: Time) -> None:
    """On PostgreSQL they are several connections at work at one time, as several processes are."""

    def do(_unit: Unit, duty: Duty) -> list[Parcel]:
        return [Parcel(chat_id=int(duty.subject), post=Post(key="k", text="t"), urgent=False)]

    for n in range(250):
        await plan(desk, time.now, f"{n + 1}")
    schedules = [Schedule(desk, do, {}) for _ in range(3)]
    await asyncio.gather(*(schedule.tick() for schedule in schedules))
    told = Counter(row.chat_id for row in await rows(desk, "outbox"))
    assert told == dict.fromkeys(range(1, 251), 1)
    assert await opened(desk) == []


async def test_a_plan_made_twice_at_once_stands_once(desk: Desk, time: Time) -> None:
    """Three processes that start together would have made three of the day's backup."""
    work: Work = lambda u: due.ensure(u, "backup", "office", time.now + DAY)  # noqa: E731
    await asyncio.gather(*(desk.unit(work) for _ in range(8)))
    assert await opened(desk) == [("backup", "office")]


async def died(desk: Desk) -> None:
    await desk.unit(lambda u: leases.give_back(u, {desk.process}))


async def test_leases_of_a_process_that_died_are_free_after_the_start(
    desk: Desk, time: Time
) -> None:
    """But not of what ends it each time."""
    await plan(desk, time.now)
    assert len(await desk.unit(due.claim)) == 1
    await died(desk)
    assert len(await desk.unit(due.claim)) == 1
    await died(desk)  # it was in hand at the second death in a row
    assert await desk.unit(due.claim) == []
    time.real += LEASE_SECONDS
    assert len(await desk.unit(due.claim)) == 1


# -- what fails ----------------------------------------------------------------------------------


async def test_what_fails_is_tried_after_growing_pauses_and_daily_in_the_end(
    desk: Desk, time: Time
) -> None:
    tries: list[float] = []

    def do(_unit: Unit, duty: Duty) -> list[Parcel]:
        if duty.subject == "bad":
            tries.append(time.real)
            raise KeyError("bad")
        return []

    schedule = Schedule(desk, do, {})
    await plan(desk, time.now, "bad")
    with capture_logs() as logged:
        while len(tries) < 14:
            await schedule.tick()
            free = (await rows(desk, "due"))[0].hold_until
            time.real = free - 0.5
            await schedule.tick()
            time.real = free
    pauses = [round((b - a) / 60) for a, b in pairwise(tries)]
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1440, 1440]
    said = [e["event"] for e in logged]
    assert said == ["duty.failed"] * (FAILING - 1) + ["duty.keeps_failing"] * (15 - FAILING)
    assert await desk.look(due.failing) == 1
    await plan(desk, time.now, "good")
    await schedule.tick()
    assert await opened(desk) == [("survey", "bad")]


# -- the clock of the computer -------------------------------------------------------------------


async def test_real_time_that_is_set_back_holds_nothing_for_a_year(desk: Desk, time: Time) -> None:
    await plan(desk, time.now)
    (duty,) = await desk.unit(due.claim)
    await desk.unit(lambda u: due.put_off(u, duty))
    time.real -= 2 * LONGEST_PAUSE
    assert len(await desk.unit(due.claim)) == 1


async def test_no_duty_is_done_while_the_clock_is_in_doubt(desk: Desk, time: Time) -> None:
    offset, did = [0.0], []
    watch = Watch(lambda: time.real + offset[0], lambda: time.real)

    def do(_unit: Unit, duty: Duty) -> list[Parcel]:
        did.append(duty.subject)
        return []

    pruned, other = [], []

    async def prune() -> None:
        pruned.append(1)

    async def job() -> None:
        other.append(1)

    schedule = Schedule(desk, do, {}, watch=watch)
    await plan(desk, time.now)
    offset[0] = YEAR.total_seconds()
    with capture_logs() as logged:
        await schedule._guarded("duties", schedule.tick)
        await schedule._guarded("prune", prune)
        await schedule._guarded("seal", job)
    assert (did, pruned, other) == ([], [], [1])
    assert [e["event"] for e in logged] == ["clock.jumped"]
    offset[0] = 0.0
    await schedule._guarded("duties", schedule.tick)
    assert did == ["p"]


class Wall:
    """The computer's clock as the scheduler sees it, moved by the test."""

    def __init__(self) -> None:
        self.offset = timedelta(0)

    def now(self, zone: tzinfo) -> datetime:
        return datetime.now(zone) + self.offset

    def time(self) -> float:
        return computer.time() + self.offset.total_seconds()

    def monotonic(self) -> float:
        return computer.monotonic()


@on_sqlite
@pytest.mark.parametrize("jump", [YEAR, -YEAR, DAY, -DAY])
async def test_the_ticking_goes_on_after_a_jump_of_the_computer_s_clock(
    jump: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stopped for a year when the clock was set back, and counted its seconds when ahead."""
    ticks = asyncio.Event()

    async def job() -> None:
        ticks.set()

    wall = Wall()
    monkeypatch.setattr("apscheduler.schedulers.base.datetime", wall)
    monkeypatch.setattr("notifier.ticking.time", wall)
    ticker = Ticker()
    ticker.add_job(job, Every(0.02))
    ticker.start()
    began = computer.monotonic()
    for offset in (timedelta(0), jump, timedelta(0)):
        wall.offset = offset
        for _ in range(3):
            await asyncio.wait_for(ticks.wait(), 20)
            ticks.clear()
    assert computer.monotonic() - began < 15
    ticker.shutdown(wait=False)
    await asyncio.sleep(0)


# -- a clock that ran ahead ----------------------------------------------------------------------


async def test_what_a_clock_a_year_ahead_did_is_looked_at_again_at_its_time(
    desk: Desk, time: Time
) -> None:
    at = time.now + 3 * DAY
    await plan(desk, at)
    right, time.now = time.now, time.now + YEAR
    (duty,) = await desk.unit(due.claim)
    await desk.unit(lambda u: due.done(u, duty))
    await desk.unit(lambda u: due.plan(u, "survey", "p", time.now + DAY))  # the next one
    time.now = right
    assert await desk.unit(ahead.mend) is False
    assert await opened(desk) == [("survey", "p")]
    assert await desk.unit(due.come) == []
    time.now = at
    assert [d.due_at for d in await desk.unit(due.come)] == [at]
    time.now = right
    await desk.unit(ahead.mend)  # nothing is left to mend
    assert len([r for r in await rows(desk, "due") if r.done_at is None]) == 1


async def test_what_was_done_in_time_stays_done_when_the_clock_runs_behind(
    desk: Desk, time: Time
) -> None:
    await plan(desk, time.now)
    (duty,) = await desk.unit(due.claim)
    await desk.unit(lambda u: due.done(u, duty))
    time.now -= YEAR
    await desk.unit(ahead.mend)
    assert await opened(desk) == []


async def test_a_message_and_a_lock_of_a_wrong_year_do_not_wait_for_it(
    desk: Desk, time: Time
) -> None:
    soon = Parcel(chat_id=5, notice=Notice(kind="n"), urgent=False, delay_seconds=3600)
    right, time.now = time.now, time.now + YEAR

    def work(unit: Unit) -> None:
        (row,) = [] or outbox.put(unit, [Parcel(chat_id=5, notice=Notice(kind="late"))])
        outbox.defer(unit, row, unit.now + timedelta(hours=8))
        throttle.count(unit, "bind:5", timedelta(hours=1))

    await desk.unit(work)
    time.now = right
    await desk.unit(lambda u: outbox.put(u, [soon]))
    await desk.unit(ahead.mend)
    waiting = {r.key: r.due_at for r in await rows(desk, "outbox")}
    now = due_of(time.now)
    assert waiting == {"notice.late": now, "notice.n": now + 3600 * 1_000_000}
    assert not await desk.look(lambda u: throttle.spent(u, "bind:5", 1, timedelta(hours=1)))


def due_of(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)


async def test_what_is_noted_counts_unless_it_is_dated_more_than_a_week_ahead(
    desk: Desk, time: Time
) -> None:
    at = time.now + 3 * DAY

    async def noted() -> bool:
        return await desk.look(lambda u: due.noted(u, "reminded", "p", "answer", at))

    time.now += YEAR
    await desk.unit(lambda u: due.note(u, "reminded", "p", "answer", at))
    assert await noted()
    time.now -= YEAR
    assert not await noted()
    time.now = at
    assert not await noted()
    await desk.unit(lambda u: due.note(u, "reminded", "p", "answer", at))
    assert await noted()
    time.now -= DAY  # the clock goes back: it is not to be done twice
    assert await noted()
    assert await desk.unit(due.come) == []
