"""What stands on the picture of a digest? The sections its readers need first, as many as fit.

A messenger shows a photo at most 1,280 pixels high on many phones: the taller the picture, the
smaller its type. What finds no room is named, and stands in the workbook with all the rest.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from documents.charts import heading, keys, tables, units
from documents.charts.canvas import MARGIN, SMALL, SOFT, WIDTH, Canvas
from documents.digest import Digest
from documents.voice import Voice
from petitions.indicators import Parts

TALL = 3.2 * WIDTH
"""Pixels: at 1,280 of them high, the type of a picture this tall is as large as a phone's own."""
_BRIEF, _LONG = 6, 9
"""Bars of a table: what is more is drawn as one, "the others together"."""

Draw = Callable[[Canvas, Digest, Voice], None]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the picture: what it is called, how it is drawn, how soon it is left out."""

    name: str
    draw: Draw
    spare: int = 0


def _bars(of: Callable[[Digest], Parts], most: int = _BRIEF) -> Draw:
    return lambda canvas, digest, say: tables.bars(canvas, digest, say, of(digest), most)


_KEYS = Section("keys", keys.draw)
_TREND = Section("trend", keys.trend, 3)
_ORIGINS = Section("origins", _bars(lambda d: d.report.totals.origins), 4)
_CATEGORIES = Section("categories", _bars(lambda d: d.report.categories), 2)
_UNITS = Section("units", units.draw)  # what a 通报 is for: never left out
_EVERYTHING = (_KEYS, _TREND, _ORIGINS, _CATEGORIES, _UNITS)

SECTIONS: dict[str, tuple[Section, ...]] = {
    "week": (Section("urgent", keys.urgent), _KEYS, _TREND, _ORIGINS, _CATEGORIES),
    "month": _EVERYTHING,
    "quarter": (
        _KEYS,
        Section("trend", keys.trend, 1),
        Section("categories", _bars(lambda d: d.report.categories, _LONG), 1),
        Section("subcategories", _bars(lambda d: tables.together(d.report.subcategories)), 1),
        Section("outcomes", _bars(lambda d: d.report.totals.outcomes), 2),
        Section("open", _bars(lambda d: d.report.open), 2),
        Section("origins", _bars(lambda d: d.report.totals.origins), 3),
        Section("districts", _bars(lambda d: d.report.districts), 4),
        Section("declined", _bars(lambda d: d.report.totals.declined), 5),
        Section("referred", _bars(lambda d: d.report.totals.referred), 6),
        Section("findings", _bars(lambda d: d.report.totals.findings), 6),
    ),
    "year": _EVERYTHING,
    "days": _EVERYTHING,
}
"""Period → its sections, in the order in which they stand."""


def lay_out(digest: Digest, say: Voice) -> Canvas:
    """The picture of this digest, not drawn yet."""
    canvas = Canvas()
    heading.draw(canvas, digest, say)
    wanted = SECTIONS[digest.report.period.kind]
    notes = _notes(digest, say, wanted)
    room = TALL - canvas.y - notes.y - 3 * SMALL - MARGIN
    made = [(section, _drawn(section.draw, digest, say)) for section in wanted]
    shown, left = _fitting([(s, c) for s, c in made if c.marks], room)
    for _, drawn in shown:
        canvas.join(drawn)
    canvas.join(_notes(digest, say, [section for section, _ in shown]))
    if left:
        names = say.listed(say(f"digest.table.{section.name}") for section in left)
        canvas.lines(say("digest.note.left_out", tables=names), SMALL, SOFT)
    canvas.down(MARGIN)
    return canvas


def _drawn(draw: Draw, digest: Digest, say: Voice) -> Canvas:
    canvas = Canvas()
    draw(canvas, digest, say)
    return canvas


def _notes(digest: Digest, say: Voice, shown: Iterable[Section]) -> Canvas:
    canvas = Canvas()
    heading.notes(canvas, digest, say, {section.name for section in shown})
    return canvas


def _fitting(
    made: list[tuple[Section, Canvas]], room: float
) -> tuple[list[tuple[Section, Canvas]], list[Section]]:
    """Those that fit, and those left out: the most spare first, the lower of two alike."""
    left: list[Section] = []
    while sum(canvas.y for _, canvas in made) > room:
        at = max(range(len(made)), key=lambda n: (made[n][0].spare, n))
        if made[at][0].spare == 0:
            break
        left.insert(0, made.pop(at)[0])
    return made, left
