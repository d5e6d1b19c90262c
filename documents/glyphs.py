"""Which characters can be printed, and what stands for the others?

A character that no font of ours has is printed as its code in a small frame: seen, and still
known to who looks it up. Controls and invisible marks are left out: one that turns the direction
of writing could make a paper read otherwise than it was typed.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn as fonts

from documents import charmap

Piece = str | dict[str, str]
"""Text, a character's code (`code`), or the end of a line (`end`). A line may be broken where
two texts meet."""

LONGEST_WORD = 26  # of the widest letters, just less than a line of a letter
_CHUNK = 8
# No space, no ideograph and no kana: between those a line breaks by itself.
_LONG_WORD = re.compile(
    rf"([^\s\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]{{{LONGEST_WORD + 1},}})"
)
_IGNORED = {"Cc", "Cf"}
_SELECTORS = {*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), 0x034F, 0x115F, 0x1160, 0x3164}


def folder() -> Path:
    """Where the fonts are."""
    return fonts.serif_path().parent


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """The code points that one of the fonts has a glyph for."""
    paths = (fonts.serif_path(), fonts.sans_path())
    return frozenset(code for path in paths for code in charmap.codes(path.read_bytes()))


def pieces(text: str) -> list[Piece]:
    """The text as the typesetter takes it: every character shown, long words breakable."""
    result: list[Piece] = []
    lines = [line for line in text.splitlines() if line.strip()]
    for number, line in enumerate(lines):
        if number:
            result.append({"end": ""})
        result += _line(line)
    return result


def plain(text: str) -> str:
    """The text in one line, without what cannot be printed: for the name of a PDF."""
    return "".join(c for c in shown(" ".join(text.split())) if _printable(c))


def _line(line: str) -> Iterator[Piece]:
    known = ""
    for character in shown(line):
        if _printable(character):
            known += character
            continue
        yield from _broken(known)
        known = ""
        yield {"code": f"U+{ord(character):04X}"}
    yield from _broken(known)


def _broken(known: str) -> Iterator[str]:
    """The text, cut where a word is so long that a line may have to break within it."""
    for word in _LONG_WORD.split(known):
        if len(word) > LONGEST_WORD and _LONG_WORD.fullmatch(word):
            yield from (word[at : at + _CHUNK] for at in range(0, len(word), _CHUNK))
        elif word:
            yield word


def shown(line: str) -> str:
    """The line without what cannot be seen; composed where only that way there is a glyph."""
    line = line.replace("\t", "    ")
    seen = "".join(c for c in line if not _invisible(c))
    return seen if all(map(_printable, seen)) else unicodedata.normalize("NFC", seen)


def _invisible(character: str) -> bool:
    return unicodedata.category(character) in _IGNORED or ord(character) in _SELECTORS


def _printable(character: str) -> bool:
    return ord(character) in covered()
