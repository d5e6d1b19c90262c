"""May this be sent now, or in how many seconds? The messenger's limits, by real time.

About 30 messages a second over all chats and 20 a minute in one group; a chat, or everything,
waits when the messenger says so (429).
"""

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Callable

OVERALL = (30, 1.02)
GROUP = (20, 60.5)


class _Window:
    """At most `count` in any `seconds`."""

    def __init__(self, count: int, seconds: float) -> None:
        self._seconds = seconds
        self._taken: deque[float] = deque(maxlen=count)

    def wait(self, now: float) -> float:
        """Seconds until one more fits."""
        if len(self._taken) < (self._taken.maxlen or 1):
            return 0.0
        return max(0.0, self._taken[0] + self._seconds - now)

    def take(self, now: float) -> None:
        self._taken.append(now)


class Pace:
    """Spaces the sends of one process."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._overall = _Window(*OVERALL)
        self._groups: defaultdict[int, _Window] = defaultdict(lambda: _Window(*GROUP))
        self._until: dict[int | None, float] = {}

    def wait(self, chat_id: int) -> float:
        """Seconds until a message to this chat may go; 0 means now."""
        now = self._monotonic()
        waits = [self._overall.wait(now), self._until.get(None, 0.0) - now]
        waits.append(self._until.get(chat_id, 0.0) - now)
        if chat_id < 0:
            waits.append(self._groups[chat_id].wait(now))
        return max(0.0, *waits)

    async def turn(self, chat_id: int) -> None:
        """Wait until a message to this chat may go, and count it."""
        while True:
            # Others may take the place while this one sleeps, so it asks again.
            seconds = self.wait(chat_id)
            if seconds <= 0:
                break
            await asyncio.sleep(seconds)
        now = self._monotonic()
        self._overall.take(now)
        if chat_id < 0:
            self._groups[chat_id].take(now)

    def obey(self, chat_id: int, retry_after: float) -> None:
        """The messenger asked this chat to wait."""
        self._until[chat_id] = self._monotonic() + retry_after
