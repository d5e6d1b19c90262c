"""What ticks? APScheduler, which asks the computer's clock; so it is told when that was moved.

Left alone it would wait for a year after the clock was set back by one, and count every second of
the year when it was set forward.
"""

import asyncio
import time
from datetime import datetime, timedelta
from typing import Any

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

MOVED_SECONDS = 1.0
LONGEST_WAIT = 5.0
"""Seconds until it is seen that the clock was set back."""


class Every(BaseTrigger):  # type: ignore[misc]
    """So many seconds after the last time, however many would have been in between."""

    def __init__(self, seconds: float) -> None:
        self._every = timedelta(seconds=seconds)

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        """The time to fire next."""
        return now + self._every


class _Executor(AsyncIOExecutor):  # type: ignore[misc]
    """Knows that a job cut off before it began, by the end of the program, is no error."""

    def _run_job_error(self, job_id: str, exc: BaseException, traceback: Any = None) -> None:
        if not isinstance(exc, asyncio.CancelledError):
            super()._run_job_error(job_id, exc, traceback)


class Ticker(AsyncIOScheduler):  # type: ignore[misc]
    """Fires jobs by time that passes, whatever the clock is set to."""

    def __init__(self) -> None:
        super().__init__(
            jobstores={"default": MemoryJobStore()},
            executors={"default": _Executor()},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._offset = time.time() - time.monotonic()

    def _process_jobs(self) -> float | None:
        now = time.time()
        offset = now - time.monotonic()
        if abs(offset - self._offset) > MOVED_SECONDS:
            self._offset = offset
            store = self._lookup_jobstore("default")
            for job in store.get_all_jobs():
                job._modify(next_run_time=datetime.fromtimestamp(now, self.timezone))
                store.update_job(job)
        wait: float | None = super()._process_jobs()
        return wait if wait is None else min(wait, LONGEST_WAIT)
