"""How wide is a text, and where does its line break? Measured with the font it is drawn in."""

import re
from functools import lru_cache

import pylopdf_fonts_zh_cn as fonts

from documents import charmap, glyphs

_NO_START = frozenset("，。；：？！、）」』》％%…”’,.;:?!)")
"""What never begins a line."""
_UNIT = re.compile(r"[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+|\s+|.", re.DOTALL)
"""What a line is not broken within: a word, or an ideograph."""


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """The code points that the picture's one font has a glyph for."""
    return frozenset(charmap.codes(fonts.sans_path().read_bytes()))


def seen(text: str) -> str:
    """The text in one line, a character without a glyph standing there as its code."""
    line = glyphs.shown(" ".join(text.split()))
    return "".join(c if ord(c) in covered() else f"[U+{ord(c):04X}]" for c in line)


@lru_cache(maxsize=1)
def _advances() -> dict[int, float]:
    """Code point → how far it moves on, in the em.

    Read from the font's tables: FreeType, asked by two threads, has ended the whole program.
    """
    from fontTools.ttLib import TTFont

    with TTFont(fonts.sans_path(), lazy=True) as font:
        em, wide = font["head"].unitsPerEm, font["hmtx"].metrics
        return {code: wide[name][0] / em for code, name in font.getBestCmap().items()}


def width(text: str, size: float) -> float:
    """How many pixels wide the text is at this size in pixels."""
    advances = _advances()
    return sum(advances.get(ord(character), 1.0) for character in text) * size


def wrapped(text: str, size: float, room: float) -> list[str]:
    """The text in lines of at most `room` pixels; a word longer than a line is cut."""
    lines, line = [], ""
    for unit in _UNIT.findall(text):
        for piece in _fitting(unit, size, room):
            fits = width(line + piece, size) <= room
            if fits or (piece in _NO_START and width(line, size) <= room):
                line += piece
            else:
                lines.append(line.rstrip())
                line = piece.lstrip()
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _fitting(unit: str, size: float, room: float) -> list[str]:
    if width(unit, size) <= room:
        return [unit]
    return list(unit)


def cut(text: str, size: float, room: float, lines: int) -> list[str]:
    """The text in at most so many lines; what is left out is seen by an ellipsis."""
    found = wrapped(text, size, room)
    if len(found) <= lines:
        return found
    last = found[lines - 1]
    while last and width(last + "…", size) > room:
        last = last[:-1]
    return [*found[: lines - 1], last + "…"]
