"""What is due when? APScheduler is the clock that ticks; the truth is in the tables."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from storage import due, outbox, record
from storage.database import Desk, Unavailable
from storage.due import Duty
from storage.messages import Parcel
from storage.unit import Unit

log = structlog.get_logger(__name__)

Do = Callable[[Unit, Duty], list[Parcel]]
Job = Callable[[], Awaitable[None]]
Errand = Callable[[Duty], Awaitable[None]]
"""A duty that takes long and is no unit, such as counting a year; it marks itself done."""
RETRY_SECONDS = 60.0


class _Executor(AsyncIOExecutor):  # type: ignore[misc]
    """Knows that a job cut off before it began, by the end of the program, is no error."""

    def _run_job_error(self, job_id: str, exc: BaseException, traceback: Any = None) -> None:
        if not isinstance(exc, asyncio.CancelledError):
            super()._run_job_error(job_id, exc, traceback)


class Schedule:
    """Ticks: does the duties whose time has come, then lets the other jobs run."""

    def __init__(
        self,
        desk: Desk,
        duties: Do,
        jobs: dict[str, tuple[Job, float]],
        errands: Mapping[str, Errand] | None = None,
    ) -> None:
        self._desk = desk
        self._errands = errands or {}
        self._duties = duties
        self._jobs = jobs
        self._scheduler = AsyncIOScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": _Executor()},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self, seconds: float) -> None:
        """Tick every so many seconds of real time."""
        self._scheduler.add_job(self._guarded, "interval", ["duties", self.tick], seconds=seconds)
        for name, (job, every) in self._jobs.items():
            self._scheduler.add_job(self._guarded, "interval", [name, job], seconds=every)
        self._scheduler.start()

    def stop(self) -> None:
        """Tick no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def tick(self) -> None:
        """Do what has fallen due, each duty in a unit of its own."""
        while duties := await self._desk.unit(due.come):
            for duty in duties:
                await self._do(duty)

    async def _do(self, duty: Duty) -> None:
        def work(unit: Unit) -> None:
            parcels = self._duties(unit, duty)
            due.done(unit, duty)
            outbox.put(unit, parcels)

        errand = self._errands.get(duty.kind)
        try:
            await (errand(duty) if errand else self._desk.unit(work))
        except Unavailable:
            raise
        except record.Unknown:  # erased since the duty was looked up
            log.info("duty.of_nothing", kind=duty.kind, id=duty.id)
            await self._desk.unit(lambda unit: due.done(unit, duty))
        except Exception as error:
            log.error("duty.failed", kind=duty.kind, id=duty.id, error=type(error).__name__)
            await self._desk.unit(lambda unit: due.put_off(unit, duty, RETRY_SECONDS))

    async def _guarded(self, name: str, job: Job) -> None:
        try:
            await job()
        except Unavailable:
            log.warning("tick.database_unavailable", job=name)
        except asyncio.CancelledError:
            return  # stopped in the middle, which is nobody's error
