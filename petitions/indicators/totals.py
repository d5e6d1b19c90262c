"""What does one line of a report say: of the whole office, or of one unit?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from petitions.indicators.parts import Parts, parts
from petitions.indicators.rates import Rate, Survey, Timely, Verdicts

ORIGINS = ("first", "repeat", "assigned")  # 初信, 重复信, 交办件
OUTCOMES = ("supported", "explained", "not_supported")
ADOPTED = ("adopted", "not_adopted")
GROUNDS = ("under_way", "ended", "elsewhere")
LEVELS = ("review", "second_review")  # 复查, 复核
FINDINGS = ("upheld", "changed", "revoked")
METHODS = ("letter", "phone", "visit")

Counts = Mapping[tuple[str, str], int]
"""(figure, which of its parts) → how many; what is not there is zero."""


@dataclass(frozen=True, slots=True)
class Joint:
    """联名信: petitions that several people signed, and how many signed them."""

    petitions: int
    signers: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Every figure of a period, for the office or for one unit.

    What each counts, and on which day: docs/reference/indicators.md. `joint` is None while
    nobody can sign together: there is no such row then.
    """

    registered: int
    origins: Parts
    repeats: Rate  # 重复信访率
    routing: Timely  # 及时转送率
    acceptance: Timely  # 及时受理率
    accepted: int
    completed: Rate  # 办结率
    completion: Timely  # 按期办结率
    outcomes: Parts
    survey: Survey  # 满意率, 参评率
    solved: Rate  # 一次性化解率
    answered: Parts  # suggestions
    declined: Parts
    referred: Parts  # by kind of the statutory route
    withdrawn: int
    reviews: Parts  # asked for
    findings: Parts
    reviewing: Timely  # reviews decided in time
    supervisions: Parts
    answering: Timely  # supervisions answered in time
    joint: Joint | None = None

    @property
    def replied(self) -> int:
        """Replies given."""
        return self.outcomes.total

    @property
    def tables(self) -> Iterator[Parts]:
        """Every table of it."""
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, Parts):
                yield value


@dataclass(frozen=True, slots=True)
class Line:
    """One unit's figures."""

    unit: str
    totals: Totals


def lines(by_unit: Mapping[str, Counts], least: int, *, told: bool = True) -> tuple[Line, ...]:
    """The units' figures, in the order they are given in.

    Where what too few said of some units could be found by taking the others from the whole,
    the satisfaction of the next smallest is kept back as well.
    """
    rated = {unit: n for unit, counts in by_unit.items() if (n := _sum(counts, "rated_unit"))}
    shown = sorted((u for u in rated if rated[u] >= least), key=rated.__getitem__)
    kept = {unit: n for unit, n in rated.items() if n < least}
    while 0 < sum(kept.values()) < least and shown:
        smallest = shown.pop(0)
        kept[smallest] = rated[smallest]
    return tuple(
        Line(unit, totals(counts, least, told=told and unit not in kept))
        for unit, counts in by_unit.items()
    )


def totals(
    counts: Counts, least: int, registered: int | None = None, *, told: bool = True
) -> Totals:
    """The figures of these counts; of fewer than `least` ratings nothing is told but how many.

    `registered` is the number registered where it was counted apart from its parts.
    """

    def table(name: str, order: tuple[str, ...] = (), total: int | None = None) -> Parts:
        found = {part: n for (figure, part), n in counts.items() if figure == name and n}
        return parts(name, found, total, order)

    def timely(name: str) -> Timely:
        return Timely(*(counts.get((name, part), 0) for part in ("in_time", "late", "open")))

    def rate(name: str) -> Rate:
        return Rate(counts.get((name, "yes"), 0), _sum(counts, name))

    origins = table("origins", ORIGINS, registered)
    return Totals(
        registered=origins.total,
        origins=origins,
        repeats=Rate(counts.get(("repeats", ""), 0), origins.total),
        routing=timely("routing"),
        acceptance=timely("acceptance"),
        accepted=_sum(counts, "accepted"),
        completed=Rate(
            counts.get(("accepted", "done"), 0),
            counts.get(("accepted", "done"), 0) + counts.get(("accepted", "open"), 0),
        ),
        completion=timely("completion"),
        outcomes=table("outcomes", OUTCOMES),
        survey=_survey(counts, least, told=told),
        solved=rate("solved"),
        answered=table("answered", ADOPTED),
        declined=table("declined", GROUNDS),
        referred=table("referred"),
        withdrawn=_sum(counts, "withdrawn"),
        reviews=table("reviews", LEVELS),
        findings=table("findings", FINDINGS),
        reviewing=timely("reviewing"),
        supervisions=table("supervisions", METHODS),
        answering=timely("answering"),
    )


def _sum(counts: Counts, name: str) -> int:
    return sum(n for (figure, _), n in counts.items() if figure == name)


def _survey(counts: Counts, least: int, *, told: bool) -> Survey:
    rated = _sum(counts, "rated_unit")
    silent = counts.get(("silent", ""), 0)
    if not told or rated < max(least, 1):
        return Survey(rated, silent, None, None)
    office, unit = (
        Verdicts(*(counts.get((side, part), 0) for part in ("good", "fair", "bad")))
        for side in ("rated_office", "rated_unit")
    )
    return Survey(rated, silent, office, unit)
