"""What share is it? Never without the numbers it comes from."""

from dataclasses import dataclass


def percent(part: int, of: int) -> float | None:
    """Per cent with one decimal, halves up; None (shown as —) when there is nothing to divide by.

    Counted in whole numbers, so that 0.25% is 0.3% on every machine.
    """
    if of == 0:
        return None
    tenths = (2000 * part + of) // (2 * of)
    return tenths / 10


@dataclass(frozen=True, slots=True)
class Rate:
    """`part` of `of`. Both are None where they are not told, because they are too few."""

    part: int | None
    of: int | None

    @property
    def hidden(self) -> bool:
        """Whether it is not told because so few say it that one could tell who."""
        return self.of is None

    @property
    def percent(self) -> float | None:
        """None for — : nothing to divide by, or not told."""
        if self.part is None or self.of is None:
            return None
        return percent(self.part, self.of)


HIDDEN = Rate(None, None)


@dataclass(frozen=True, slots=True)
class Timely:
    """What came due, in its three buckets; each duty is in one of them, in one period alone.

    A duty counts on the day it was done, or on its last day if it was not done by then.
    `open` is late and still not done at the end of the period (or today, if that is sooner).
    """

    in_time: int = 0
    late: int = 0
    open: int = 0

    @property
    def due(self) -> int:
        """All that came due."""
        return self.in_time + self.late + self.open

    @property
    def rate(self) -> Rate:
        """In time, of all that came due."""
        return Rate(self.in_time, self.due)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How one side was rated: 满意, 基本满意, 不满意."""

    good: int = 0
    fair: int = 0
    bad: int = 0

    @property
    def rated(self) -> int:
        """All who rated."""
        return self.good + self.fair + self.bad

    @property
    def rate(self) -> Rate:
        """满意率: 满意 and 基本满意 of those who rated; the silent count for nothing."""
        return Rate(self.good + self.fair, self.rated)


@dataclass(frozen=True, slots=True)
class Survey:
    """What came of the surveys that ended in the period, by an answer or by their last day.

    `office` and `unit` are the petition office and the responsible unit; None where fewer than
    the office's minimum rated, or where telling it would tell what another line keeps back.
    """

    rated: int
    silent: int
    office: Verdicts | None
    unit: Verdicts | None

    @property
    def response(self) -> Rate:
        """参评率: rated, of all whose survey ended."""
        return Rate(self.rated, self.rated + self.silent)

    @property
    def office_rate(self) -> Rate:
        """满意率 of the petition office."""
        return self.office.rate if self.office else HIDDEN

    @property
    def unit_rate(self) -> Rate:
        """满意率 of the responsible unit."""
        return self.unit.rate if self.unit else HIDDEN


@dataclass(frozen=True, slots=True)
class Change:
    """A counted figure beside the period before (环比) and the same one of last year (同比)."""

    now: int
    before: int
    year_before: int

    @property
    def on_before(self) -> float | None:
        """环比, in per cent; None (—) for a base of zero."""
        return _grown(self.now, self.before)

    @property
    def on_year(self) -> float | None:
        """同比, in per cent; None (—) for a base of zero."""
        return _grown(self.now, self.year_before)


def _grown(now: int, base: int) -> float | None:
    """By so many per cent; rounded as a size, so that +0.25 and −0.25 read alike."""
    size = percent(abs(now - base), base)
    return size if size is None or now >= base else -size
