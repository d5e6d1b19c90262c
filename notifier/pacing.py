"""May this be sent now, or in how many seconds? The messenger's limits, as plain arithmetic.

About 30 messages a second over all chats, one a second in a chat, 20 a minute in a group; a
chat, or everything, waits when the messenger says so (429). What was sent when is a `Trail`;
who keeps the trails (this process, or the database for several) is `notifier.budget`'s.
"""

from dataclasses import dataclass, field

MANY = 3
"""So many chats told to wait within a second: it is not about one chat any more."""
SECOND = 1.0
MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Rates:
    """How much is sent: messages a second over all, a second in a chat, a minute in a group.

    `margin` is how much longer than the messenger's own a window of ours is: what leaves here
    at an even pace arrives there a little less evenly.
    """

    overall: float = 30
    chat: float = 1
    group: float = 20
    margin: float = 0.015

    def windows(self, chat_id: int) -> list[tuple[int, float]]:
        """The limits of one chat: at most so many in so many seconds."""
        found = [_window(self.chat, SECOND, self.margin)]
        if chat_id < 0:
            found.append(_window(self.group, MINUTE, self.margin / 2))
        return found


def _window(count: float, seconds: float, margin: float) -> tuple[int, float]:
    """A whole number in a window, however slow: half a message a second is one in two."""
    whole = max(1, int(count))
    return whole, seconds * whole / count * (1 + margin)


@dataclass(slots=True)
class Trail:
    """When was sent, or will be, and until when nothing may be (seconds of one clock)."""

    times: list[float] = field(default_factory=list)
    until: float = 0.0
    told: list[float] = field(default_factory=list)  # when chats were told to wait

    def free(self, now: float, windows: list[tuple[int, float]]) -> float:
        """When one more fits, `now` at the soonest."""
        at = max(now, self.until)
        for count, seconds in windows:
            if len(self.times) >= count:
                at = max(at, self.times[-count] + seconds)
        return at

    def take(self, at: float, windows: list[tuple[int, float]]) -> None:
        """One more is sent then, which is no sooner than the last."""
        self.times.append(at)
        del self.times[: -max(count for count, _ in windows)]


@dataclass(frozen=True, slots=True)
class Turn:
    """When it may go. `booked`: it has its place then; else ask again when that time comes."""

    at: float
    booked: bool
    chat: bool = False  # it is the chat that has to wait, not everything


def ask(
    rates: Rates, overall: Trail, chat: Trail, now: float, chat_id: int, *, first: bool
) -> Turn:
    """The turn of a message to this chat, which is taken when it is `booked`.

    What goes `first` books the next place, though it is in the future; anything else takes its
    place only when it is free now, and is spaced evenly, so that the next place is never far.
    """
    own = rates.windows(chat_id)
    ready = chat.free(now, own)
    if ready > now:
        return Turn(ready, booked=False, chat=True)
    count, seconds = all_ = _window(rates.overall, SECOND, rates.margin)
    at = max(overall.free(now, [all_]), overall.times[-1] if overall.times else now)
    if not first:
        at = max(at, _evenly(overall.times, now, seconds / (1 + rates.margin) / count))
        if at > now:
            return Turn(at, booked=False)
    overall.take(at, [all_])
    chat.take(at, own)
    return Turn(at, booked=True)


def _evenly(times: list[float], now: float, step: float) -> float:
    """When the next is to go so that the last few are a step apart, late ones made up for."""
    recent = times[-4:]
    if not recent or now - recent[-1] > 4 * step:
        return now
    return recent[0] + step * len(recent)


def obey(overall: Trail, chat: Trail, now: float, seconds: float) -> None:
    """The messenger asked this chat to wait; when it asks many at once, it means everybody."""
    chat.until = max(chat.until, now + seconds)
    overall.told = [at for at in overall.told if at > now - SECOND] + [now]
    if len(overall.told) >= MANY:
        overall.until = max(overall.until, now + seconds)
