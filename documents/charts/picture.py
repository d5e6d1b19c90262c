"""What stands on the picture of a digest, and in which order? A week's is short, a quarter's long."""

from documents import figures
from documents.charts import tables, tiles, trend
from documents.charts.canvas import (
    BLUE,
    BODY,
    INK,
    MARGIN,
    ORANGE,
    PAPER,
    SMALL,
    SOFT,
    TITLE,
    WIDTH,
    Canvas,
)
from documents.charts.tiles import Tile
from documents.digest import Digest
from documents.voice import Voice
from petitions.indicators import Parts

_BRIEF, _LONG = 6, 10
"""Bars of a table: what is more is drawn as one, "the others together"."""


def lay_out(digest: Digest, say: Voice) -> Canvas:
    """The picture of this digest, not drawn yet."""
    canvas = Canvas()
    _title(canvas, digest, say)
    if digest.urgent:
        _urgent(canvas, digest, say)
    _key_figures(canvas, digest, say)
    report, most = digest.report, _LONG if _is_long(digest) else _BRIEF
    if report.totals.registered or report.totals.replied:
        _trend(canvas, digest, say)
    tables.bars(canvas, digest, say, report.totals.origins, 3)
    tables.bars(canvas, digest, say, report.categories, most)
    if _is_long(digest):
        _causes(canvas, digest, say)
    if report.period.kind != "week":
        tables.units(canvas, digest, say)
    _notes(canvas, digest, say)
    canvas.down(MARGIN)
    return canvas


def _is_long(digest: Digest) -> bool:
    return digest.report.period.kind in ("quarter", "year", "days")


def _title(canvas: Canvas, digest: Digest, say: Voice) -> None:
    band = Canvas()
    band.down(22)
    band.lines(digest.issuer, BODY, PAPER)
    band.lines(digest.title(say), TITLE, PAPER, strong=True)
    if digest.scope:
        band.lines(digest.scope, BODY, PAPER)
    band.lines(figures.period(say, digest.report.period), BODY, PAPER)
    band.down(18)
    canvas.box(0, 0, WIDTH, band.y, BLUE)
    canvas.marks += band.marks
    canvas.y = band.y
    canvas.down(6)
    canvas.lines(say("digest.made", at=digest.made), SMALL, SOFT)
    if digest.made.date() <= digest.report.period.last:
        canvas.lines(say("digest.going_on"), SMALL, SOFT)
    if not digest.report.totals.registered:
        canvas.down(8)
        canvas.lines(say(f"digest.empty.{digest.report.period.kind}"), BODY, INK, strong=True)
    canvas.down(14)


def _urgent(canvas: Canvas, digest: Digest, say: Voice) -> None:
    urgent = digest.urgent
    assert urgent is not None
    canvas.head(say("digest.table.urgent"))
    if not (urgent.overdue or urgent.soon or urgent.supervised):
        canvas.lines(say("digest.urgent.none"))
        canvas.down(20)
        return
    rows = (
        (say("digest.urgent.overdue"), urgent.overdue, ORANGE),
        (say("digest.urgent.soon", days=urgent.days), urgent.soon, BLUE),
        (say("digest.urgent.supervised"), urgent.supervised, BLUE),
    )
    for name, count, colour in rows:
        canvas.down(46)
        canvas.text(MARGIN, canvas.y, name, BODY)
        said = say("digest.count", count=count)
        tone = colour if count else SOFT
        canvas.text(WIDTH - MARGIN, canvas.y, said, BODY + 7, tone, "right", strong=bool(count))
    canvas.down(36)


def _key_figures(canvas: Canvas, digest: Digest, say: Voice) -> None:
    """登记, 答复; 及时受理率, 按期办结率; 满意率 of both sides, never without n and 参评率."""
    report = digest.report
    counts = ("registered", "replied")
    shown = [
        Tile(
            say(f"digest.figure.{name}"),
            f"{report.change(name).now}",
            figures.compared(say, report.change(name)),
        )
        for name in counts
    ]
    shown += [_in_time(digest, say, name) for name in ("acceptance", "completion")]
    shown += [_satisfied(digest, say, name) for name in ("satisfied_unit", "satisfied_office")]
    tiles.draw(canvas, shown)


def _in_time(digest: Digest, say: Voice, name: str) -> Tile:
    rate = figures.RATES[name]
    now, before = rate(digest.report.totals), rate(digest.report.before)
    rests = say("digest.of_due", part=now.part, of=now.of) if now.of else say("digest.none_due")
    moved = figures.moved(say, now.percent, before.percent)
    alarm = now.percent is not None and now.part != now.of
    return Tile(say(f"digest.figure.{name}"), figures.percent(now.percent), (rests, moved), alarm)


def _satisfied(digest: Digest, say: Voice, name: str) -> Tile:
    report = digest.report
    rate, survey = figures.RATES[name](report.totals), report.totals.survey
    label = say(f"digest.figure.{name}")
    response = figures.percent(survey.response.percent)
    if rate.hidden and survey.rated != 0:
        return Tile(label, figures.NONE, (say("digest.hidden", least=report.least),))
    if not rate.of:
        return Tile(label, figures.NONE, (say("digest.not_rated", response=response),))
    before = figures.RATES[name](report.before)
    moved = figures.moved(say, rate.percent, before.percent)
    notes = (say("digest.rated", n=rate.of, response=response), moved)
    return Tile(label, figures.percent(rate.percent), notes)


def _trend(canvas: Canvas, digest: Digest, say: Voice) -> None:
    told = digest.report.trend
    if len(told.points) < 2:
        return
    canvas.head(say("digest.table.trend"))
    times = [figures.point(say, each.first, told.step) for each in told.points]
    # What is still to come is no zero.
    known = [each.first <= digest.made.date() for each in told.points]

    def line(name: str) -> trend.Line:
        counts = [getattr(each, name) if k else None for each, k in zip(told.points, known, strict=True)]
        return trend.Line(say(f"digest.figure.{name}"), tuple(counts))

    trend.draw(canvas, times, line("registered"), line("replied"))


def _causes(canvas: Canvas, digest: Digest, say: Voice) -> None:
    """What lies behind the numbers: what exactly, where, how it was decided, what is left."""
    report, totals = digest.report, digest.report.totals
    tables.bars(canvas, digest, say, tables.together(report.subcategories), _LONG)
    tables.bars(canvas, digest, say, report.districts, _LONG)
    for table in (totals.outcomes, totals.declined, totals.referred, totals.findings, report.open):
        tables.bars(canvas, digest, say, table, _BRIEF)


def _notes(canvas: Canvas, digest: Digest, say: Voice) -> None:
    report = digest.report
    canvas.head(say("digest.notes"))
    for wrong in report.disagreements:
        name = figures.table_name(say, digest, wrong.table)
        said = say("digest.note.parts", table=name, parts=wrong.parts, total=wrong.total)
        canvas.lines(said, SMALL, ORANGE, strong=True)
    for table in _shown(digest):
        if table.percents is not None:
            made, name = figures.percent(table.percents), figures.table_name(say, digest, table.table)
            canvas.lines(say("digest.note.percents", table=name, percents=made), SMALL, SOFT)
    if report.leaves_out_reports:
        canvas.lines(say("digest.note.reports"), SMALL, SOFT)
    canvas.lines(say("digest.note.least", least=report.least), SMALL, SOFT)
    canvas.lines(say("digest.note.table"), SMALL, SOFT)


def _shown(digest: Digest) -> tuple[Parts, ...]:
    """The tables of the picture whose percentages are seen."""
    report = digest.report
    always = (report.totals.origins, report.categories)
    return (*always, report.districts, report.totals.outcomes) if _is_long(digest) else always
