"""The workbook behind a picture, read back by another library."""

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from digests import BUSY, MANY, UNITS, digest_of
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from documents import draw, facts_of, figures, read
from documents.digest import Digest
from petitions.indicators import parts
from words import load_words

WORDS = load_words()


def opened(digest: Digest, language: str = "zh_Hans") -> Workbook:
    table = read("digest_table", facts_of(digest))
    return load_workbook(io.BytesIO(draw(table, language, WORDS)))


def rows(book: Workbook, sheet: str) -> list[tuple[Any, ...]]:
    return [
        tuple(c for c in row if c is not None) for row in book[sheet].iter_rows(values_only=True)
    ]


def test_its_sheets_are_named_in_the_reader_s_language() -> None:
    assert opened(digest_of()).sheetnames == ["概况", "各单位", "分类", "走势", "说明"]
    assert opened(digest_of(), "en").sheetnames == ["Overview", "Units", "Tables", "Trend", "Notes"]


def test_the_overview_has_every_figure_with_what_it_rests_on() -> None:
    found = rows(opened(digest_of("month", 1.0, urgent=BUSY)), "概况")
    assert ("登记", 1864, 1678, 1994, "+11.1%", "−6.5%") in found
    assert ("及时受理率", 98.7, 1700, 1723) in found
    assert ("按期办结率", 100, 365, 365) in found
    assert ("办结率", 77.2, 365, 473) in found
    assert ("参评率", 47, 127, 270) in found
    assert ("已逾期未办", 3) in found
    assert {row[0] for row in found if row} >= {
        WORDS.label(f"digest.figure.{name}", "zh_Hans") for name in figures.RATES
    }


def test_a_rate_that_is_not_told_is_a_dash_without_its_numbers() -> None:
    found = rows(opened(digest_of("month", 0.02)), "概况")
    assert ("群众满意率（责任单位）", "—") in found
    assert ("群众满意率（信访部门）", "—") in found


def test_every_unit_has_its_row_however_many_there_are() -> None:
    sheet = opened(digest_of("month", 1.0, units=MANY))["各单位"]
    names = [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert names == list(MANY.values())
    assert sheet.freeze_panes == "B2"


def test_the_published_parts_are_there_with_their_shares_and_total() -> None:
    found = rows(opened(digest_of("month", 1.0)), "分类")
    table = "初信、重复信、交办件"
    at = found.index((table, "初信", 1099, 59))
    assert found[at + 1 : at + 4] == [
        (table, "重复信", 292, 15.7),
        (table, "交办件", 473, 25.4),
        (table, "合计", 1864),
    ]


def test_the_trend_makes_the_total() -> None:
    points = rows(opened(digest_of("month", 1.0)), "走势")[1:]
    assert len(points) == 31
    assert sum(point[2] for point in points) == 1864


def test_the_notes_say_how_each_figure_is_counted_and_that_the_tables_agree() -> None:
    found = rows(opened(digest_of("month", 1.0)), "说明")
    told = {row[0] for row in found if row}
    assert told >= {WORDS.label(f"digest.figure.{n}", "zh_Hans") for n in figures.RATES}
    assert ("", "各表的各项之和与合计都相符。") in found


def test_a_table_that_does_not_agree_is_said_in_the_notes() -> None:
    whole = digest_of("month", 1.0)
    wrong = parts("districts", {"jiangbei": 3}, 25)
    book = opened(whole.model_copy(update={"report": replace(whole.report, districts=wrong)}))
    said = [row[-1] for row in rows(book, "说明") if row]
    assert "注意：“问题发生地”各项相加是 3，合计是 25，两者不符，请核对。" in said
    assert "各表的各项之和与合计都相符。" not in said


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "https://a.example", "<b>&"]
)
def test_no_name_becomes_a_formula_or_a_link(name: str) -> None:
    given = digest_of(issuer=name, scope=name, units=dict(UNITS, zhujian=name))
    named = given.model_copy(
        update={"categories": {"urban": name}, "districts": {"jiangbei": name}}
    )
    book = opened(named)
    met = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                assert cell.hyperlink is None
                met += cell.value == name
    assert met >= 4


def test_no_formula_stands_in_the_file_itself() -> None:
    made = draw(read("digest_table", facts_of(digest_of(issuer="=1+1"))), "zh_Hans", WORDS)
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        for name in packed.namelist():
            assert b"<f>" not in packed.read(name), name


def test_the_same_digest_gives_the_same_bytes() -> None:
    table = read("digest_table", facts_of(digest_of()))
    assert draw(table, "en", WORDS) == draw(table, "en", WORDS)


def test_shares_are_numbers_that_can_be_counted_with() -> None:
    sheet = opened(digest_of("month", 1.0))["分类"]
    shares = [row[3] for row in sheet.iter_rows(min_row=2, values_only=True) if row[3] is not None]
    assert all(isinstance(share, int | float) or share == "—" for share in shares)
