"""Is the bot sending too fast? Telegram's three rates, kept in sliding windows."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable

from .errors import too_many


class _Window:
    def __init__(self, count: int, seconds: float) -> None:
        self._count = count
        self._seconds = seconds
        self._times: deque[float] = deque()

    def wait(self, now: float, more: int) -> float:
        """Seconds until ``more`` messages fit; an empty window takes any number."""
        times = self._times
        while times and times[0] <= now - self._seconds:
            times.popleft()
        over = min(len(times) + more - self._count, len(times))
        return times[over - 1] + self._seconds - now if over > 0 else 0.0

    def take(self, now: float, more: int) -> None:
        self._times.extend([now] * more)


class Limits:
    """30 messages a second over all, one a second in a chat, 20 a minute in a group.

    ``slack`` is how many seconds too early a message may come: two sends a second apart
    arrive a little less than that apart on a real network too.
    """

    def __init__(
        self,
        *,
        overall: int = 30,
        chat: int = 1,
        group: int = 20,
        slack: float = 0.05,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.on = False
        self._chat, self._group, self._slack = chat, group, slack
        self._overall = _Window(overall, 1 - slack)
        self._chats: dict[int, list[_Window]] = {}
        self._monotonic = monotonic

    def check(self, chat_id: int, count: int = 1) -> None:
        """Count ``count`` messages to a chat; raises 429 with the seconds to wait."""
        if not self.on:
            return
        now = self._monotonic()
        windows = self._chats.get(chat_id)
        if windows is None:
            windows = [self._overall, _Window(self._chat, 1 - self._slack)]
            if chat_id < 0:
                windows.append(_Window(self._group, 60 - self._slack))
            self._chats[chat_id] = windows
        wait = max(window.wait(now, count) for window in windows)
        if wait > 0:
            raise too_many(max(1, math.ceil(wait)))
        for window in windows:
            window.take(now, count)
