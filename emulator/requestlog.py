"""What did the bot ask? A ring of every Bot API request, cheap to keep and to read."""

from __future__ import annotations

from collections import deque
from typing import Any

_KEPT = 100_000


class RequestLog:
    """Entries with increasing ``seq``; iterating gives the kept ones, oldest first."""

    def __init__(self) -> None:
        self.seq = 0
        self._entries: deque[dict[str, Any]] = deque(maxlen=_KEPT)

    def __iter__(self) -> Any:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, entry: dict[str, Any]) -> None:
        """Note a finished request."""
        self.seq += 1
        entry["seq"] = self.seq
        self._entries.append(entry)

    def since(self, after: int) -> list[dict[str, Any]]:
        """The kept entries numbered above ``after``."""
        first = self._entries[0]["seq"] if self._entries else 1
        skip = max(0, after - first + 1)
        return [entry for index, entry in enumerate(self._entries) if index >= skip]
