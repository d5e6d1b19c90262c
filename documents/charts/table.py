"""What stands beside what? A table of a name and a few figures, that wraps and never shrinks."""

from dataclasses import dataclass

from documents.charts import typeface
from documents.charts.canvas import (
    FAINT,
    INK,
    INNER,
    MARGIN,
    ORANGE,
    RULE,
    SMALL,
    SOFT,
    WIDTH,
    Canvas,
)

_LEADING = SMALL * 1.3
_GAP = 22
_PAD = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure; `small` stands below it, `alarm` draws the eye to it."""

    text: str
    small: str = ""
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A name and its figures; a `brief` one takes one line, its name cut."""

    name: str
    cells: tuple[Cell, ...]
    brief: bool = False


def draw(canvas: Canvas, head: tuple[str, ...], rows: list[Row]) -> None:
    """The table: the first column takes what the others leave, and its names wrap."""
    widths = [_widest(head[n + 1], [row.cells[n] for row in rows]) for n in range(len(head) - 1)]
    room = INNER - sum(widths) - _GAP * len(widths)
    _head(canvas, head, widths, room)
    for number, row in enumerate(rows):
        names = typeface.cut(typeface.seen(row.name), SMALL, room, 1 if row.brief else 4)
        lines = max(len(names), 2 if any(cell.small for cell in row.cells) else 1)
        pad = 3 if row.brief else _PAD
        high = lines * _LEADING + 2 * pad
        if number % 2 == 0:
            canvas.box(MARGIN - 12, canvas.y, INNER + 24, high, FAINT)
        base = canvas.y + pad + SMALL * 0.98
        for n, name in enumerate(names):
            canvas.text(MARGIN, base + n * _LEADING, name, SMALL)
        for x, cell in zip(_rights(widths), row.cells, strict=True):
            colour = ORANGE if cell.alarm else INK
            canvas.text(x, base, cell.text, SMALL, colour, "right", strong=cell.alarm)
            if cell.small:
                canvas.text(x, base + _LEADING, cell.small, SMALL, SOFT, "right")
        canvas.down(high)
    canvas.down(8)


def _widest(head: str, cells: list[Cell]) -> float:
    texts = [*head.split("\n"), *(t for cell in cells for t in (cell.text, cell.small))]
    return max(typeface.width(text, SMALL) for text in texts)


def _rights(widths: list[float]) -> list[float]:
    """The right edge of each column of figures."""
    rights: list[float] = []
    x = float(WIDTH - MARGIN)
    for wide in reversed(widths):
        rights.insert(0, x)
        x -= wide + _GAP
    return rights


def _head(canvas: Canvas, head: tuple[str, ...], widths: list[float], room: float) -> None:
    """The names of the columns, at the foot of their lines; a newline breaks one."""
    columns = [typeface.wrapped(head[0], SMALL, room), *(each.split("\n") for each in head[1:])]
    high = max(map(len, columns)) * _LEADING
    foot = canvas.y + high
    aligned = [(MARGIN, "left"), *((x, "right") for x in _rights(widths))]
    for (x, align), lines in zip(aligned, columns, strict=True):
        for n, line in enumerate(reversed(lines)):
            side = "left" if align == "left" else "right"
            canvas.text(x, foot - n * _LEADING, line, SMALL, SOFT, side)  # type: ignore[arg-type]
    canvas.y = foot + 14
    canvas.path(((MARGIN - 12, canvas.y), (WIDTH - MARGIN + 12, canvas.y)), RULE, 2.5)
