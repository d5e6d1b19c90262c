"""What time is it here? Real time plus an offset that can be moved."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path


class Clock:
    """A movable clock; the offset is also written as plain seconds to ``path``.

    The bot runs in another process and reads the file, so it is replaced in one step.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.offset = 0.0
        if path is not None and path.exists():
            self.offset = float(path.read_text() or 0)

    def now(self) -> datetime:
        """The moment the emulator and the bot believe it is, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.offset)

    def timestamp(self) -> int:
        """:meth:`now` in whole Unix seconds, as messages carry it."""
        return int(self.now().timestamp())

    def move(self, seconds: float) -> None:
        """Move by ``seconds``; negative goes back."""
        self.set_offset(self.offset + seconds)

    def set_offset(self, offset: float) -> None:
        """Set the distance from real time, in seconds."""
        self.offset = offset
        if self._path is not None:
            beside = self._path.with_suffix(".new")
            beside.write_text(f"{offset}\n")
            os.replace(beside, self._path)
