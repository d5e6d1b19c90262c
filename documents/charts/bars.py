"""How many of each? Horizontal bars, the name before its bar, the number and its share after it."""

from dataclasses import dataclass

from documents.charts import typeface
from documents.charts.canvas import BLUE, FAINT, INK, INNER, MARGIN, SMALL, SOFT, WIDTH, Canvas

_THICK = 28
_GAP = 18
_NAMES = 0.40
"""The most of the width that names take; longer ones wrap."""
_MOST = 3
"""Lines of a name; what is longer is cut, and whole in the table behind the picture."""
_LEADING = SMALL * 1.26


@dataclass(frozen=True, slots=True)
class Bar:
    """A name, how much of it there is, and how that and its share are written."""

    name: str
    value: float
    said: str
    share: str = ""


def draw(canvas: Canvas, bars: list[Bar]) -> None:
    """The bars, to the scale of the longest."""
    names = [typeface.seen(each.name) for each in bars]
    wide = min(INNER * _NAMES, max(typeface.width(name, SMALL) for name in names))
    shares = max(typeface.width(each.share, SMALL) for each in bars)
    counts = max(typeface.width(each.said, SMALL) for each in bars)
    left = MARGIN + wide + _GAP
    right = WIDTH - MARGIN - shares - counts - 2 * _GAP
    most = max(each.value for each in bars) or 1
    for each, name in zip(bars, names, strict=True):
        lines = typeface.cut(name, SMALL, wide, _MOST)
        high = max(_THICK, len(lines) * _LEADING)
        for n, line in enumerate(lines):
            canvas.text(MARGIN, canvas.y + SMALL * 0.88 + n * _LEADING, line, SMALL, SOFT)
        top = canvas.y + (high - _THICK) / 2
        canvas.box(left, top, right - left, _THICK, FAINT)
        if each.value:
            long = (right - left) * each.value / most
            canvas.box(left, top, max(3.0, long), _THICK, BLUE)
        base = top + SMALL * 0.88
        canvas.text(WIDTH - MARGIN - shares - _GAP, base, each.said, SMALL, INK, "right")
        if each.share:
            canvas.text(WIDTH - MARGIN, base, each.share, SMALL, SOFT, "right")
        canvas.down(high + 18)
