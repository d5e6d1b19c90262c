"""How does each unit do? A table in the office's order, which is no ranking."""

from documents import figures
from documents.charts import table as grid
from documents.charts.canvas import SMALL, SOFT, Canvas
from documents.charts.table import Cell, Row
from documents.digest import Digest
from documents.voice import Voice
from petitions.indicators import Line, Rate

_ROOMY = 12
"""Units up to which there is room for what each rate rests on."""
MOST = 36
"""Rows of the table: with more, a phone shows none of them legibly."""


def draw(canvas: Canvas, digest: Digest, say: Voice) -> None:
    """Unit beside unit; those with nothing to tell are named in one sentence."""
    lines = digest.report.units
    if len(lines) < 2:
        return  # it would say again what the picture says
    canvas.head(say("digest.table.units"))
    busy = [line for line in lines if _tells(line)]
    roomy = len(busy) <= _ROOMY
    if busy:
        names = ("unit", "registered", "acceptance", "completion", "overdue", "satisfied")
        head = tuple(say(f"digest.column.{name}") for name in names)
        grid.draw(canvas, head, [_row(digest, line, roomy=roomy) for line in busy[:MOST]])
        canvas.lines(say("digest.note.order" if roomy else "digest.note.order_brief"), SMALL, SOFT)
    if len(busy) > MOST:
        canvas.lines(say("digest.more_units", count=len(busy) - MOST), SMALL, SOFT)
    idle = [digest.units.get(line.unit, line.unit) for line in lines if not _tells(line)]
    if idle:
        said = say("digest.quiet_units", units=say.listed(idle[:_ROOMY]))
        if len(idle) > _ROOMY:
            said = say("digest.quiet_units_more", units=say.listed(idle[:_ROOMY]), count=len(idle))
        canvas.lines(said, SMALL, SOFT)


def _tells(line: Line) -> bool:
    totals = line.totals
    due = totals.acceptance.due or totals.completion.due
    return bool(totals.registered or due) or totals.survey.rated != 0


def _row(digest: Digest, line: Line, *, roomy: bool) -> Row:
    totals = line.totals
    late = totals.acceptance.open + totals.completion.open
    rates = (totals.acceptance.rate, totals.completion.rate)
    accepted, done = (_rate(rate, roomy=roomy) for rate in rates)
    satisfied = _satisfied(totals.survey.unit_rate, roomy=roomy)
    cells = (Cell(f"{totals.registered}"), accepted, done, Cell(f"{late}", alarm=late > 0))
    return Row(digest.units.get(line.unit, line.unit), (*cells, satisfied), brief=not roomy)


def _rate(rate: Rate, *, roomy: bool) -> Cell:
    small = f"{rate.part}/{rate.of}" if rate.of and roomy else ""
    return Cell(figures.percent(rate.percent), small)


def _satisfied(rate: Rate, *, roomy: bool) -> Cell:
    """Never without its n; a dash where nobody rated or too few did."""
    told = figures.percent(rate.percent)
    if not rate.of:
        return Cell(told)
    return Cell(told, f"n={rate.of}") if roomy else Cell(f"{told} n={rate.of}")
