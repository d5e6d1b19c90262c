"""May this be sent now, or in how many seconds? The messenger's limits, as plain arithmetic.

About 30 messages a second over all chats, one a second in a chat, 20 a minute in a group; a
chat, or everything, waits when the messenger says so (429).

When a message reaches the messenger, nobody here knows: some time between its start and its
answer. So one counts against a window from its start until the window's length after its answer,
and a process, a network or a disk that stalls in between cannot make the window too full. The
price is the time a call takes: 30 a second become 30 in a second and that.

What was sent when is a `Trail`; who keeps the trails (this process, or the database for several)
is `notifier.budget`'s.
"""

from bisect import bisect_right, insort
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

MANY = 3
"""So many chats told to wait within a second: it is not about one chat any more."""
SECOND = 1.0
MINUTE = 60.0
FLIGHT = 15.0
"""Seconds after which a call that nothing was heard of counts as answered: its process is dead."""
SOON = 0.02
"""When all places are in the air: seconds until it is worth asking again."""
AHEAD = 0.07
"""So many seconds ahead a place is booked that nobody needs at once."""
EVEN = 4
"""Over so many messages their pace is even: a late one is made up for by the next."""

Window = tuple[int, float]
"""At most so many in so many seconds."""


@dataclass(frozen=True, slots=True)
class Rates:
    """How much is sent: messages a second over all, a second in a chat, a minute in a group."""

    overall: float = 30
    chat: float = 1
    group: float = 20

    @property
    def all(self) -> Window:
        """The limit over all chats."""
        return _window(self.overall, SECOND)

    def windows(self, chat_id: int) -> list[Window]:
        """The limits of one chat."""
        group = [_window(self.group, MINUTE)] if chat_id < 0 else []
        return [_window(self.chat, SECOND), *group]


def _window(count: float, seconds: float) -> Window:
    """A whole number in a window, however slow: half a message a second is one in two."""
    whole = max(1, int(count))
    return whole, seconds * whole / count


@dataclass(slots=True)
class Trail:
    """When was sent (seconds of one clock), what is in the air, until when nothing may go."""

    past: list[float] = field(default_factory=list)  # when the last ones were answered
    flying: dict[str, float] = field(default_factory=dict)  # name → start, of those that were not
    starts: list[float] = field(default_factory=list)  # of the last few
    until: float = 0.0
    told: list[float] = field(default_factory=list)  # when chats were told to wait
    count: int = 0

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Trail":
        """The trail as it was kept; what a newer program keeps beside is left out."""
        return cls(**{f.name: kept[f.name] for f in fields(cls) if f.name in kept})

    def kept(self) -> dict[str, Any]:
        """What `of` makes a trail of."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def put_back(self, now: float) -> None:
        """The clock was set back: what was answered, was answered by now at the latest."""
        ahead = self.past[-1] - now if self.past else 0.0
        if ahead > 0:
            self.past = [at - ahead for at in self.past]
            self.flying = {name: at - ahead for name, at in self.flying.items()}
            self.starts = [at - ahead for at in self.starts]
            self.told = [at - ahead for at in self.told]
            self.until -= ahead

    def free(self, now: float, windows: list[Window]) -> float | None:
        """When one more fits, `now` at the soonest; None while nobody can tell."""
        for name, start in list(self.flying.items()):
            if now > start + FLIGHT:
                self.land(name, start + FLIGHT)
        at = max(now, self.until)
        for most, seconds in windows:
            left = most - len(self.flying)
            if left <= 0:
                return None
            if len(self.past) >= left:
                at = max(at, self.past[-left] + seconds)
        return at

    def take(self, name: str, at: float, windows: list[Window]) -> None:
        """The message of this name starts then."""
        self.flying[name] = at
        self.starts = [*self.starts, at][-EVEN:]
        # What no window reaches any more, but for the last: by it a clock set back is found out.
        gone = bisect_right(self.past, at - max(seconds for _, seconds in windows))
        del self.past[: min(gone, len(self.past) - 1)]

    def land(self, name: str, at: float) -> None:
        """It was answered then, whatever the answer."""
        if self.flying.pop(name, None) is not None:
            insort(self.past, at)


@dataclass(frozen=True, slots=True)
class Turn:
    """When it may go: with a `name` it has its place then, else it is to ask again."""

    at: float
    name: str = ""
    chat: bool = False  # it is the chat that has to wait, not everything


def ask(
    rates: Rates, overall: Trail, chat: Trail, now: float, chat_id: int, *, first: bool
) -> Turn:
    """The turn of a message to this chat, which is taken when it has a name.

    What goes `first` books the next place, however far that is; anything else books only a place
    that is near, and is spaced evenly, so that the next place is never far.
    """
    own, all_ = rates.windows(chat_id), [rates.all]
    ready = chat.free(now, own)
    if ready is None or ready > now:
        return Turn(ready or now + SOON, chat=True)
    at = overall.free(now, all_)
    if at is None:
        return Turn(now + SOON)
    at = max(at, *overall.starts[-1:], now)
    if not first:
        at = max(at, _evenly(overall.starts, now, rates.all[1] / rates.all[0]))
        if at > now + AHEAD:
            return Turn(at - AHEAD)
    overall.count += 1
    name = str(overall.count)
    overall.take(name, at, all_)
    chat.take(name, at, own)
    return Turn(at, name)


def _evenly(starts: list[float], now: float, step: float) -> float:
    """When the next is to go so that the last few are a step apart, late ones made up for."""
    if not starts or now - starts[-1] > EVEN * step:
        return now
    return starts[0] + step * len(starts)


def obey(overall: Trail, chat: Trail, now: float, seconds: float) -> None:
    """The messenger asked this chat to wait; when it asks many at once, it means everybody."""
    chat.until = max(chat.until, now + seconds)
    overall.told = [at for at in overall.told if at > now - SECOND] + [now]
    if len(overall.told) >= MANY:
        overall.until = max(overall.until, now + seconds)
