"""What time is it? The only place that asks."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.settings import Settings


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


class MovableClock:
    """Now, moved by the seconds written in a file: for the demo and the tests only."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = 0
        self._offset = timedelta()

    def __call__(self) -> datetime:
        """Now with the offset; the file is read again when it has changed."""
        try:
            changed = os.stat(self._path).st_mtime_ns
        except FileNotFoundError:
            return system_clock()
        if changed != self._seen:
            self._offset = timedelta(seconds=float(self._path.read_text() or 0))
            self._seen = changed
        return system_clock() + self._offset


def clock_of(settings: Settings) -> Callable[[], datetime]:
    """The system's clock; in the demo and the tests, one that can be moved."""
    return MovableClock(settings.demo_clock) if settings.demo_clock else system_clock
