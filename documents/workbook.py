"""How is a digest told in full? A workbook: every figure, every table, and how each is counted.

Whatever is text is written as text (`write_string`), so that no name is ever taken for a formula.
"""

import io
from collections.abc import Sequence
from datetime import UTC
from typing import Any

from documents import figures
from documents.digest import Digest
from documents.voice import Voice
from petitions.indicators import Rate

Cell = str | int | float | None
_WIDE, _NARROW = 34, 13


class Sheet:
    """One sheet, written row by row."""

    def __init__(self, book: Any, name: str, widths: Sequence[int]) -> None:
        self._sheet = book.add_worksheet(name)
        self._bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._plain = book.add_format({"text_wrap": True, "valign": "top"})
        self._row = 0
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)

    def row(self, *cells: Cell, bold: bool = False) -> None:
        """A row; what is None stays empty."""
        look = self._bold if bold else self._plain
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                self._sheet.write_string(self._row, column, cell, look)
            elif cell is not None:
                self._sheet.write_number(self._row, column, cell, look)
        self._row += 1

    def freeze(self) -> None:
        """What was written so far stays in sight."""
        self._sheet.freeze_panes(self._row, 1)


def to_xlsx(digest: Digest, say: Voice) -> bytes:
    """The workbook; the same digest gives the same bytes. To be called off the event loop."""
    from xlsxwriter import Workbook

    made = io.BytesIO()
    with Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        told = digest.made.astimezone(UTC).replace(tzinfo=None)
        book.set_properties({"title": digest.title(say), "author": digest.issuer, "created": told})
        for name, write, widths in _SHEETS:
            write(Sheet(book, say(f"digest.sheet.{name}"), widths), digest, say)
    return made.getvalue()


def _head(sheet: Sheet, say: Voice, *names: str) -> None:
    sheet.row(*(say(f"digest.head.{name}") for name in names), bold=True)
    sheet.freeze()


def _overview(sheet: Sheet, digest: Digest, say: Voice) -> None:
    report = digest.report
    sheet.row(digest.issuer, digest.scope)
    sheet.row(digest.title(say), figures.period(say, report.period), bold=True)
    sheet.row(say("digest.made", at=digest.made))
    if digest.going_on:
        sheet.row(say("digest.going_on"))
    _head(sheet, say, "figure", "value", "before", "year", "on_before", "on_year")
    for name in figures.COUNTS:
        change = report.change(name)
        grown = (figures.grown(change.on_before), figures.grown(change.on_year))
        earlier = (change.before, change.year_before)
        sheet.row(say(f"digest.figure.{name}"), change.now, *earlier, *grown)
    sheet.row()
    sheet.row(*(say(f"digest.head.{n}") for n in ("figure", "percent", "part", "of")), bold=True)
    for name, rate in figures.RATES.items():
        told = rate(report.totals)
        sheet.row(say(f"digest.figure.{name}"), *_rate(told), told.part, told.of)
    if digest.urgent:
        _urgent(sheet, digest, say)


def _urgent(sheet: Sheet, digest: Digest, say: Voice) -> None:
    now = digest.urgent
    assert now is not None
    sheet.row()
    sheet.row(say("digest.table.urgent"), bold=True)
    sheet.row(say("digest.urgent.overdue"), now.overdue)
    sheet.row(say("digest.urgent.soon", days=now.days, count=now.days), now.soon)
    sheet.row(say("digest.urgent.supervised"), now.supervised)


def _rate(rate: Rate) -> tuple[Cell]:
    return (figures.NONE if rate.percent is None else rate.percent,)


def _units(sheet: Sheet, digest: Digest, say: Voice) -> None:
    """Every count and rate of every unit, in the office's order."""
    head = [say("digest.column.unit"), *(say(f"digest.figure.{name}") for name in figures.COUNTS)]
    for name in figures.RATES:
        label = say(f"digest.figure.{name}")
        head += [label, *(f"{label} {say(f'digest.head.{n}')}" for n in ("part", "of"))]
    sheet.row(*head, bold=True)
    sheet.freeze()
    for line in digest.report.units:
        cells: list[Cell] = [digest.units.get(line.unit, line.unit)]
        cells += [getattr(line.totals, name) for name in figures.COUNTS]
        for rate in figures.RATES.values():
            told = rate(line.totals)
            cells += [*_rate(told), told.part, told.of]
        sheet.row(*cells)


def _tables(sheet: Sheet, digest: Digest, say: Voice) -> None:
    """Every table with its parts, their shares and its total."""
    report = digest.report
    _head(sheet, say, "table", "name", "count", "percent")
    own = (report.purposes, report.categories, *report.subcategories, report.districts)
    for table in (*report.totals.tables, *own, report.open):
        if not table.shares:
            continue
        title = figures.table_name(say, digest, table.table)
        for share in table.shares:
            name = figures.part_name(say, digest, table.table, share.key)
            percent = figures.NONE if share.percent is None else share.percent
            sheet.row(title, name, share.count, percent)
        sheet.row(title, say("digest.head.total"), table.total, bold=True)


def _trend(sheet: Sheet, digest: Digest, say: Voice) -> None:
    sheet.row(
        *(say(f"digest.head.{name}") for name in ("first", "last")),
        *(say(f"digest.figure.{name}") for name in ("registered", "replied")),
        bold=True,
    )
    sheet.freeze()
    for each in digest.report.trend.points:
        sheet.row(each.first.isoformat(), each.last.isoformat(), each.registered, each.replied)


def _notes(sheet: Sheet, digest: Digest, say: Voice) -> None:
    """How each figure is counted, and whether the tables add up."""
    report = digest.report
    sheet.row(*(say(f"digest.head.{name}") for name in ("figure", "how")), bold=True)
    for name in (*figures.COUNTS, *figures.RATES):
        how = say(f"digest.how.{name}", days=report.solved_days)
        sheet.row(say(f"digest.figure.{name}"), how)
    sheet.row()
    which = "digest.note.reports" if report.leaves_out_reports else "digest.note.only_reports"
    least = say("digest.note.least", least=report.least)
    if not report.tells_rates:
        least = say("digest.unsettled")
    for note in (say("digest.how.change"), say(which), least, say("digest.how.parts")):
        sheet.row("", note)
    for wrong in figures.disagreements(say, digest) or [say("digest.checked")]:
        sheet.row("", wrong, bold=True)


_SHEETS: tuple[tuple[str, Any, tuple[int, ...]], ...] = (
    ("overview", _overview, (_WIDE, *[_NARROW + 5] * 5)),
    ("units", _units, (_WIDE, *[_NARROW] * 40)),
    ("tables", _tables, (_WIDE, _WIDE, _NARROW, _NARROW)),
    ("trend", _trend, (_NARROW, _NARROW, _NARROW, _NARROW)),
    ("notes", _notes, (_WIDE, 90)),
)
