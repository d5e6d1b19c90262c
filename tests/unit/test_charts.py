"""A digest as a picture: its size, its type, nothing over anything else, every glyph there."""

import io
import json
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import digests
import pytest
from digests import BUSY, CALM, MANY, digest_of
from figures import a_report, some_totals
from hypothesis import given, settings
from hypothesis import strategies as st

import documents
from documents import draw, facts_of, file_name, read
from documents.charts import NoGlyph, child, drawing, lay_out, picture, render, to_png, typeface
from documents.charts.canvas import MARGIN, SMALL, WIDTH, Canvas, Text
from documents.digest import Digest
from documents.voice import Voice
from petitions.indicators import Line, Period, Point, Timely, Totals, Trend, parts
from words import load_words

pytestmark = pytest.mark.usefixtures("here")
WORDS = load_words()
LONG = "云江市高新技术产业开发区综合行政执法与应急管理联合指挥协调中心"
SAMPLES: dict[str, Digest] = {
    "week": digest_of("week", 0.025, urgent=BUSY),
    "quiet week": digest_of("week", 0.0, urgent=CALM),
    "one unit's week": digest_of("week", 0.01, urgent=BUSY, units={}, scope="市住房和城乡建设局"),
    "month": digest_of("month"),
    "month of forty units": digest_of("month", 1.0, units=MANY),
    "quarter": digest_of("quarter", 0.32),
    "empty quarter": digest_of("quarter", 0.0),
    "year": digest_of("year", 1.0),
    "year of forty units": digest_of("year", 20.0, units=dict.fromkeys(MANY, LONG)),
    "one day": digest_of("days", 0.01),
    "long names": digest_of(
        "month", units={f"u{n}": f"{LONG}{n}" for n in range(9)}, issuer=LONG, scope=LONG * 3
    ),
    "large numbers": digest_of("quarter", 3000.0),
}
each = pytest.mark.parametrize("name", SAMPLES)
both = pytest.mark.parametrize("language", WORDS.languages)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn in this very process, which has one thread; see test_drawing.py for the other one."""
    monkeypatch.setattr(drawing, "_elsewhere", child.drawn)


def voice(language: str = "zh_Hans") -> Voice:
    return Voice(WORDS, language)


def texts(digest: Digest, language: str = "zh_Hans") -> list[str]:
    """What is written on the picture, line by line."""
    return [mark.text for mark in lay_out(digest, voice(language)).marks if isinstance(mark, Text)]


def only_accepted() -> Totals:
    """Nothing came due but what was to be accepted."""
    return replace(some_totals(0.1), completion=Timely())


def size(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    wide, high = struct.unpack(">II", png[16:24])
    return wide, high


def boxes(canvas: Canvas) -> Iterator[tuple[Any, str]]:
    """Where each text really stands, as matplotlib draws it."""
    figure = render.to_figure(canvas)
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    for text in figure.axes[0].texts:
        yield text.get_window_extent(renderer), text.get_text()


# -- what it looks like --------------------------------------------------------------------------


@each
@both
def test_a_picture_is_as_wide_and_as_tall_as_a_phone_shows_well(name: str, language: str) -> None:
    wide, high = size(draw(SAMPLES[name], language, WORDS))
    assert wide == 1080
    assert high <= picture.TALL + MARGIN
    assert wide + high <= 10_000  # the messenger's own limits
    assert high / wide <= 20


@each
@both
def test_no_text_touches_another_or_leaves_the_picture(name: str, language: str) -> None:
    canvas = lay_out(SAMPLES[name], voice(language))
    found = sorted(boxes(canvas), key=lambda pair: pair[0].y0)
    assert len(found) > 5
    for box, text in found:
        assert box.x0 >= 0, text
        assert box.x1 <= WIDTH, text
        assert box.y0 >= 0, text
        assert box.y1 <= canvas.y, text
    for n, (box, text) in enumerate(found):
        for other, beside in found[n + 1 :]:
            if other.y0 >= box.y1:
                break
            wide = min(box.x1, other.x1) - max(box.x0, other.x0)
            high = min(box.y1, other.y1) - max(box.y0, other.y0)
            # A pixel of smoothing may be shared.
            assert wide <= 2 or high <= 2, (text, beside)


@each
def test_no_type_is_smaller_than_a_phone_shows(name: str) -> None:
    marks = lay_out(SAMPLES[name], voice()).marks
    assert min(mark.size for mark in marks if isinstance(mark, Text)) == SMALL >= 28


def test_a_text_is_as_wide_as_it_was_measured() -> None:
    canvas = Canvas(y=200)
    written = "环比 +12.3%（上期 1,234 件）Wy"
    canvas.text(0, 100, written, 40)
    ((box, _),) = boxes(canvas)
    assert box.width == pytest.approx(typeface.width(written, 40), abs=3)


def test_every_text_is_seen_in_the_pixels() -> None:
    """A missing glyph passes every check of text: so look where each line should be."""
    from matplotlib.image import imread

    canvas = lay_out(SAMPLES["month"], voice())
    pixels = imread(io.BytesIO(to_png(canvas)))
    for box, text in boxes(canvas):
        high = pixels.shape[0]
        part = pixels[int(high - box.y1) : int(high - box.y0), int(box.x0) : int(box.x1), :3]
        assert part.std() > 0.02, text


def test_each_character_of_a_row_of_names_looks_like_itself() -> None:
    """Not the same empty frame for each."""
    seen = set()
    for character in "信访局住建督查室龘〇—“·A9":
        canvas = Canvas(y=120)
        canvas.text(10, 90, character, 80)
        seen.add(to_png(canvas))
    assert len(seen) == len("信访局住建督查室龘〇—“·A9")


# -- what it says --------------------------------------------------------------------------------


def test_the_figures_are_those_of_the_report() -> None:
    said = texts(digest_of("month", 1.0))
    assert {"1864", "365", "98.7%", "100.0%", "84.3%", "90.6%"} <= set(said)
    assert "n=127，参评率 47.0%" in said
    assert "按时 1700，到期 1723，未办 3" in said
    assert "59.0%" not in said  # no room: named below, and in the table
    assert any("初信、重复信、交办件" in line for line in said[-3:])
    week = texts(digest_of("week", 1.0, urgent=BUSY))
    assert {"59.0%", "15.7%", "25.4%"} <= set(week)
    assert any("合计 100.1%" in line for line in week)
    assert {"已逾期未办", "3 件", "7 天内到期", "12 件", "督办待回复", "1 件"} <= set(week)


def test_a_rate_never_stands_without_what_it_rests_on() -> None:
    said = texts(digest_of("month", 0.02))  # two ratings
    assert "评价不足 5 件，不公布满意率" in said
    assert not any(line.startswith("n=") for line in said)
    assert "没有到期的事项" in texts(digest_of("month", report=a_report(totals=only_accepted())))


def test_an_empty_period_reads_well() -> None:
    said = texts(SAMPLES["quiet week"])
    assert "本周没有登记新的信访事项。" in said
    assert "没有逾期的，也没有马上到期的。" in said
    assert said.count("0") == 2  # registered and replied to; no rate of nothing
    assert "—" not in said
    assert "本季度没有登记新的信访事项。" in texts(SAMPLES["empty quarter"])
    assert "No petition was registered this week." in texts(SAMPLES["quiet week"], "en")


def test_parts_that_do_not_make_the_total_are_told_in_the_picture() -> None:
    wrong = parts("categories", {"urban": 3, "land": 4}, 22)
    whole = digest_of("week", 0.1)
    report = replace(whole.report, categories=wrong)
    (line,) = [t for t in texts(whole.model_copy(update={"report": report})) if "不符" in t]
    assert line == "注意：“反映的问题”各项相加是 7，合计是 22，两者不符，请核对。"
    assert not [t for t in texts(whole) if "不符" in t]


def test_units_stand_in_the_office_s_order_and_none_is_left_out_unsaid() -> None:
    said = texts(digest_of("month", 1.0, units=MANY))
    first, twelfth = said.index("云江市第0号"), said.index("云江市第12")
    assert first < twelfth
    assert any(line.startswith("没有登记、到期和评价的单位：") for line in said)


def test_units_that_find_no_room_are_counted() -> None:
    whole, totals = digest_of("month", 1.0), some_totals(0.01)
    lines = tuple(Line(f"u{n}", totals) for n in range(60))
    named = {line.unit: f"第{line.unit}单位" for line in lines}
    report = replace(whole.report, units=lines)
    said = texts(whole.model_copy(update={"report": report, "units": named}))
    assert "另有 24 个单位，见 xlsx 表格。" in said
    assert "第u35单位" in said
    assert "第u36单位" not in said


def test_many_categories_are_drawn_as_the_first_and_all_others_together() -> None:
    said = texts(digest_of("month"))
    assert "其余 6 项合计" in said
    table = parts("categories", {f"c{n}": 100 - n for n in range(40)})
    many = digest_of("week", report=replace(digest_of("week").report, categories=table))
    assert "其余 34 项合计" in texts(many)


def test_what_finds_no_room_is_named() -> None:
    (line,) = [t for t in texts(SAMPLES["month of forty units"]) if t.startswith("图中放不下的")]
    assert "登记和答复走势" in line


def test_what_is_still_to_come_is_no_zero_and_is_said() -> None:
    period = Period.of("week", date(2026, 10, 15))
    points = tuple(Point(day, day, 2, 1) for day in period if day <= date(2026, 10, 15))
    trend = Trend("day", points)
    report = a_report(period, made_on=date(2026, 10, 15), trend=trend)
    now = datetime(2026, 10, 15, 9, tzinfo=UTC)
    said = texts(digest_of("week", report=report, made=now))
    assert "本期还没有结束，数据会继续变化。" in said
    assert "本期还没有结束，数据会继续变化。" not in texts(SAMPLES["week"])


@pytest.mark.parametrize(
    ("kind", "chinese", "english"),
    [
        ("week", "2026年第42周（10月12日至10月18日）", "Week 42 of 2026 (12 Oct to 18 Oct)"),
        ("month", "2026年10月", "Oct 2026"),
        ("quarter", "2026年第4季度", "Quarter 4 of 2026"),
        ("year", "2026年", "2026"),
        ("days", "2026年10月15日", "15 Oct 2026"),
    ],
)
def test_a_period_is_called_what_people_call_it(kind: Any, chinese: str, english: str) -> None:
    given = digest_of(kind, 0.1)
    assert chinese in texts(given)
    assert english in texts(given, "en")


def test_the_last_days_of_a_year_are_in_a_week_of_the_next() -> None:
    said = texts(digest_of("week", 0.1, day=date(2027, 1, 1)))
    assert "2026年第53周（12月28日至1月3日）" in said


# -- glyphs --------------------------------------------------------------------------------------


def test_a_character_without_a_glyph_is_an_error_and_not_a_hole() -> None:
    canvas = Canvas(y=100)
    canvas.text(0, 50, "陈\U00020bb7英")
    with pytest.raises(NoGlyph, match=r"no glyph for U\+20BB7"):
        to_png(canvas)


def test_a_name_that_the_font_lacks_a_character_of_stands_there_with_its_code() -> None:
    named = digest_of("month", units=dict(digests.UNITS, zhujian="陈\U00020bb7英$a$局"))
    assert "陈[U+20BB7]英$a$局" in texts(named)
    assert draw(named, "zh_Hans", WORDS)


@settings(deadline=None, max_examples=15)
@given(st.text(st.characters(exclude_categories=()), min_size=1, max_size=60))
def test_any_name_makes_a_picture(name: str) -> None:
    given = digest_of("month", 0.1, issuer=name, scope=name, categories={"urban": name})
    assert draw(given.model_copy(update={"units": {"xinfang": name}}), "en", WORDS)


@pytest.mark.parametrize("language", WORDS.languages)
def test_every_sentence_of_a_digest_has_its_glyphs(language: str) -> None:
    from importlib.resources import files

    from babel.messages.pofile import read_po

    locale = files("words") / "locales" / f"{language}.po"
    catalogue = read_po(io.BytesIO(locale.read_bytes()), locale=language)
    said = {
        (m.id if isinstance(m.id, str) else m.id[0]): "".join(m.string) for m in catalogue if m.id
    }
    spaces = ("digest.", "outcome.", "finding.", "ground.", "method.", "way.", "paper.day")
    lacking = {
        key: missing
        for key, text in said.items()
        if key.startswith(spaces)
        and (missing := {c for c in text if ord(c) not in typeface.covered()} - {"\n"})
    }
    assert len(said) > 100
    assert lacking == {}


# -- lines of text -------------------------------------------------------------------------------


@given(st.text(st.sampled_from("长字，。a b-W、）1"), max_size=80), st.floats(60, 500))
def test_wrapping_loses_nothing_and_fits(text: str, room: float) -> None:
    lines = typeface.wrapped(text, SMALL, room)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        hanging = line.rstrip("，。、）")
        assert typeface.width(hanging, SMALL) <= room + 1
    for _, after in pairwise(lines):
        assert after


def test_what_is_cut_is_seen_to_be_cut() -> None:
    assert typeface.cut("一二三四五六七八", 30, 100, 2) == ["一二三", "四五…"]
    assert typeface.cut("一二三", 30, 100, 1) == ["一二三"]


# -- as it is stored and drawn -------------------------------------------------------------------


@each
def test_a_digest_is_read_back_as_it_was_stored(name: str) -> None:

    given = SAMPLES[name]
    facts = json.loads(json.dumps(facts_of(given)))
    assert read("digest", facts) == given
    assert read("digest_table", facts).kind == "digest_table"
    assert draw(read("digest", facts), "zh_Hans", WORDS) == draw(given, "zh_Hans", WORDS)


def test_its_file_is_called_what_it_is() -> None:
    given = digest_of("week", scope="市住建局")
    assert file_name(given, "zh_Hans", WORDS) == "信访工作快报-市住建局-2026-10-12-2026-10-18.png"
    english = file_name(read("digest_table", facts_of(given)), "en", WORDS)
    assert english == "Weekly petition brief-市住建局-2026-10-12-2026-10-18.xlsx"


def test_what_is_due_at_once_is_laid_out_alike_in_any_thread() -> None:
    """Eight weekly digests that came due together crashed the program in FreeType."""

    def measured(_: int) -> tuple[float, int]:
        typeface._advances.cache_clear()  # as when no character has been measured yet
        canvas = lay_out(SAMPLES["week"], voice())
        return canvas.y, len(canvas.marks)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(measured, range(40)))) == 1


def test_laying_out_a_picture_asks_no_freetype() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from documents.charts.typeface import width; assert width('信访', 30) == 60;"
        " assert 'matplotlib' not in sys.modules"
    )
    root = Path(documents.__file__).parent.parent
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root)


def test_a_program_without_pictures_does_without_what_draws_them() -> None:
    import subprocess
    import sys

    code = (
        "import documents, bot.app, sys; assert not {'matplotlib', 'xlsxwriter'} & set(sys.modules)"
    )
    root = Path(documents.__file__).parent.parent
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root)


def test_a_picture_taller_than_the_messenger_takes_is_an_error() -> None:
    with pytest.raises(ValueError, match="more than the messenger takes"):
        to_png(Canvas(y=9000))
