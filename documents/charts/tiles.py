"""The key figures: what is looked at first, two beside each other, each with what it rests on."""

from dataclasses import dataclass

from documents.charts import typeface
from documents.charts.canvas import BLUE, FAINT, INK, INNER, MARGIN, ORANGE, SMALL, SOFT, Canvas

_GAP, _PAD = 20, 22
_WIDE = (INNER - _GAP) / 2
_FIGURE, _LEAST = 74.0, 44.0
_LEADING = SMALL * 1.32


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure: what it is called, its value, and what it rests on in a line or two each.

    `alarm` draws the eye to it: something is late.
    """

    label: str
    value: str
    notes: tuple[str, ...] = ()
    alarm: bool = False


def draw(canvas: Canvas, tiles: list[Tile]) -> None:
    """The tiles in rows of two; both of a row are as high as the higher one."""
    for at in range(0, len(tiles), 2):
        row = tiles[at : at + 2]
        high = max(map(_height, row))
        for column, tile in enumerate(row):
            _draw(canvas, MARGIN + column * (_WIDE + _GAP), tile, high)
        canvas.down(high + _GAP)


def _lines(text: str) -> list[str]:
    return typeface.wrapped(typeface.seen(text), SMALL, _WIDE - 2 * _PAD)


def _height(tile: Tile) -> float:
    lines = len(_lines(tile.label)) + sum(len(_lines(note)) for note in tile.notes)
    return 2 * _PAD + _FIGURE * 1.04 + lines * _LEADING


def _draw(canvas: Canvas, x: float, tile: Tile, high: float) -> None:
    canvas.box(x, canvas.y, _WIDE, high, FAINT)
    canvas.box(x, canvas.y, 8, high, ORANGE if tile.alarm else BLUE)
    y, left = canvas.y + _PAD - 8, x + _PAD
    for line in _lines(tile.label):
        y += _LEADING
        canvas.text(left, y, line, SMALL, SOFT)
    size = _FIGURE  # a long value is set smaller, so that it stands in one line
    while size > _LEAST and typeface.width(tile.value, size) > _WIDE - 2 * _PAD:
        size -= 4
    y += _FIGURE * 0.98
    colour = ORANGE if tile.alarm else INK
    canvas.text(left, y, typeface.seen(tile.value), size, colour, strong=True)
    y += _FIGURE * 0.06
    for note in tile.notes:
        for line in _lines(note):
            y += _LEADING
            canvas.text(left, y, line, SMALL, SOFT)
