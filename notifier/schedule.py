"""What is due when? APScheduler is the clock that ticks; the truth is in the tables.

Each duty is done in a unit of its own, so that taps are answered in between however many have
come due, and one that fails keeps no other waiting.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime

import structlog

from notifier.meters import Meters
from notifier.ticking import Every, Ticker
from notifier.watch import Watch
from storage import ahead, due, outbox, record
from storage.database import Desk, Unavailable
from storage.due import Duty, NotOurs
from storage.messages import Parcel
from storage.unit import Unit

log = structlog.get_logger(__name__)

Do = Callable[[Unit, Duty], list[Parcel]]
Job = Callable[[], Awaitable[None]]
Errand = Callable[[Duty], Awaitable[None]]
"""A duty that takes long and is no unit, such as a backup; it marks itself done."""
BATCH = 100
TOGETHER = 2
"""Duties that are done at one time: they share a commit, and few enough wait before a tap."""
LONGEST_REST = 0.5
"""Seconds. While more has come than one batch, as much time is left to others as is taken."""
DUTIES = "duties"
TRUSTING = frozenset({DUTIES, "prune"})
"""Jobs that nothing brings back what they did: only while the clock is to be trusted."""


class Schedule:
    """Ticks: does the duties whose time has come, then lets the other jobs run."""

    def __init__(
        self,
        desk: Desk,
        duties: Do,
        jobs: Mapping[str, tuple[Job, float]],
        errands: Mapping[str, Errand] | None = None,
        watch: Watch | None = None,
        meters: Meters | None = None,
    ) -> None:
        self._desk = desk
        self._meters = meters or Meters()
        self._duties = duties
        self._jobs = jobs
        self._errands = errands or {}
        self._watch = watch or Watch()
        self._running: set[asyncio.Task[None]] = set()
        # One errand of a kind at a time: the digests of all units come due together, and would
        # take every reader of the database from who is at the desk.
        self._alone: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._last: datetime | None = None
        self._ticker = Ticker()

    def start(self, seconds: float) -> None:
        """Tick every so many seconds of real time."""
        jobs = {DUTIES: (self.tick, seconds), **self._jobs}
        for name, (job, every) in jobs.items():
            self._ticker.add_job(self._guarded, Every(every), [name, job])
        self._ticker.start()

    def stop(self) -> None:
        """Tick no more."""
        if self._ticker.running:
            self._ticker.shutdown(wait=False)
        for task in self._running:
            task.cancel()

    async def idle(self) -> None:
        """Wait until no errand is under way."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def tick(self) -> None:
        """Do what has fallen due, each duty in a unit of its own."""
        tick = time.monotonic()
        await self._look_back()
        behind = False
        while duties := await self._desk.unit(lambda unit: due.claim(unit, BATCH, self._errands)):
            for first in range(0, len(duties), TOGETHER):
                began = time.monotonic()
                these = duties[first : first + TOGETHER]
                ended = await asyncio.gather(*map(self._see_to, these), return_exceptions=True)
                for error in filter(None, ended):
                    raise error
                if behind:
                    await asyncio.sleep(min(time.monotonic() - began, LONGEST_REST))
            behind = True
        self._meters.tick(time.monotonic() - tick)

    async def _look_back(self) -> None:
        """At the start, and after the clock went back: it may have run ahead before."""
        now = self._desk.clock()
        if self._last is None or now < self._last:
            while await self._desk.unit(ahead.mend):
                pass
        self._last = now

    async def _see_to(self, duty: Duty) -> None:
        """Do it, or send somebody on its errand."""
        if errand := self._errands.get(duty.kind):
            task = asyncio.create_task(self._run(errand, duty))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        else:
            await self._do(duty)

    async def _do(self, duty: Duty) -> None:
        def work(unit: Unit) -> None:
            if not due.is_open(unit, duty):
                return  # dropped since it was claimed
            parcels = self._duties(unit, duty)
            due.done(unit, duty)
            outbox.put(unit, parcels)

        try:
            await self._desk.unit(work)
        except Unavailable:
            raise
        except NotOurs:
            log.info("duty.taken_over", kind=duty.kind, id=duty.id)
        except record.Unknown:  # erased since the duty was looked up
            log.info("duty.of_nothing", kind=duty.kind, id=duty.id)
            await self._desk.unit(lambda unit: due.drop(unit, duty.kind, duty.subject))
        except Exception as error:
            await self._failed(duty, error)

    async def _run(self, errand: Errand, duty: Duty) -> None:
        try:
            async with self._alone[duty.kind]:
                await errand(duty)
        except Unavailable:
            log.warning("tick.database_unavailable", job=duty.kind)
            with suppress(Unavailable):  # else it comes again when its long lease is over
                await self._desk.unit(lambda unit: due.put_off(unit, duty))
        except NotOurs:
            log.info("duty.taken_over", kind=duty.kind, id=duty.id)
        except Exception as error:
            await self._failed(duty, error)

    async def _failed(self, duty: Duty, error: Exception) -> None:
        """Try it again later; say so louder once it has failed for long."""
        said = "duty.keeps_failing" if duty.attempts >= due.FAILING else "duty.failed"
        name = type(error).__name__
        self._meters.duty_failed(duty.kind)
        log.error(said, kind=duty.kind, id=duty.id, attempts=duty.attempts, error=name)
        await self._desk.unit(lambda unit: due.put_off(unit, duty))

    async def _guarded(self, name: str, job: Job) -> None:
        if name in TRUSTING and not self._watch.trusts():
            return
        try:
            await job()
        except Unavailable:
            log.warning("tick.database_unavailable", job=name)
        except asyncio.CancelledError:
            return  # stopped in the middle, which is nobody's error
