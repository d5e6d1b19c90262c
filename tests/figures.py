"""A report made by hand, for tests of whatever shows one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from petitions.indicators import (
    AGE_BANDS,
    Line,
    Period,
    Point,
    Report,
    Scope,
    Totals,
    Trend,
    parts,
    totals,
)

LEAST, SOLVED_DAYS = 5, 90
COUNTS: Mapping[tuple[str, str], int] = {
    ("origins", "first"): 1099,
    ("origins", "repeat"): 292,
    ("origins", "assigned"): 473,
    ("repeats", ""): 301,
    ("routing", "in_time"): 600,
    ("routing", "late"): 4,
    ("acceptance", "in_time"): 1700,
    ("acceptance", "late"): 20,
    ("acceptance", "open"): 3,
    ("accepted", "done"): 365,
    ("accepted", "open"): 108,
    ("accepted", "withdrawn"): 6,
    ("completion", "in_time"): 365,
    ("outcomes", "supported"): 200,
    ("outcomes", "explained"): 120,
    ("outcomes", "not_supported"): 45,
    ("rated_office", "good"): 90,
    ("rated_office", "fair"): 25,
    ("rated_office", "bad"): 12,
    ("rated_unit", "good"): 80,
    ("rated_unit", "fair"): 27,
    ("rated_unit", "bad"): 20,
    ("silent", ""): 143,
    ("solved", "yes"): 240,
    ("solved", "no"): 31,
    ("answered", "adopted"): 40,
    ("answered", "not_adopted"): 35,
    ("declined", "elsewhere"): 51,
    ("declined", "under_way"): 12,
    ("referred", "court"): 33,
    ("referred", "arbitration"): 21,
    ("withdrawn", ""): 9,
    ("reviews", "review"): 14,
    ("reviews", "second_review"): 3,
    ("findings", "upheld"): 9,
    ("findings", "changed"): 2,
    ("findings", "revoked"): 1,
    ("reviewing", "in_time"): 12,
    ("supervisions", "phone"): 5,
    ("supervisions", "letter"): 2,
    ("answering", "in_time"): 6,
    ("answering", "open"): 1,
}
"""A month of a bureau; the 1864 and the 365 of 473 are published figures [field]."""


def some_totals(share: float = 1.0, **changes: int) -> Totals:
    """The figures above, or a share of them; `origins_first=3` and the like change a count."""
    counts = {key: round(n * share) for key, n in COUNTS.items()}
    for name, n in changes.items():
        figure = next(f for f, _ in counts if name.startswith(f))
        counts[figure, name.removeprefix(figure).removeprefix("_")] = n
    return totals(counts, LEAST)


def a_report(period: Period | None = None, **changes: Any) -> Report:
    """A report of October 2026 in which every table agrees; `changes` are fields of `Report`."""
    period = period or Period.of("month", date(2026, 10, 1))
    whole = some_totals()
    units = {"roads": 0.6, "housing": 0.3, "water": 0.004}
    lines = [Line(unit, some_totals(share)) for unit, share in units.items()]
    rest = whole.registered - sum(line.totals.registered for line in lines)
    made = {"origins_first": rest, "origins_repeat": 0, "origins_assigned": 0}
    lines.append(Line("front", some_totals(0.0, **made)))
    steps = period.steps()
    each, over = divmod(whole.registered, len(steps))
    points = [
        Point(
            s.first,
            s.last,
            each + (over if n == 0 else 0) + (n % 3 - 1) * (n < len(steps) // 3 * 3),
            5,
        )
        for n, s in enumerate(steps)
    ]
    fields: dict[str, Any] = {
        "period": period,
        "made_on": date(2026, 11, 2),
        "scope": Scope(),
        "least": LEAST,
        "solved_days": SOLVED_DAYS,
        "totals": whole,
        "before": some_totals(0.9),
        "year_before": some_totals(0.0),
        "purposes": parts("purposes", {"request": 1500, "question": 200, "suggestion": 164}),
        "categories": parts("categories", {"urban": 1200, "land": 500, "labour": 160, "": 4}),
        "subcategories": (parts("urban", {"urban.roads": 900, "urban": 20, "urban.housing": 280}),),
        "districts": parts("districts", {"north": 1800, "": 64}, order=("north",)),
        "units": tuple(lines),
        "open": parts("open", {"15": 60, "30": 30, "60": 12, "90": 4, "older": 2}, order=AGE_BANDS),
        "trend": Trend(period.step, tuple(points)),
        **changes,
    }
    return Report(**fields)
