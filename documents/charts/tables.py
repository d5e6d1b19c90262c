"""How is a table of the report drawn? As bars with their shares, or unit beside unit."""

from documents import figures
from documents.charts import bars as drawing
from documents.charts import table as grid
from documents.charts.bars import Bar
from documents.charts.canvas import SMALL, SOFT, Canvas
from documents.charts.table import Cell, Row
from documents.digest import Digest
from documents.voice import Voice
from petitions.indicators import Line, Parts, Rate, Share, parts

MOST_UNITS = 60
"""Rows of the unit table: more would not fit a picture that the messenger shows well."""


def bars(canvas: Canvas, digest: Digest, say: Voice, table: Parts, most: int) -> None:
    """The table as bars: the largest `most`, what is left as one; nothing for an empty one."""
    if not table.total and not any(share.count for share in table.shares):
        return
    canvas.head(figures.table_name(say, digest, table.table))
    shown, rest = _largest(table, most)
    whole = max(share.count for share in shown)
    drawn = [_bar(figures.part_name(say, digest, table.table, s.key), s, say) for s in shown]
    if rest:
        count = sum(share.count for share in rest)
        share = parts("", {"": count, "others": table.total - count}).shares
        both = next(each for each in share if each.key == "")
        drawn.append(_bar(say("digest.others", count=len(rest)), both, say))
        whole = max(whole, count)
    drawing.draw(canvas, drawn, whole)


def _largest(table: Parts, most: int) -> tuple[list[Share], list[Share]]:
    """In their own order those that are shown; one more than `most` needs no "1 other"."""
    met = [share for share in table.shares if share.count]
    return (met, []) if len(met) <= most + 1 else (met[:most], met[most:])


def _bar(name: str, share: Share, say: Voice) -> Bar:
    said = say("digest.count", count=share.count)
    return Bar(name, share.count, f"{said}  {figures.percent(share.percent)}")


def together(tables: tuple[Parts, ...]) -> Parts:
    """All second-level categories in one table, the largest first."""
    counts = {share.key: share.count for table in tables for share in table.shares if share.key}
    return parts("subcategories", counts, sum(table.total for table in tables))


def units(canvas: Canvas, digest: Digest, say: Voice) -> None:
    """Unit beside unit, in the office's order; those with nothing to tell in one sentence."""
    lines = digest.report.units
    if not lines:
        return
    canvas.head(say("digest.table.units"))
    busy = [line for line in lines if _tells(line)]
    names = ("registered", "acceptance", "completion", "overdue", "satisfied")
    head = tuple(say(f"digest.column.{name}") for name in ("unit", *names))
    if busy:
        grid.draw(canvas, head, [_row(digest, line) for line in busy[:MOST_UNITS]])
        canvas.lines(say("digest.note.order"), SMALL, SOFT)
    if len(busy) > MOST_UNITS:
        canvas.lines(say("digest.more_units", count=len(busy) - MOST_UNITS), SMALL, SOFT)
    idle = [digest.units.get(line.unit, line.unit) for line in lines if not _tells(line)]
    if idle:
        canvas.lines(say("digest.quiet_units", units=say.listed(idle)), SMALL, SOFT)


def _tells(line: Line) -> bool:
    totals = line.totals
    return bool(totals.registered or totals.acceptance.due or totals.completion.due) or (
        totals.survey.rated != 0
    )


def _row(digest: Digest, line: Line) -> Row:
    totals = line.totals
    late = totals.acceptance.open + totals.completion.open
    return Row(
        digest.units.get(line.unit, line.unit),
        (
            Cell(f"{totals.registered}"),
            _rate(totals.acceptance.rate),
            _rate(totals.completion.rate),
            Cell(f"{late}", alarm=late > 0),
            _satisfied(totals.survey.unit_rate),
        ),
    )


def _rate(rate: Rate) -> Cell:
    small = f"{rate.part}/{rate.of}" if rate.of else ""
    return Cell(figures.percent(rate.percent), small)


def _satisfied(rate: Rate) -> Cell:
    return Cell(figures.percent(rate.percent), f"n={rate.of}" if rate.of else "")
