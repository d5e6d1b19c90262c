"""What broke about errands once: each test is named for what it was."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from desks import Time, a_desk

from notifier.schedule import Schedule
from storage import due
from storage.database import Desk, Unavailable
from storage.due import FIRST_PAUSE, Duty
from storage.messages import Parcel
from storage.unit import Unit

pytestmark = pytest.mark.usefixtures("either")
MANY = 12


def no_other(_unit: Unit, duty: Duty) -> list[Parcel]:
    raise AssertionError(duty.kind)


async def planned(desk: Desk, count: int) -> None:
    for n in range(count):
        at = desk.clock() - timedelta(seconds=n)
        await desk.unit(lambda u, n=n, at=at: due.plan(u, "digest", f"unit {n}", at))


async def test_digests_that_come_due_together_do_not_take_every_reader(
    tmp_path: Path, time: Time
) -> None:
    """All units' digests are due at one moment; they were computed all at once."""
    at_once: set[str] = set()
    most = 0
    told: list[str] = []

    async with a_desk(tmp_path / "m", time) as desk:

        async def tell(duty: Duty) -> None:
            nonlocal most
            at_once.add(duty.subject)
            most = max(most, len(at_once))
            await asyncio.sleep(0)
            at_once.discard(duty.subject)
            await desk.unit(lambda u: due.done(u, duty))
            told.append(duty.subject)

        schedule = Schedule(desk, no_other, {}, {"digest": tell})
        await planned(desk, MANY)
        await schedule.tick()
        await schedule.idle()
        assert (len(told), most) == (MANY, 1)


async def test_an_errand_that_met_a_busy_database_waits_a_minute_and_no_hour(
    tmp_path: Path, time: Time
) -> None:
    tries: list[str] = []

    async with a_desk(tmp_path / "m", time) as desk:

        async def tell(duty: Duty) -> None:
            tries.append(duty.subject)
            if len(tries) == 1:
                raise Unavailable
            await desk.unit(lambda u: due.done(u, duty))

        schedule = Schedule(desk, no_other, {}, {"digest": tell})
        await planned(desk, 1)
        for seconds, so_many in ((0, 1), (FIRST_PAUSE - 1, 1), (2, 2), (7200, 2)):
            time.pass_(seconds)
            await schedule.tick()
            await schedule.idle()
            assert len(tries) == so_many
