"""Did the computer's clock jump? Wall time is watched against time that only runs forward.

A wrong clock must not expire a draft, erase a petition or tell a superior that something is late.
So after a jump of more than an hour the schedule holds still: until the clock has jumped back, or
has stood by its word for half an hour, or the operator has started the bot anew. The movable clock
of the demo and the tests is not watched: it moves on purpose.
"""

import time
from collections.abc import Callable

import structlog

log = structlog.get_logger(__name__)

JUMP_SECONDS = 3600.0
GRACE_SECONDS = 1800.0
STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Goes on while the computer sleeps, where there is such a clock."""


def _steady() -> float:
    return time.clock_gettime(STEADY)


class Watch:
    """Says whether the clock can be trusted now; asked at every tick."""

    def __init__(
        self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = _steady
    ) -> None:
        self._wall = wall
        self._steady = steady
        self._trusted = wall() - steady()
        self._doubted = self._trusted
        self._since: float | None = None  # steady time of the jump, while the clock is in doubt

    def trusts(self) -> bool:
        """Whether the clock is as it was, or has been so for long enough."""
        now = self._steady()
        offset = self._wall() - now
        moved = offset - self._trusted
        if abs(moved) <= JUMP_SECONDS:
            if self._since is not None:
                log.warning("clock.back")
            self._since = None
            self._trusted = offset  # small corrections add up to no jump
            return True
        if self._since is None or abs(offset - self._doubted) > JUMP_SECONDS:
            log.error("clock.jumped", seconds=round(moved), held_seconds=round(GRACE_SECONDS))
            self._since, self._doubted = now, offset
        if now - self._since < GRACE_SECONDS:
            return False
        log.warning("clock.taken", seconds=round(moved))
        self._since, self._trusted = None, offset
        return True
