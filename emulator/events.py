"""What happened, and who waits to hear of it? A numbered log of what people can see."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Any

_KEPT = 20_000
_KEPT_PER_CHAT = 500


@dataclass(slots=True)
class Event:
    """One thing to be seen. ``viewers`` is who may see it, None for everybody."""

    seq: int
    type: str
    chat_id: int | None
    viewers: frozenset[int] | None
    payload: dict[str, Any] = field(default_factory=dict)

    def visible_to(self, viewer: int | None) -> bool:
        """None views as the house: it sees everything."""
        return viewer is None or self.viewers is None or viewer in self.viewers


class EventLog:
    """Events with a global increasing ``seq``; waiting on one chat does not wake the others."""

    def __init__(self) -> None:
        self.seq = 0
        self.closed = False
        self._all: deque[Event] = deque(maxlen=_KEPT)
        self._by_chat: dict[int, deque[Event]] = {}
        self._waiters: dict[int | None, set[asyncio.Future[None]]] = {}

    def record(
        self, kind: str, chat_id: int | None, viewers: frozenset[int] | None, **payload: Any
    ) -> int:
        """Note an event, wake those who wait for it and return its number."""
        self.seq += 1
        event = Event(self.seq, kind, chat_id, viewers, payload)
        self._all.append(event)
        if chat_id is not None:
            self._by_chat.setdefault(chat_id, deque(maxlen=_KEPT_PER_CHAT)).append(event)
            self._wake(chat_id)
        self._wake(None)
        return self.seq

    def since(self, after: int, chat_id: int | None = None) -> list[Event]:
        """The kept events numbered above ``after``, oldest first."""
        kept = self._all if chat_id is None else self._by_chat.get(chat_id, ())
        found: list[Event] = []
        for event in reversed(kept):
            if event.seq <= after:
                break
            found.append(event)
        found.reverse()
        return found

    async def wait(
        self, after: int, seconds: float, *, chat_id: int | None = None, viewer: int | None = None
    ) -> list[Event]:
        """The visible events above ``after``: at once, or after up to ``seconds`` if none."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        after = after if after <= self.seq else 0  # numbered by an earlier life of ours
        while True:
            found = [e for e in self.since(after, chat_id) if e.visible_to(viewer)]
            left = deadline - loop.time()
            if found or self.closed or left <= 0:
                return found
            after = max(after, self.seq)
            waiter: asyncio.Future[None] = loop.create_future()
            waiters = self._waiters.setdefault(chat_id, set())
            waiters.add(waiter)
            try:
                await asyncio.wait([waiter], timeout=left)
            finally:
                waiters.discard(waiter)

    def close(self) -> None:
        """Send everybody who waits home."""
        self.closed = True
        for key in list(self._waiters):
            self._wake(key)

    def _wake(self, key: int | None) -> None:
        for waiter in self._waiters.pop(key, ()):
            if not waiter.done():
                waiter.set_result(None)
