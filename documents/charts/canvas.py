"""What is drawn where? Marks in pixels from the top left, kept until the height is known."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from documents.charts import typeface

WIDTH = 1080
MARGIN = 48
INNER = WIDTH - 2 * MARGIN

BODY, SMALL, HEAD, TITLE = 31.0, 28.0, 38.0, 54.0
"""Sizes of type in pixels: at 390 points a phone shows `SMALL` at ten points."""

INK, SOFT, FAINT, RULE, PAPER = "#1a1a1a", "#55606b", "#eef1f4", "#d5dbe1", "#ffffff"
BLUE, SKY, ORANGE = "#0b5c9c", "#9cc7e6", "#c2500a"
"""Told apart by every eye: by lightness too, so that a print in grey still reads."""

Align = Literal["left", "center", "right"]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; `y` is its base line."""

    x: float
    y: float
    text: str
    size: float
    colour: str = INK
    align: Align = "left"
    strong: bool = False
    halo: bool = False  # stands out from what it is drawn over


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle from its top left corner."""

    x: float
    y: float
    wide: float
    high: float
    colour: str


@dataclass(frozen=True, slots=True)
class Path:
    """A line through these points, with a dot on each where `dots`."""

    points: tuple[Point, ...]
    colour: str
    thick: float = 3.0
    dashed: bool = False
    dots: bool = False


Mark = Text | Box | Path


@dataclass(slots=True)
class Canvas:
    """Marks one under the other; `y` is where the next section begins."""

    y: float = 0.0
    marks: list[Mark] = field(default_factory=list)

    def down(self, pixels: float) -> None:
        """Leave so much room."""
        self.y += pixels

    def join(self, other: "Canvas") -> None:
        """What `other` has, below what is here."""
        self.marks += [_lowered(mark, self.y) for mark in other.marks]
        self.y += other.y

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = BODY,
        colour: str = INK,
        align: Align = "left",
        *,
        strong: bool = False,
        halo: bool = False,
    ) -> None:
        """A line whose base line is `y`."""
        self.marks.append(Text(x, y, text, size, colour, align, strong, halo))

    def box(self, x: float, y: float, wide: float, high: float, colour: str) -> None:
        """A filled rectangle."""
        self.marks.append(Box(x, y, wide, high, colour))

    def path(
        self,
        points: tuple[Point, ...],
        colour: str,
        thick: float = 3.0,
        *,
        dashed: bool = False,
        dots: bool = False,
    ) -> None:
        """A line."""
        self.marks.append(Path(points, colour, thick, dashed, dots))

    def lines(
        self,
        text: str,
        size: float = BODY,
        colour: str = INK,
        *,
        strong: bool = False,
        x: float = MARGIN,
        room: float = INNER,
    ) -> None:
        """A paragraph, as many lines as it takes; the next thing comes below it."""
        for line in typeface.wrapped(typeface.seen(text), size, room):
            self.y += size * 1.42
            self.text(x, self.y, line, size, colour, strong=strong)
        self.y += size * 0.3

    def head(self, text: str) -> None:
        """The head of a section, below a rule."""
        self.down(22)
        self.path(((MARGIN, self.y), (WIDTH - MARGIN, self.y)), RULE, 2.0)
        self.down(4)
        self.lines(text, HEAD, BLUE, strong=True)
        self.down(10)


def _lowered(mark: Mark, by: float) -> Mark:
    if isinstance(mark, Path):
        return replace(mark, points=tuple((x, y + by) for x, y in mark.points))
    return replace(mark, y=mark.y + by)


def write_canvas(canvas: Canvas) -> dict[str, Any]:
    """The canvas as JSON values."""
    marks = [[type(mark).__name__, asdict(mark)] for mark in canvas.marks]
    return {"y": canvas.y, "marks": marks}


def read_canvas(found: dict[str, Any]) -> Canvas:
    """The canvas that `write_canvas` wrote."""
    kinds = {kind.__name__: kind for kind in (Text, Box, Path)}
    return Canvas(found["y"], [kinds[name](**values) for name, values in found["marks"]])
