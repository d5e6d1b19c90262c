"""How do marks become a picture? Drawn by matplotlib's Agg, which is loaded with the first one."""

import io
from threading import RLock
from typing import TYPE_CHECKING

import pylopdf_fonts_zh_cn as fonts

from documents.charts import typeface
from documents.charts.canvas import PAPER, WIDTH, Box, Canvas, Path, Text
from documents.charts.picture import lay_out
from documents.digest import Digest
from documents.voice import Voice

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 100
TALLEST = 10_000 - WIDTH
"""The messenger takes a photo whose width and height are 10,000 together, or less."""
_turn = RLock()
"""One picture at a time, from its first measured character on: FreeType knows no two at once."""


class NoGlyph(ValueError):
    """A text that the font cannot show; nothing is drawn with a hole in it."""


def drawn(digest: Digest, say: Voice) -> bytes:
    """The digest's picture as PNG. To be called off the event loop, by as many as like."""
    with _turn:
        return to_png(lay_out(digest, say))


def to_png(canvas: Canvas) -> bytes:
    """The picture as PNG. To be called off the event loop. Raises `NoGlyph`."""
    with _turn:
        made = io.BytesIO()
        figure = to_figure(canvas)
        figure.savefig(made, format="png", facecolor=PAPER)
        figure.clear()
        return made.getvalue()


def to_figure(canvas: Canvas) -> "Figure":
    """The figure itself, a pixel of the canvas being one of the picture."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    high = round(canvas.y)
    if high > TALLEST:
        raise ValueError(f"a picture {high} pixels high is more than the messenger takes")
    figure = Figure(figsize=(WIDTH / DPI, high / DPI), dpi=DPI)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(high, 0)
    for layer, mark in enumerate(canvas.marks):
        _draw(axes, mark, layer)
    return figure


def _draw(axes: "Axes", mark: Text | Box | Path, layer: int) -> None:
    match mark:
        case Text():
            _text(axes, mark, layer)
        case Box():
            from matplotlib.patches import Rectangle

            box = Rectangle((mark.x, mark.y), mark.wide, mark.high, fc=mark.colour, ec="none")
            box.set_zorder(layer)
            axes.add_patch(box)
        case Path():
            x, y = zip(*mark.points, strict=True)
            axes.plot(
                x,
                y,
                color=mark.colour,
                lw=mark.thick * 72 / DPI,
                ls="--" if mark.dashed else "-",
                marker="o" if mark.dots else "",
                markersize=mark.thick * 2.6 * 72 / DPI,
                solid_capstyle="round",
                zorder=layer,
                clip_on=False,
            )


def _text(axes: "Axes", mark: Text, layer: int) -> None:
    from matplotlib.font_manager import FontProperties
    from matplotlib.patheffects import AbstractPathEffect, withStroke

    missing = {c for c in mark.text if ord(c) not in typeface.covered()}
    if missing:
        raise NoGlyph(f"no glyph for {', '.join(f'U+{ord(c):04X}' for c in sorted(missing))}")
    drawn = axes.text(
        mark.x,
        mark.y,
        mark.text,
        fontproperties=FontProperties(fname=str(fonts.sans_path()), size=mark.size * 72 / DPI),
        color=mark.colour,
        ha=mark.align,
        va="baseline",
        parse_math=False,  # a "$" is a dollar
        zorder=layer,
    )
    strokes: list[AbstractPathEffect] = []
    if mark.halo:
        strokes.append(withStroke(linewidth=6, foreground=PAPER))
    if mark.strong:  # the font has one weight
        strokes.append(withStroke(linewidth=mark.size / 40, foreground=mark.colour))
    drawn.set_path_effects(strokes)
