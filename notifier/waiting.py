"""Who waits at the gate? A message: for the ready room, or for its turn."""

import asyncio
from dataclasses import dataclass, field

from storage.messages import Rank


class TooLong(Exception):
    """The chat has to wait longer than it is good to hold a lease."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.1f} s")
        self.seconds = seconds


class Closing(Exception):
    """The process ends: nothing is begun any more."""


@dataclass(eq=False, slots=True)
class Waiter:
    """A message that waits; `go` is done when it may go on, with the name of its place."""

    chat_id: int
    rank: Rank
    backlog: int
    since: float
    go: asyncio.Future[str] = field(default_factory=lambda: _future())

    @property
    def given(self) -> str:
        """The place that it was given and has not taken, if any."""
        go = self.go
        return go.result() if go.done() and not go.cancelled() and not go.exception() else ""

    def weight(self, now: float) -> float:
        """What presses, then a chat with much before one with little; waiting counts too.

        A chat takes one message a second, so the chat with most to come sets when all is done.
        """
        return -1000.0 * self.rank + self.backlog + 0.5 * (now - self.since)

    def let_go(self, name: str = "") -> None:
        """It may go on, unless it has gone already."""
        if not self.go.done():
            self.go.set_result(name)

    def refuse(self, error: Exception) -> None:
        """It may not."""
        self.go.set_exception(error)


def _future() -> asyncio.Future[str]:
    return asyncio.get_running_loop().create_future()
