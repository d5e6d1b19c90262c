"""Whatever a person typed is printed as typed, or visibly stands for what cannot be."""

import ast
import re
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import papers
import pytest
from babel.messages.pofile import read_po
from hypothesis import given, settings
from hypothesis import strategies as st
from papers import WORDS, printed, squeezed

import documents
from dialogs.facts import ENUMS
from documents import charmap, draw, glyphs

# Every code point there is: halves of surrogate pairs, controls and unassigned ones too.
anything = st.text(st.characters(exclude_categories=()))
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


def texts_of(pieces: list[glyphs.Piece]) -> str:
    return "".join(piece for piece in pieces if isinstance(piece, str))


def test_the_fonts_have_what_chinese_papers_need() -> None:
    needed = "中〇《》（）〔〕，。；：？！「」『』、…—·①㈠％℃㎡×÷•¥éñßøЖΩaZ09@#$%^&*_~`|\\"
    assert {ord(c) for c in needed} <= glyphs.covered()
    assert len(glyphs.covered()) > 30_000
    assert not {0x1F600, 0x20BB7, 0x0E01, 0x0627} & glyphs.covered()


# Who fills a paper with sentences: the papers themselves, and those who fill them.
FILLERS = ("dialogs/dossier.py", "dialogs/facts.py", "dialogs/letters.py", "dialogs/refusing.py")


def sentences_of_papers(language: str) -> dict[str, str]:
    """Key → what it says in all its forms, of every sentence that can come to stand in a paper."""
    root = Path(documents.__file__).parent
    whole: set[str] = set()
    families = {f"{each.__name__.lower()}." for each in ENUMS}
    for path in [*root.glob("*.py"), *(root.parent / name for name in FILLERS)]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                families.add(str(node.values[0].value))
    families = {each for each in families if re.fullmatch(r"([a-z_]+\.)+", each)}
    locale = files("words") / "locales" / f"{language}.po"
    found = {}
    for message in read_po(BytesIO(locale.read_bytes()), locale=language):
        key = message.id if isinstance(message.id, str) else message.id[0]
        if key and (key in whole or key.startswith(tuple(families))):
            found[key] = "".join(message.string)
    return found


@pytest.mark.parametrize("language", WORDS.languages)
def test_every_character_of_the_catalogues_that_a_paper_says_has_a_glyph(language: str) -> None:
    covered = {chr(c) for c in glyphs.covered()} | {"\n"}
    said = {paper.kind: printed(paper, language) for paper in papers.PAPERS}
    lacking = {
        key: missing
        for key, text in (sentences_of_papers(language) | said).items()
        if (missing := set(text) - covered)
    }
    assert lacking == {}


def test_the_sentences_of_papers_are_theirs_and_those_of_who_fills_them() -> None:
    found = sentences_of_papers("zh_Hans").keys()
    assert {"paper.to", "paper.record.how", "clause.tl", "did.replied", "state.ended"} <= found
    assert {"outcome.supported", "finding.revoked", "told.request", "party.desk"} <= found
    assert not {key for key in found if key.startswith(("notice.", "act.", "menu.", "form."))}


# -- what is typed is printed ------------------------------------------------------------------


@pytest.mark.parametrize("where", ["to", "subject", "issuer", "contact"])
@pytest.mark.parametrize(
    "typed",
    [
        '#let x = 1 #import "@preview/a:1.0.0" #panic("x") $x^2$ @ref <label>',
        "= 标题 - 列表 + 编号 / 术语: *粗* _斜_ `码` ```typ #x``` ~ -- --- ...",
        "// 注释 /* 注释 */ \\ \\u{41} #[]*_$@<b>&amp;</b> {name} {page} \"直\" 'x'",
        ") ] } #( #[ #{ $ ` * _ \\",
        "https://example.invalid/a?b=c#d",
    ],
)
def test_a_person_s_text_is_never_markup(where: str, typed: str) -> None:
    assert squeezed(typed) in printed(papers.acceptance(**{where: typed}))


def test_text_in_a_table_is_never_markup_either() -> None:
    typed = '#[]*_$@<a> "x" -- #panic()'
    text = printed(papers.dossier(subject=typed, state=typed, parties=(), writings=()))
    assert text.count(squeezed(typed)) == 2


@pytest.mark.parametrize(
    ("typed", "pieces"),
    [
        ("", []),
        (" \n\t\n", []),
        ("你好 abc", ["你好 abc"]),
        ("一\n\n二\r\n三", ["一", {"end": ""}, "二", {"end": ""}, "三"]),
        ("a\tb", ["a    b"]),
        ("陈\U00020bb7英", ["陈", {"code": "U+20BB7"}, "英"]),
        (FAMILY, [{"code": "U+1F468"}, {"code": "U+1F469"}, {"code": "U+1F467"}]),
        ("\ud800", [{"code": "U+D800"}]),
        ("\ue000\uffff", [{"code": "U+E000"}, {"code": "U+FFFF"}]),
        ("a\x00\x1b\x07b", ["ab"]),
        ("\u202etxt.exe\u2066\u200b\ufeff\u00ad", ["txt.exe"]),  # no turning, no joining
        ("葛\U000e0100城", ["葛城"]),  # a variant's mark
        ("e\u0323\u0302\U0001f600", ["\u1ec7", {"code": "U+1F600"}]),
    ],
)
def test_what_becomes_of_a_text(typed: str, pieces: list[glyphs.Piece]) -> None:
    assert glyphs.pieces(typed) == pieces


def test_what_cannot_be_printed_is_seen_in_the_paper() -> None:
    text = printed(papers.acceptance(to="陈\U00020bb7英\U0001f600"))
    assert "陈U+20BB7英U+1F600：" in text


@given(anything)
def test_no_character_is_lost_but_the_invisible(typed: str) -> None:
    pieces = glyphs.pieces(typed)
    stood = sum(not isinstance(p, str) and "code" in p for p in pieces)
    visible = glyphs.shown("".join(line for line in typed.splitlines() if line.strip()))
    assert len(texts_of(pieces)) + stood == len(visible)
    assert all(ord(c) in glyphs.covered() for c in texts_of(pieces))


@given(st.text(st.sampled_from("ab。！W—《é1，")))
def test_a_long_word_is_cut_into_short_pieces_and_nothing_is_lost(word: str) -> None:
    pieces = glyphs.pieces(word)
    assert texts_of(pieces) == word
    assert all(len(piece) <= glyphs.LONGEST_WORD for piece in pieces)


def test_ordinary_text_is_not_cut() -> None:
    for text in (
        "编号：990100-20260302-00001-6。",
        "Having looked into it, we reply as follows to your request for compensation:",
        "长" * 500,
        "お問い合わせください" * 10,
    ):
        assert glyphs.pieces(text) == [text]


@settings(deadline=None, max_examples=60)
@given(anything, st.sampled_from(["to", "issuer", "subject", "contact"]))
def test_any_text_makes_a_letter(typed: str, where: str) -> None:
    """The typesetter refuses to make the PDF when a single glyph is missing."""
    assert printed(papers.acceptance(**{where: typed}))


@settings(deadline=None, max_examples=30)
@given(st.lists(anything, max_size=4), anything)
def test_any_text_makes_a_dossier(typed: list[str], word: str) -> None:
    at = papers.dossier().steps[0].at
    given = papers.dossier(
        subject=word,
        parties=(papers.Party(role=word, name=word, phone=word, address=word),),
        writings=(papers.Writing(title=word, by=word, at=at, text=tuple(typed)),),
        led=papers.Led(leader=word, plan=tuple(typed)),
        attachments=(papers.Attachment(name=word, kind="photo", at=at, by=word, sha256=word),),
    )
    assert printed(given)


def test_every_character_of_the_first_plane_can_stand_in_a_paper() -> None:
    every = [chr(code) for code in range(0x10000)]
    lines = tuple("".join(every[at : at + 512]) for at in range(0, len(every), 512))
    assert draw(papers.opinion(opinion=lines), "zh_Hans", WORDS)


def test_ideographs_are_read_back_as_they_were_written() -> None:
    """A search in the PDF finds a name; but for the few that share their glyph with a twin."""
    written = [chr(code) for code in range(0x4E00, 0x9FA6, 7) if code in glyphs.covered()]
    assert len(written) > 2_900
    text = printed(papers.opinion(opinion=("".join(written),)))
    assert [c for c in written if c not in text] == []


def test_a_font_of_another_make_is_refused_and_not_taken_for_an_empty_one() -> None:
    font = glyphs.fonts.serif_path().read_bytes()
    with pytest.raises(ValueError, match=r"without a character map$"):
        next(charmap.codes(font.replace(b"cmap", b"camp")))
    with pytest.raises(ValueError, match="of all planes"):
        next(charmap.codes(font.replace(bytes([0, 3, 0, 10]), bytes([0, 3, 0, 1]))))
