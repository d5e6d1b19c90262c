"""Does the emulator read HTML as Telegram does, and show it safely?"""

import re
from html import escape, unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.entities import detect, trim, utf16
from emulator.errors import RefusedError
from emulator.html import parse_html
from emulator.render import to_html


@pytest.mark.parametrize(
    ("html", "complaint"),
    [
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
        ("中<p>x</p>", 'Unsupported start tag "p" at byte offset 3'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("x <b", "Unclosed start tag at byte offset 2"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ('<a ="x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/>y</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        (
            "<b>x</i>",
            'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
        ),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ],
)
def test_what_telegram_cannot_parse(html: str, complaint: str) -> None:
    with pytest.raises(RefusedError) as caught:
        parse_html(html)
    assert caught.value.description == f"Bad Request: can't parse entities: {complaint}"


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("<b>a</b>b", "ab", [("bold", 0, 1)]),
        ("😀<i>x</i>", "😀x", [("italic", 2, 1)]),
        ("<b><u>x</u>y</b>", "xy", [("bold", 0, 2), ("underline", 0, 1)]),
        ("<s>a</s><del>b</del>", "ab", [("strikethrough", 0, 1), ("strikethrough", 1, 1)]),
        ("&lt;b&gt; &amp; &quot;", '<b> & "', []),
        ("&#60;&#x3c;&nbsp;&", "<<&nbsp;&", []),
        ("<tg-spoiler>x</tg-spoiler>", "x", [("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ("<blockquote>x</blockquote>", "x", [("blockquote", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("<b></b>x", "x", []),
        ("<a>word</a>", "word", []),
    ],
)
def test_what_telegram_reads(html: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    got, found = parse_html(html)
    assert got == text
    assert [(e["type"], e["offset"], e["length"]) for e in found] == entities


def test_links_and_languages() -> None:
    _, found = parse_html('<a href="http://a.cn/?x=1&amp;y=2">x</a>')
    assert found == [{"type": "text_link", "offset": 0, "length": 1, "url": "http://a.cn/?x=1&y=2"}]
    _, found = parse_html('<pre><code class="language-py">x</code></pre>')
    assert found == [{"type": "pre", "offset": 0, "length": 1, "language": "py"}]


@pytest.mark.parametrize(
    "html",
    [
        "<b>粗</b> 中 <i>斜</i>",
        "😀<b>x<i>y</i></b>",
        "<pre>a\nb</pre>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_rendering_gives_back_what_was_read(html: str) -> None:
    assert to_html(*parse_html(html)) == html


def test_rendering_is_safe_and_mends_overlaps() -> None:
    link = {"type": "text_link", "offset": 0, "length": 1, "url": "javascript:alert(1)"}
    assert 'href="#"' in to_html("x", [link])
    quoted = {"type": "text_link", "offset": 0, "length": 1, "url": 'https://a.cn/"><script>'}
    assert "<script>" not in to_html("x", [quoted])
    bold, italic = ({"type": t, "offset": o, "length": 2} for t, o in (("bold", 0), ("italic", 1)))
    assert to_html("abc", [bold, italic]) == "<b>a<i>b</i></b><i>c</i>"


def test_commands_links_and_names_are_found() -> None:
    found = detect("/start@bot 看 https://a.cn/x 和 @wang #供暖 a/b")
    assert [e["type"] for e in found] == ["bot_command", "url", "mention", "hashtag"]
    assert detect("plain") == []


_PIECES = (
    "<b>",
    "</b>",
    "<i>",
    "</i>",
    '<a href="',
    '">',
    "</a>",
    "&lt;",
    "&#",
    "<",
    "😀",
    "中",
    " ",
)
_SOUP = st.lists(st.sampled_from(_PIECES), max_size=12).map("".join)


@given(st.text(max_size=80))
def test_escaped_text_is_read_back(text: str) -> None:
    assert parse_html(escape(text, quote=False)) == (text, [])


@given(_SOUP)
def test_anything_is_read_or_refused(soup: str) -> None:
    try:
        text, entities = parse_html(soup)
    except RefusedError:
        return
    for entity in entities:
        assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= utf16(text)
    text, entities = trim(text, entities)
    assert unescape(re.sub("<[^>]*>", "", to_html(text, entities))) == text


@given(st.text(st.sampled_from("/@#. a1中😀:<&-_"), max_size=40))
def test_found_entities_never_break_the_text(text: str) -> None:
    assert unescape(re.sub("<[^>]*>", "", to_html(text, detect(text)))) == text
