"""Digests for tests: of a week, a month, a quarter; of nothing; of an office of forty units."""

from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from figures import LEAST, a_report, some_totals

from documents.digest import Digest, Urgent
from petitions.indicators import AGE_BANDS, Line, Parts, Period, Point, Totals, Trend, parts
from petitions.indicators.periods import Kind

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
MANY = {f"u{n}": f"云江市第{n}号街道办事处综合治理中心"[: 6 + n % 12] for n in range(40)}
BUSY = Urgent(overdue=3, soon=12, days=7, supervised=1)
CALM = Urgent(overdue=0, soon=0, days=7, supervised=0)


def shared(total: int, names: dict[str, str], table: str) -> Parts:
    """The total, falling from name to name; what is left has no name."""
    left, counts = total, {}
    for name in names:
        counts[name] = left * 3 // 10
        left -= counts[name]
    return parts(table, counts | {"": left}, total)


def digest_of(
    kind: Kind = "month",
    share: float = 0.1,
    units: dict[str, str] | None = None,
    day: date = date(2026, 10, 15),
    **more: Any,
) -> Digest:
    """A digest of the period of this kind that the day is in; `share` of 1864 petitions."""
    period = Period.of(kind, day)
    whole = some_totals(share)
    categories = shared(whole.registered, CATEGORIES, "categories")
    subcategories = tuple(
        parts(s.key, {f"{s.key}.{n}": s.count - s.count // 3 * n for n in (0,)}, s.count)
        if s.key not in ("urban", "labour", "land", "traffic")
        else _subcategories(s.key, s.count)
        for s in categories.shares
        if s.key in ("urban", "labour", "land", "traffic") and s.count
    )
    report = a_report(
        period,
        made_on=period.last + timedelta(days=1),
        totals=whole,
        before=some_totals(share * 0.9),
        year_before=some_totals(share * 1.07),
        purposes=parts("purposes", {"request": whole.registered}),
        categories=categories,
        subcategories=subcategories,
        districts=shared(whole.registered, DISTRICTS, "districts"),
        units=_lines(UNITS if units is None else units, whole),
        open=parts("open", _ages(whole.registered), order=AGE_BANDS),
        trend=_trend(period, whole),
    )
    given: dict[str, Any] = {
        "issuer": OFFICE,
        "made": datetime.combine(period.last + timedelta(days=1), time(9), SHANGHAI),
        "report": report,
        "units": UNITS if units is None else units,
        "categories": CATEGORIES | SUBCATEGORIES,
        "districts": DISTRICTS,
    }
    return Digest(**(given | more))


def _subcategories(category: str, count: int) -> Parts:
    met = [name for name in SUBCATEGORIES if name.startswith(f"{category}.")]
    counts = dict.fromkeys(met, count // (len(met) + 1))
    return parts(category, counts | {category: count - sum(counts.values())}, count)


def _ages(count: int) -> dict[str, int]:
    return {"15": count // 3, "30": count // 6, "60": count // 9, "90": count // 50, "older": 0}


def _trend(period: Period, whole: Totals) -> Trend:
    steps = period.steps()
    weights = [3 + (n * 7) % 5 for n in range(len(steps))]
    made, last = [], 0
    for n, step in enumerate(steps):
        until = whole.registered * sum(weights[: n + 1]) // sum(weights)
        replied = whole.replied * (n + 1) // len(steps) - whole.replied * n // len(steps)
        made.append(Point(step.first, step.last, until - last, replied))
        last = until
    return Trend(period.step, tuple(made))


def _lines(units: dict[str, str], whole: Totals) -> tuple[Line, ...]:
    """The units, each with less than the one before; the last has nothing at all."""
    if not units:
        return ()
    left, made = whole.registered, []
    for unit in list(units)[:-1]:
        counted = some_totals(left / 1864 * 0.3)
        left -= counted.registered
        made.append(Line(unit, counted))
    first, last = made[0], list(units)[-1]
    counts = {"origins_first": first.totals.registered + left}
    share = whole.registered / 1864 * 0.3
    more = some_totals(share, origins_repeat=0, origins_assigned=0, **counts)
    return (Line(first.unit, more), *made[1:], Line(last, some_totals(0.0)))


__all__ = ["BUSY", "CALM", "LEAST", "MANY", "UNITS", "digest_of"]
