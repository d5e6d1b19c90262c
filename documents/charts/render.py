"""How do marks become a picture? Drawn by matplotlib's Agg, which is loaded with the first one."""

import io
from typing import TYPE_CHECKING

import pylopdf_fonts_zh_cn as fonts

from documents.charts.canvas import PAPER, WIDTH, Box, Canvas, Path, Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 100


def to_png(canvas: Canvas) -> bytes:
    """The picture as PNG. For a process that does nothing else: see `documents.charts.child`."""
    made = io.BytesIO()
    to_figure(canvas).savefig(made, format="png", facecolor=PAPER)
    return made.getvalue()


def to_figure(canvas: Canvas) -> "Figure":
    """The figure itself, a pixel of the canvas being one of the picture."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    high = round(canvas.y)
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
