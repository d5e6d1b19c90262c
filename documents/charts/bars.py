"""How many of each? Horizontal bars, the name above its bar and the number at its end."""

from dataclasses import dataclass

from documents.charts import typeface
from documents.charts.canvas import BLUE, BODY, FAINT, INK, INNER, MARGIN, SMALL, SOFT, Canvas

_THICK = 26
_MOST = 2
"""Lines of a name; what is longer is cut, and whole in the table behind the picture."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A name, how much of it there is, and how that is written beside the bar."""

    name: str
    value: float
    said: str
    colour: str = BLUE


def draw(canvas: Canvas, bars: list[Bar], whole: float | None = None) -> None:
    """The bars, to the scale of the longest, or of `whole`."""
    said = max((typeface.width(each.said, BODY) for each in bars), default=0.0)
    room = INNER - said - 20
    scale = whole or max((each.value for each in bars), default=0) or 1
    for each in bars:
        _name(canvas, each.name)
        canvas.down(10)
        long = room * min(1.0, each.value / scale)
        canvas.box(MARGIN, canvas.y, room, _THICK, FAINT)
        if long:
            canvas.box(MARGIN, canvas.y, max(3.0, long), _THICK, each.colour)
        canvas.text(MARGIN + INNER, canvas.y + _THICK - 2, each.said, BODY, INK, "right")
        canvas.down(_THICK + 14)


def _name(canvas: Canvas, name: str) -> None:
    for line in typeface.cut(typeface.seen(name), SMALL, INNER, _MOST):
        canvas.down(SMALL * 1.32)
        canvas.text(MARGIN, canvas.y, line, SMALL, SOFT)
