"""The figures that are looked at first: what is urgent, how many, how timely, how satisfied."""

from documents import figures
from documents.charts import tiles
from documents.charts import trend as drawing
from documents.charts.canvas import BLUE, BODY, MARGIN, ORANGE, SOFT, WIDTH, Canvas
from documents.charts.tiles import Tile
from documents.digest import Digest
from documents.voice import Voice
from petitions.indicators import Timely


def urgent(canvas: Canvas, digest: Digest, say: Voice) -> None:
    """What must be seen to now; that there is nothing is good to know too."""
    now = digest.urgent
    if now is None:
        return
    canvas.head(say("digest.table.urgent"))
    if not (now.overdue or now.soon or now.supervised):
        canvas.lines(say("digest.urgent.none"))
        canvas.down(20)
        return
    rows = (
        (say("digest.urgent.overdue"), now.overdue, ORANGE),
        (say("digest.urgent.soon", days=now.days, count=now.days), now.soon, BLUE),
        (say("digest.urgent.supervised"), now.supervised, BLUE),
    )
    for name, count, colour in rows:
        canvas.down(46)
        canvas.text(MARGIN, canvas.y, name, BODY)
        said, tone = say("digest.count", count=count), colour if count else SOFT
        canvas.text(WIDTH - MARGIN, canvas.y, said, BODY + 7, tone, "right", strong=bool(count))
    canvas.down(30)


def draw(canvas: Canvas, digest: Digest, say: Voice) -> None:
    """登记, 答复; 及时受理率, 按期办结率; 满意率 of both sides, never without n and 参评率.

    A pair of rates with nothing to divide by is left out.
    """
    totals = digest.report.totals
    shown = [_count(digest, say, name) for name in ("registered", "replied")]
    timely = (("acceptance", totals.acceptance), ("completion", totals.completion))
    if any(each.due for _, each in timely):
        shown += [_in_time(digest, say, name, each) for name, each in timely]
    if totals.survey.rated != 0 or totals.survey.silent:
        shown += [_satisfied(digest, say, name) for name in ("satisfied_unit", "satisfied_office")]
    tiles.draw(canvas, shown)


def _count(digest: Digest, say: Voice, name: str) -> Tile:
    change = digest.report.change(name)
    label = say(f"digest.figure.{name}")
    return Tile(label, f"{change.now}", figures.compared(say, change))


def _in_time(digest: Digest, say: Voice, name: str, timely: Timely) -> Tile:
    rate = timely.rate
    key = "digest.none_due" if not timely.due else "digest.of_due"
    key = "digest.of_due_open" if timely.open else key
    rests = say(key, part=timely.in_time, of=timely.due, open=timely.open)
    before = figures.RATES[name](digest.report.before).percent
    notes = (rests, figures.moved(say, rate.percent, before))
    label = say(f"digest.figure.{name}")
    return Tile(label, figures.percent(rate.percent), notes, alarm=timely.open > 0)


def _satisfied(digest: Digest, say: Voice, name: str) -> Tile:
    report = digest.report
    survey, rate = report.totals.survey, figures.RATES[name](report.totals)
    label, response = say(f"digest.figure.{name}"), figures.percent(survey.response.percent)
    if survey.rated == 0:
        return Tile(label, figures.NONE, (say("digest.not_rated", response=response),))
    if not report.tells_rates:
        return Tile(label, figures.NONE, (say("digest.unsettled"),))
    if rate.percent is None:
        return Tile(label, figures.NONE, (say("digest.hidden", least=report.least),))
    before = figures.RATES[name](report.before).percent
    notes = (
        say("digest.rated", n=rate.of, response=response),
        figures.moved(say, rate.percent, before),
    )
    return Tile(label, figures.percent(rate.percent), notes)


def trend(canvas: Canvas, digest: Digest, say: Voice) -> None:
    """What was registered and what was replied to, a point a day, week or month."""
    told, totals = digest.report.trend, digest.report.totals
    if len(told.points) < 2 or not (totals.registered or totals.replied):
        return
    canvas.head(say("digest.table.trend"))
    times = [figures.point(say, each.first, told.step) for each in told.points]
    # What is still to come is no zero.
    come = [each for each in told.points if each.first <= digest.report.made_on]
    still = (None,) * (len(told.points) - len(come))
    registered = drawing.Line(
        say("digest.figure.registered"), (*(each.registered for each in come), *still)
    )
    replied = drawing.Line(say("digest.figure.replied"), (*(each.replied for each in come), *still))
    drawing.draw(canvas, times, registered, replied)
