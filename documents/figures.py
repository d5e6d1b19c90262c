"""How is a figure said? Periods, percentages, changes and the names of a table's parts."""

from collections.abc import Callable
from datetime import date

from documents.digest import Digest
from documents.voice import Voice
from petitions.indicators import Change, Period, Rate, Totals
from words.formats import MONTHS

NONE = "—"
"""Nothing to divide by, nothing to compare with."""

RATES: dict[str, Callable[[Totals], Rate]] = {
    "routing": lambda t: t.routing.rate,
    "acceptance": lambda t: t.acceptance.rate,
    "completion": lambda t: t.completion.rate,
    "completed": lambda t: t.completed,
    "satisfied_unit": lambda t: t.survey.unit_rate,
    "satisfied_office": lambda t: t.survey.office_rate,
    "response": lambda t: t.survey.response,
    "repeats": lambda t: t.repeats,
    "solved": lambda t: t.solved,
    "reviewing": lambda t: t.reviewing.rate,
    "answering": lambda t: t.answering.rate,
}
"""Every rate of a report by its name: `digest.figure.<name>`, `digest.how.<name>`."""
COUNTS = ("registered", "accepted", "replied", "withdrawn")
"""Its plain counts, likewise."""
_PARTS: dict[str, Callable[[str], str]] = {
    "origins": lambda key: f"digest.origin.{key}",
    "purposes": lambda key: f"digest.purpose.{key}",
    "outcomes": lambda key: f"outcome.{key}",
    "findings": lambda key: f"finding.{key}",
    "declined": lambda key: f"ground.{key}",
    "answered": lambda key: f"digest.answered.{key}",
    "reviews": lambda key: f"digest.review.{key}",
    "supervisions": lambda key: f"method.{key}",
    "referred": lambda key: f"way.{key}",
    "open": lambda key: f"digest.age.{key}",
}
"""Table → the catalogue's key for each of its parts; those of the others are the office's ids."""


def period(say: Voice, told: Period) -> str:
    """The period as people call it: 2026年11月."""
    first, last = told.first, told.last
    match told.kind:
        case "week":
            year, week, _ = first.isocalendar()
            days = {"first": short(say, first), "last": short(say, last)}
            return say("digest.period.week", year=str(year), week=week, **days)
        case "month":
            return say("digest.period.month", year=str(first.year), month=_month(say, first))
        case "quarter":
            quarter = (first.month + 2) // 3
            return say("digest.period.quarter", year=str(first.year), quarter=quarter)
        case "year":
            return say("digest.period.year", year=str(first.year))
        case "days":
            if first == last:
                return say("paper.day", day=first)
            return say("digest.period.days", first=first, last=last)


def short(say: Voice, day: date) -> str:
    """A day without its year: 11月16日."""
    return say("digest.day", month=_month(say, day), day=day.day)


def _month(say: Voice, day: date) -> str:
    return str(day.month) if say.language.startswith("zh") else MONTHS[day.month - 1]


def point(say: Voice, first: date, step: str) -> str:
    """A point of a trend: its day, the Monday of its week, its month."""
    if step == "month":
        return say("digest.month", month=_month(say, first))
    return f"{first.month}/{first.day}"


def percent(value: float | None) -> str:
    """93.2%, or a dash."""
    return NONE if value is None else f"{value:.1f}%"


def grown(value: float | None) -> str:
    """+12.3%, −3.0%, or a dash for a base of zero."""
    return NONE if value is None else f"{_signed(value)}%"


def _signed(value: float) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{abs(value):.1f}"


def compared(say: Voice, change: Change) -> tuple[str, str]:
    """环比 and 同比 of a count, each with the number it is compared with."""
    return (
        say("digest.on_before", change=grown(change.on_before), base=change.before),
        say("digest.on_year", change=grown(change.on_year), base=change.year_before),
    )


def moved(say: Voice, now: float | None, before: float | None) -> str:
    """By how many percentage points a rate went up or down on the period before."""
    if now is None or before is None:
        return say("digest.points_none")
    points = round(now * 10) - round(before * 10)
    return say("digest.points", points=_signed(points / 10))


def part_name(say: Voice, digest: Digest, table: str, key: str) -> str:
    """What a part is called; an id that nobody knows any more names itself."""
    if table in _PARTS and key:
        return say(_PARTS[table](key))
    names = {"units": digest.units, "districts": digest.districts}.get(table, digest.categories)
    name = names.get(key) or key or say("digest.unnamed")
    if table == "subcategories" and key and "." not in key:
        return say("digest.unsplit", name=name)  # filed under the first level alone
    return name


def table_name(say: Voice, digest: Digest, table: str) -> str:
    """What a table is called; one of subcategories, by the category they are of."""
    if any(each.table == table for each in digest.report.subcategories):
        return digest.categories.get(table) or table or say("digest.unnamed")
    return say(f"digest.table.{table}")


def disagreements(say: Voice, digest: Digest) -> list[str]:
    """Every table whose parts do not make up its total, said once each."""
    said = [
        say(
            "digest.note.parts",
            table=table_name(say, digest, wrong.table),
            parts=wrong.parts,
            total=wrong.total,
        )
        for wrong in digest.report.disagreements
    ]
    return list(dict.fromkeys(said))
