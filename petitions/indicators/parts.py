"""Do the parts make up the whole? Every table with a total is checked, and says what it found.

Percentages are rounded each for itself (1099, 292 and 473 of 1864 are 59.0, 15.7 and 25.4), as
anybody checks them with a calculator; where they then make 100.1 or 99.9, the table says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from petitions.indicators.rates import percent


@dataclass(frozen=True, slots=True)
class Share:
    """One part: which, how many, and what share of the total that is (None: —)."""

    key: str
    count: int
    percent: float | None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """The parts of a table do not make up its total."""

    table: str
    total: int
    parts: int


@dataclass(frozen=True, slots=True)
class Parts:
    """A table: its total, counted apart from its parts where that can be, and the parts."""

    table: str
    total: int
    shares: tuple[Share, ...]

    @property
    def disagreement(self) -> Disagreement | None:
        """What is wrong with the table, to be printed under it; None when the parts agree."""
        made = sum(share.count for share in self.shares)
        return None if made == self.total else Disagreement(self.table, self.total, made)

    @property
    def percents(self) -> float | None:
        """What the rounded percentages make, if not 100.0: to be said under the table."""
        shown = [share.percent for share in self.shares if share.percent is not None]
        made = sum(round(each * 10) for each in shown)
        return made / 10 if shown and made != 1000 else None

    def count(self, key: str) -> int:
        """How many of this part; 0 when it is not among them."""
        return next((share.count for share in self.shares if share.key == key), 0)


def parts(
    table: str, counts: Mapping[str, int], total: int | None = None, order: Iterable[str] = ()
) -> Parts:
    """The table of these counts: those of `order` first and always, then the others by size.

    `total` is what they should make; without it, what they do make.
    """
    whole = sum(counts.values()) if total is None else total
    named = list(order)
    rest = sorted((key for key in counts if key not in named), key=lambda k: (-counts[k], k))
    shares = (Share(k, counts.get(k, 0), percent(counts.get(k, 0), whole)) for k in named + rest)
    return Parts(table, whole, tuple(shares))
