"""Plans, crashes, processes and clocks in any order: each duty is done once, and none is lost."""

import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from desks import Time, a_desk, rows

from notifier.schedule import Schedule
from petitions.clocks import AHEAD
from storage import due, leases
from storage.database import Desk
from storage.due import LEASE_SECONDS, Duty
from storage.messages import Parcel, Post
from storage.unit import Unit

pytestmark = [pytest.mark.usefixtures("either"), pytest.mark.torture]

SEEDS = 200 if os.environ.get("MINSHENG_TORTURE") else 4
STEPS = 60
YEAR = timedelta(days=365)
SUBJECTS = ("a", "b", "c", "d")


@dataclass
class World:
    """What was planned, and what became of it, told apart by its moment."""

    desk: Desk
    time: Time
    chance: random.Random
    standing: dict[str, datetime] = field(default_factory=dict)
    called_off: Counter[str] = field(default_factory=Counter)  # how often it had been done by then
    starts: int = 0

    def __post_init__(self) -> None:
        self.schedule = Schedule(self.desk, self.do, {})

    def do(self, unit: Unit, duty: Duty) -> list[Parcel]:
        assert duty.due_at <= unit.now
        text = f"{duty.subject} {duty.due_at.isoformat()}"
        return [Parcel(chat_id=5, post=Post(key="k", text=text), urgent=False)]

    async def did(self) -> Counter[str]:
        found = await rows(self.desk, "outbox")
        opened = [await self.desk.look(lambda u, r=row: u.open(r.payload)) for row in found]
        return Counter(Parcel.model_validate_json(body).post.text for body in opened)

    async def plan(self) -> None:
        subject = self.chance.choice(SUBJECTS)
        await self._call_off(subject)
        seconds = self.chance.choice((-90_000, -5, 0, 30, 7_200, 86_400 * 3, 86_400 * 40))
        at = self.time.now + timedelta(seconds=seconds, microseconds=self.chance.randrange(10**6))
        await self.desk.unit(lambda u: due.plan(u, "survey", subject, at))
        self.standing[subject] = at

    async def drop(self) -> None:
        subject = self.chance.choice(SUBJECTS)
        await self._call_off(subject)
        await self.desk.unit(lambda u: due.drop(u, "survey", subject))

    async def _call_off(self, subject: str) -> None:
        at = self.standing.pop(subject, None)
        if at is not None:
            text = f"{subject} {at.isoformat()}"
            self.called_off[text] = (await self.did())[text]

    async def tick(self) -> None:
        await self.schedule.tick()

    async def pass_(self) -> None:
        self.time.pass_(self.chance.choice((1, LEASE_SECONDS, 3_600, 86_400, 86_400 * 20)))

    async def die(self) -> None:
        """In the middle of what it had claimed; another goes on, at once or when it is noticed."""
        await self.desk.unit(lambda u: due.claim(u, self.chance.randint(1, 5)))
        dead = self.desk.process
        self.starts += 1
        self.desk.process = f"process {self.starts}"
        self.schedule = Schedule(self.desk, self.do, {})
        if self.chance.random() < 0.5:
            await self.desk.unit(lambda u: leases.give_back(u, {dead}))

    async def run_ahead(self) -> None:
        """The clock is a year ahead for a while, and then it is put right."""
        true = self.time.now
        self.time.now += YEAR
        await self.tick()
        self.time.now = true
        await self.tick()

    async def end(self) -> Counter[str]:
        """All that was planned has come, and every pause is over."""
        for _ in range(4):
            self.time.pass_(86_400 * 30)
            await self.tick()
        assert await self.desk.unit(due.come) == []
        return await self.did()


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    time = Time().patch(monkeypatch)
    async with a_desk(tmp_path / "m.sqlite3", time) as desk:
        yield desk


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_each_plan_that_stands_is_done_once(desk: Desk, seed: int) -> None:
    world = World(desk, desk.clock, random.Random(seed))  # type: ignore[arg-type]
    acts = (world.plan, world.plan, world.drop, world.tick, world.pass_, world.die)
    for _ in range(STEPS):
        await world.chance.choice(acts)()
    done = await world.end()
    standing = {f"{subject} {at.isoformat()}": 1 for subject, at in world.standing.items()}
    called_off = {text: times for text, times in world.called_off.items() if times}
    assert done == Counter(standing) + Counter(called_off)
    assert set(called_off.values()) <= {1}


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_a_clock_that_runs_ahead_and_is_put_right_loses_none(desk: Desk, seed: int) -> None:
    """What was done by it is looked at once more, at its own time, if that was long before."""
    world = World(desk, desk.clock, random.Random(seed))  # type: ignore[arg-type]
    acts = (world.plan, world.plan, world.tick, world.pass_, world.die, world.run_ahead)
    for _ in range(STEPS):
        await world.chance.choice(acts)()
    assert max(world.standing.values()) < world.time.now + YEAR - AHEAD
    before = await world.did()
    due_yet = {s: at for s, at in world.standing.items() if at > world.time.now}
    done = await world.end()
    for subject, at in world.standing.items():
        text = f"{subject} {at.isoformat()}"
        assert done[text] >= 1
        if subject in due_yet:
            assert done[text] == before[text] + 1, "not done when its time had truly come"
