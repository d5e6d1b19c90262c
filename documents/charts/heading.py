"""How does the picture begin and end? Whose figures, of when, as of when; what to know of them."""

from collections.abc import Collection

from documents import figures
from documents.charts.canvas import (
    BLUE,
    BODY,
    INK,
    ORANGE,
    PAPER,
    SMALL,
    SOFT,
    TITLE,
    WIDTH,
    Canvas,
)
from documents.digest import Digest
from documents.voice import Voice


def draw(canvas: Canvas, digest: Digest, say: Voice) -> None:
    """The band with the title, and the moment the figures were taken."""
    band, report = Canvas(), digest.report
    band.down(18)
    band.lines(digest.issuer, BODY, PAPER)
    band.lines(digest.title(say), TITLE, PAPER, strong=True)
    if digest.scope:
        band.lines(digest.scope, BODY, PAPER, strong=True)
    band.lines(figures.period(say, report.period), BODY, PAPER)
    band.down(16)
    canvas.box(0, 0, WIDTH, band.y, BLUE)
    canvas.join(band)
    canvas.lines(say("digest.made", at=digest.made), SMALL, SOFT)
    if digest.going_on:
        canvas.lines(say("digest.going_on"), SMALL, SOFT)
    if not report.totals.registered:
        canvas.lines(say(f"digest.empty.{report.period.kind}"), BODY, INK, strong=True)
    canvas.down(12)


def notes(canvas: Canvas, digest: Digest, say: Voice, shown: Collection[str]) -> None:
    """What does not agree, first; what is not counted; of the tables shown, how they round."""
    report = digest.report
    canvas.head(say("digest.notes"))
    for wrong in figures.disagreements(say, digest):
        canvas.lines(wrong, SMALL, ORANGE, strong=True)
    for table in (report.totals.origins, report.categories, report.totals.outcomes):
        if table.table in shown and table.percents is not None:
            made = figures.percent(table.percents)
            name = figures.table_name(say, digest, table.table)
            canvas.lines(say("digest.note.percents", table=name, percents=made), SMALL, SOFT)
    which = "digest.note.reports" if report.leaves_out_reports else "digest.note.only_reports"
    canvas.lines(say(which), SMALL, SOFT)
    note = say("digest.note.least", least=report.least)
    canvas.lines(note if report.tells_rates else say("digest.unsettled"), SMALL, SOFT)
    canvas.lines(say("digest.note.table"), SMALL, SOFT)
