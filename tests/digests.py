"""Digests for tests: of a week, a month, a quarter; of nothing; of an office of forty units."""

from datetime import date, datetime, timedelta, timezone
from typing import Any

from documents.digest import Digest, Urgent
from petitions.indicators import (
    AGE_BANDS,
    Joint,
    Line,
    Period,
    Point,
    Rate,
    Report,
    Scope,
    Survey,
    Timely,
    Totals,
    Trend,
    Verdicts,
    parts,
)
from petitions.indicators.periods import Kind
from petitions.indicators.totals import ORIGINS, OUTCOMES

SHANGHAI = timezone(timedelta(hours=8))
OFFICE = "云江市信访局"
CATEGORIES = {
    "urban": "城乡建设",
    "labour": "劳动和社会保障",
    "rural": "农村农业",
    "land": "国土资源",
    "health": "卫生健康",
    "education": "教育",
    "environment": "环境保护",
    "traffic": "交通运输",
    "police": "政法公安（含户籍、治安、交通管理、出入境和消防等事项）",
    "civil": "民政",
    "market": "市场监管",
    "other": "其他",
}
SUBCATEGORIES = {
    "urban.utilities": "供水、供电、供气、供热",
    "urban.property": "物业服务和业主委员会",
    "labour.wages": "拖欠工资",
    "land.taking": "征地补偿和安置",
    "traffic.roads": "道路养护",
}
DISTRICTS = {"jiangbei": "江北区", "jiangnan": "江南区", "gaoxin": "高新区", "qingshan": "青山县"}
UNITS = {
    "xinfang": "市信访局",
    "zhujian": "市住房和城乡建设局",
    "jiaotong": "市交通运输局",
    "renshe": "市人力资源和社会保障局",
    "ziran": "市自然资源和规划局",
    "qingshan": "青山县信访局",
    "hekou": "青山县河口镇人民政府综合便民服务中心",
}


def totals(scale: float = 1.0, **more: Any) -> Totals:
    """Every figure, `scale` times a middling city's month; None is told of too few ratings."""

    def n(count: int) -> int:
        return round(count * scale)

    verdicts = Verdicts(n(41), n(13), n(4))
    survey = Survey(n(58), n(23), verdicts, Verdicts(n(36), n(11), n(11)))
    if n(58) < 10:
        survey = Survey(n(58), n(23), None, None)
    given: dict[str, Any] = {
        "registered": n(186),
        "origins": parts("origins", dict(zip(ORIGINS, (n(110), n(29), n(186) - n(110) - n(29)), strict=True)), order=ORIGINS),
        "repeats": Rate(n(29), n(186)),
        "routing": Timely(n(100), n(1), 0),
        "acceptance": Timely(n(171), n(6), n(2)),
        "accepted": n(164),
        "completion": Timely(n(150), n(5), n(3)),
        "completed": Rate(n(140), n(164)),
        "outcomes": parts("outcomes", dict(zip(OUTCOMES, (n(80), n(55), n(20)), strict=True)), order=OUTCOMES),
        "survey": survey,
        "solved": Rate(n(77), n(110)),
        "withdrawn": n(3),
    }
    return Totals(**(given | more))


def of(
    kind: Kind = "month",
    scale: float = 1.0,
    units: dict[str, str] | None = None,
    urgent: Urgent | None = None,
    day: date = date(2026, 10, 15),
    **more: Any,
) -> Digest:
    """A digest of the period of this kind that the day is in."""
    period = Period.of(kind, day)
    units = UNITS if units is None else units
    whole = totals(scale)
    count = whole.registered
    weights = [30, 21, 14, 10, 8, 6, 4, 3, 2, 1, 1]
    by_category = {k: count * w // 100 for k, w in zip(CATEGORIES, weights, strict=False)}
    by_category["other"] = count - sum(by_category.values())
    by_district = dict(zip(DISTRICTS, (count // 2, count // 4, count // 8, 0), strict=True))
    by_district["qingshan"] = count - sum(by_district.values())
    steps = period.steps()
    points = tuple(
        Point(s.first, s.last, count // len(steps) + (n * 7) % 5 * bool(count), whole.replied // len(steps))
        for n, s in enumerate(steps)
    )
    spare = count - sum(point.registered for point in points)
    last = points[-1]
    points = (*points[:-1], Point(last.first, last.last, last.registered + spare, last.replied))
    lines = _lines(units, whole)
    report = Report(
        period=period,
        made_on=period.last + timedelta(days=1),
        scope=Scope(),
        least=10,
        solved_days=90,
        totals=whole,
        before=totals(scale * 0.9),
        year_before=totals(scale * 1.07),
        purposes=parts("purposes", {"request": count}),
        categories=parts("categories", by_category, count),
        subcategories=tuple(
            parts(name, {k: by_category[name] // 2 for k in SUBCATEGORIES if k.startswith(name + ".")}, by_category[name])
            for name in ("urban", "labour", "land", "traffic")
        )
        if count
        else (),
        districts=parts("districts", by_district, count),
        units=lines,
        open=parts("open", dict(zip(AGE_BANDS, (count // 3, count // 6, count // 9, 2, 1) if count else (0,) * 5, strict=True)), order=AGE_BANDS),
        trend=Trend(period.step, points),
    )
    given: dict[str, Any] = {
        "issuer": OFFICE,
        "made": datetime.combine(period.last + timedelta(days=1), datetime.min.time(), SHANGHAI).replace(hour=9),
        "report": report,
        "urgent": urgent,
        "units": units,
        "categories": CATEGORIES | SUBCATEGORIES,
        "districts": DISTRICTS,
    }
    return Digest(**(given | more))


def _lines(units: dict[str, str], whole: Totals) -> tuple[Line, ...]:
    """The units, the first with most; the last has nothing at all."""
    if not units:
        return ()
    share = [max(0.0, 1 / (n + 2)) for n in range(len(units))]
    share[-1] = 0
    made = [totals(s * whole.registered / 186 if whole.registered else 0) for s in share]
    rest = whole.registered - sum(t.registered for t in made)
    first = made[0]
    origins = dict(zip(ORIGINS, (first.registered + rest, 0, 0), strict=True))
    made[0] = totals(
        share[0] * whole.registered / 186,
        registered=first.registered + rest,
        origins=parts("origins", origins, order=ORIGINS),
    )
    return tuple(Line(unit, t) for unit, t in zip(units, made, strict=True))
