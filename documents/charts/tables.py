"""How is a table of the report drawn? As bars with their counts and shares."""

from documents import figures
from documents.charts import bars as drawing
from documents.charts.bars import Bar
from documents.charts.canvas import Canvas
from documents.digest import Digest
from documents.voice import Voice
from petitions.indicators import Parts, Share, parts, percent


def bars(canvas: Canvas, digest: Digest, say: Voice, table: Parts, most: int) -> None:
    """The table as bars: the first `most`, what is left as one; nothing for an empty one."""
    if not any(share.count for share in table.shares):
        return
    canvas.head(figures.table_name(say, digest, table.table))
    shown, rest = _cut(table, most)
    drawn = [_bar(figures.part_name(say, digest, table.table, s.key), s, say) for s in shown]
    if rest:
        count = sum(share.count for share in rest)
        both = Share("", count, percent(count, table.total))
        drawn.append(_bar(say("digest.others", count=len(rest)), both, say))
    drawing.draw(canvas, drawn)


def _cut(table: Parts, most: int) -> tuple[list[Share], list[Share]]:
    """In the table's order those that are shown, and the rest; "1 other" is shown itself."""
    met = [share for share in table.shares if share.count]
    return (met, []) if len(met) <= most + 1 else (met[:most], met[most:])


def _bar(name: str, share: Share, say: Voice) -> Bar:
    said = say("digest.count", count=share.count)
    return Bar(name, share.count, said, figures.percent(share.percent))


def together(tables: tuple[Parts, ...]) -> Parts:
    """All second-level categories in one table, the largest first."""
    counts = {share.key: share.count for table in tables for share in table.shares}
    return parts("subcategories", counts, sum(table.total for table in tables))
