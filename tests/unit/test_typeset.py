"""What is set can be seen: in pixels, within its margins, over as many pages as it needs."""

import struct
import threading
import zlib
from datetime import date

import papers
import pytest
from papers import PAPERS, WORDS, squeezed
from typst import TypstError

from documents import draw, glyphs, sheet, typeset
from documents.paper import Paper
from documents.voice import Voice

PPI = 30
MARGIN = 0.06  # of the width: no letter comes so near the edge of the page

each_language = pytest.mark.parametrize("language", WORDS.languages)
each_paper = pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.kind)


def grey(png: bytes) -> list[bytes]:
    """The rows of a picture of 8 bits with four channels, one byte a pixel: 0 is black."""
    at, parts = 8, []
    while at < len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        body = png[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, _, depth, colours = struct.unpack_from(">IIBB", body)
            assert (depth, colours) == (8, 6)
        elif kind == b"IDAT":
            parts.append(body)
        at += length + 12
    raw, size = zlib.decompress(b"".join(parts)), 4 * width
    rows, before = [], bytes(size)
    for start in range(0, len(raw), size + 1):
        before = unfiltered(raw[start], raw[start + 1 : start + 1 + size], before)
        rows.append(before[1::4])  # green stands for all three
    return rows


def unfiltered(how: int, row: bytes, above: bytes) -> bytes:
    """PNG's filters, as its standard has them."""
    done = bytearray(row)
    for x, value in enumerate(row):
        a, b = (done[x - 4] if x >= 4 else 0), above[x]
        c = above[x - 4] if x >= 4 else 0
        near = min((a, b, c), key=lambda p: abs(a + b - c - p))
        done[x] = (value + (0, a, b, (a + b) // 2, near)[how]) & 255
    return bytes(done)


def seen(paper: Paper, language: str = "zh_Hans") -> list[list[bytes]]:
    laid = paper.lay_out(Voice(WORDS, language))
    return [grey(picture) for picture in typeset.to_pictures(laid, language, PPI)]


def inked(rows: list[bytes]) -> float:
    """The share of the page that is not white."""
    return sum(p < 200 for row in rows for p in row) / (len(rows) * len(rows[0]))


def beyond(rows: list[bytes]) -> bool:
    """Whether something stands outside of the margins."""
    edge = int(len(rows[0]) * MARGIN)
    top, bottom = rows[:edge], rows[-edge:]
    sides = (row[:edge] + row[-edge:] for row in rows)
    return any(p < 200 for row in (*top, *bottom, *sides) for p in row)


@each_language
@each_paper
def test_every_page_has_something_on_it_and_nothing_in_its_margins(
    paper: Paper, language: str
) -> None:
    shown = seen(paper, language)
    assert len(shown) == len(papers.pages(draw(paper, language, WORDS)))
    for page in shown:
        assert 0.002 < inked(page) < 0.3
        assert not beyond(page)


def test_the_eye_of_these_tests_sees_a_blank_page_and_a_crossed_margin() -> None:
    white = [b"\xff" * 100] * 140
    assert inked(white) == 0
    assert not beyond(white)
    assert beyond([*white[:70], b"\xff" * 99 + b"\x00", *white[71:]])


@pytest.mark.parametrize(
    "typed",
    ["W" * 5_000, "。" * 5_000, "字" * 5_000, "é" * 5_000, "w" * 26 + " ", "\U0001f600" * 2_000],
    ids=["latin", "stops", "ideographs", "accents", "words", "codes"],
)
def test_a_text_without_end_goes_over_pages_and_stays_within_the_margins(typed: str) -> None:
    given = papers.opinion(opinion=(typed * (200 if typed.endswith(" ") else 1),), to=typed[:300])
    shown = seen(given)
    assert len(shown) > 3
    assert not any(beyond(page) for page in shown)


@pytest.mark.parametrize("typed", ["W" * 50, "W" * 9, "a/b-c" * 10, "。" * 50])
def test_a_long_word_stays_within_its_column(typed: str) -> None:
    """Alone in its table, so that whatever crosses a line is seen beyond the last one."""
    plain = sheet.Grid((), (("1", typed),), (12, 1))
    letter = papers.acceptance().letter(Voice(WORDS, "zh_Hans"), plain)
    for picture in typeset.to_pictures(letter, "zh_Hans", PPI):
        page = grey(picture)
        right = int(len(page[0]) * (1 - 25 / 210)) + 1  # the letter's margin is 26 mm
        assert not any(p < 200 for row in page for p in row[right:])


def test_a_very_long_text_is_there_to_its_last_character() -> None:
    text = "".join(chr(0x4E00 + n % 5000) for n in range(20_000))
    given = papers.dossier(
        writings=(
            papers.Writing(title="事实", by="陈", at=papers.dossier().steps[0].at, text=(text,)),
        )
    )
    pages = papers.pages(draw(given, "zh_Hans", WORDS))
    foot = squeezed(given.lay_out(Voice(WORDS, "zh_Hans")).small)
    own = (
        page.replace(foot, "").replace(f"第{number}页共{len(pages)}页", "")
        for number, page in enumerate(pages, 1)
    )
    assert text in "".join(own)


def test_a_signature_never_stands_alone_on_a_page() -> None:
    for lines in range(1, 30):
        given = papers.acceptance(routes=(), contact="", subject="长" * 27 * lines)
        last = papers.pages(draw(given, "zh_Hans", WORDS))[-1]
        assert "特此告知" in last, lines


def test_a_missing_glyph_stops_the_paper_instead_of_leaving_a_gap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(glyphs, "covered", lambda: range(0x110000))
    with pytest.raises(TypstError, match="could not be displayed"):
        draw(papers.acceptance(to="\U0001f600"), "zh_Hans", WORDS)


def test_papers_drawn_side_by_side_do_not_mix() -> None:
    given = [papers.acceptance(to=f"第{n}人", issued=date(2026, 3, n + 1)) for n in range(12)]
    alone = [draw(each, "zh_Hans", WORDS) for each in given]
    found: dict[int, bytes] = {}
    threads = [
        threading.Thread(target=lambda n=n: found.update({n: draw(given[n], "zh_Hans", WORDS)}))
        for n in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[n] for n in range(12)] == alone
