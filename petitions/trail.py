"""How are spans opened and closed as a record is read? One open span a kind."""

from dataclasses import dataclass, field, replace
from datetime import date

Filing = tuple[str, str | None, str | None]
"""Purpose, category and district."""


@dataclass(frozen=True, slots=True)
class Span:
    """Something that was begun on a day (`since`), is perhaps due, perhaps done, of a unit.

    `how` is what came of it, in words from fixed lists; `filing` is said of the first alone.
    """

    kind: str
    since: date
    unit: str
    due: date | None = None
    done: date | None = None
    how: str | None = None
    filing: Filing | None = None

    @property
    def counted(self) -> date | None:
        """The day its being in time counts on: done, or its last day, whichever is sooner."""
        if self.due is None:
            return None
        return self.due if self.done is None else min(self.due, self.done)

    @property
    def days(self) -> int | None:
        """How many days it took."""
        return None if self.done is None else (self.done - self.since).days


@dataclass(slots=True)
class Trail:
    """The spans so far, and which of them are open, on the day that is being read."""

    day: date
    made: list[Span] = field(default_factory=list)
    _open: dict[str, int] = field(default_factory=dict)

    def begin(self, kind: str, unit: str, due: date | None = None, how: str | None = None) -> None:
        """Open one; if another of its kind is open, that stays as it is."""
        self._open[kind] = len(self.made)
        self.made.append(Span(kind, self.day, unit, due, how=how))

    def end(self, kind: str, how: str | None = None) -> None:
        """Close the open one of this kind, if there is."""
        self.mark(kind, how)
        self.leave(kind)

    def mark(self, kind: str, how: str | None) -> None:
        """Done today; it can be done once more, another way."""
        if (span := self.get(kind)) is not None:
            self.set(kind, replace(span, done=self.day, how=how or span.how))

    def leave(self, kind: str) -> None:
        """Whatever comes does not change it any more."""
        self._open.pop(kind, None)

    def void(self, kind: str) -> None:
        """Nobody owes it any more: it never was due, unless it is late by now."""
        span = self.get(kind)
        if span is not None and span.due is not None and span.due >= self.day:
            self.set(kind, replace(span, due=None))

    def pass_to(self, kind: str, unit: str, due: date | None) -> None:
        """The open one's unit, and its last day if that is known, as they are now."""
        if (span := self.get(kind)) is not None:
            self.set(kind, replace(span, unit=unit, due=due or span.due))

    def get(self, kind: str) -> Span | None:
        """The open one of this kind."""
        at = self._open.get(kind)
        return None if at is None else self.made[at]

    def set(self, kind: str, span: Span) -> None:
        """Put another in the place of the open one of this kind."""
        self.made[self._open[kind]] = span

    @property
    def open(self) -> tuple[str, ...]:
        """The kinds that are open, the oldest first."""
        return tuple(sorted(self._open, key=self._open.__getitem__))
