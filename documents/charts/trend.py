"""How did it go over time? One line, the same time last year beside it, both named at their end."""

from dataclasses import dataclass

from documents.charts import typeface
from documents.charts.canvas import (
    BLUE,
    BODY,
    INNER,
    MARGIN,
    ORANGE,
    RULE,
    SMALL,
    SOFT,
    WIDTH,
    Canvas,
    Point,
)

_HIGH = 300
_STEPS = (1, 2, 5)
_LABEL_GAP = 24
_NUMBERED = 14
"""Points up to which each has its number."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of counts over the same times, and what it is called; None where nothing is known."""

    name: str
    counts: tuple[int | None, ...]


def draw(canvas: Canvas, times: list[str], now: Line, last: Line | None) -> None:
    """`now` in full, with its numbers where there is room; `last` dashed behind it."""
    counts = [c for line in (now, last) if line for c in line.counts if c is not None]
    step, top = _scale(max(counts, default=0))
    left = MARGIN + typeface.width(f"{top}", SMALL) + 16
    right = WIDTH - MARGIN - 10
    _names(canvas, now, last)
    canvas.down(SMALL + 24)
    foot = canvas.y + _HIGH
    for value in range(0, top + 1, step):
        y = foot - _HIGH * value / top
        canvas.path(((left, y), (right, y)), RULE, 1.5)
        canvas.text(left - 12, y + SMALL * 0.35, f"{value}", SMALL, SOFT, "right")
    across = (right - left - 40) / max(1, len(times) - 1)
    xs = [left + 20 + across * n for n in range(len(times))]
    if len(times) == 1:
        xs = [(left + right) / 2]
    if last:
        _line(canvas, xs, last, foot, top, ORANGE, dashed=True)
    _line(canvas, xs, now, foot, top, BLUE, dashed=False)
    _numbers(canvas, xs, now, foot, top)
    _times(canvas, times, xs, foot)
    canvas.y = foot + SMALL * 1.7


def _scale(most: int) -> tuple[int, int]:
    """The step between two rules, and the highest one: at most five rules above the foot."""
    power = 1
    while True:
        for each in _STEPS:
            step = each * power
            if step * 5 >= most:
                return step, max(step * -(-most // step), step)
        power *= 10


def _names(canvas: Canvas, now: Line, last: Line | None) -> None:
    """Which line is which, above them, drawn as it is."""
    canvas.down(SMALL * 1.3)
    x = float(MARGIN)
    for line, colour, dashed in ((now, BLUE, False), (last, ORANGE, True)):
        if line is None:
            continue
        y = canvas.y - SMALL * 0.35
        canvas.path(((x, y), (x + 56, y)), colour, 5 if not dashed else 3.5, dashed=dashed)
        canvas.text(x + 70, canvas.y, line.name, SMALL, colour)
        x += 70 + typeface.width(line.name, SMALL) + 48


def _points(xs: list[float], line: Line, foot: float, top: int) -> list[list[Point]]:
    """The line in pieces, broken where nothing is known."""
    pieces: list[list[Point]] = [[]]
    for x, count in zip(xs, line.counts, strict=True):
        if count is None:
            pieces.append([])
        else:
            pieces[-1].append((x, foot - _HIGH * count / top))
    return [piece for piece in pieces if piece]


def _line(
    canvas: Canvas, xs: list[float], line: Line, foot: float, top: int, colour: str, *, dashed: bool
) -> None:
    for piece in _points(xs, line, foot, top):
        dots = not dashed or len(piece) == 1
        canvas.path(tuple(piece), colour, 3.5 if dashed else 5, dashed=dashed, dots=dots)


def _numbers(canvas: Canvas, xs: list[float], line: Line, foot: float, top: int) -> None:
    """The counts at their points; of many, the highest and the newest alone."""
    known = [(x, count) for x, count in zip(xs, line.counts, strict=True) if count is not None]
    most = max((count for _, count in known), default=0)
    crowded = len(known) > _NUMBERED or any(
        typeface.width(f"{count}", BODY) + 10 > xs[1] - xs[0] for _, count in known[: len(xs) - 1]
    )
    highest = next((n for n, (_, count) in enumerate(known) if count == most), 0)
    for n, (x, count) in enumerate(known):
        last = n == len(known) - 1
        if crowded and (n != highest and not (last and n - highest > 2)):
            continue
        # In a valley the line comes from above on both sides.
        sides = [known[m][1] for m in (n - 1, n + 1) if 0 <= m < len(known)]
        below = bool(sides) and count < min(sides) and _HIGH * count / top > BODY * 1.6
        y = foot - _HIGH * count / top + (BODY * 1.25 if below else -18)
        canvas.text(x, y, f"{count}", BODY, BLUE, "center", strong=True, halo=True)


def _times(canvas: Canvas, times: list[str], xs: list[float], foot: float) -> None:
    """The names of the times below, every so many of them as there is room for."""
    widest = max(typeface.width(each, SMALL) for each in times)
    across = xs[1] - xs[0] if len(xs) > 1 else INNER
    every = max(1, -(-int(widest + _LABEL_GAP) // max(1, int(across))))
    for n in range(len(times) - 1, -1, -every):  # the newest is always named
        half = typeface.width(times[n], SMALL) / 2
        x = min(max(xs[n], MARGIN + half), WIDTH - MARGIN - half)
        canvas.text(x, foot + SMALL * 1.35, times[n], SMALL, SOFT, "center")
