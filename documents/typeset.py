"""How does a sheet become a PDF? Set by typst, in memory, with our own fonts.

The sheet goes in as data (JSON), never as source: whatever a person wrote, typst reads text. The
PDF is one for archives and for people who have it read to them (PDF/A-2a, PDF/UA-1), which
typst refuses to make when a glyph is missing.
"""

import json
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from documents import glyphs
from documents.sheet import Sheet

if TYPE_CHECKING:
    import typst

_SOURCE = Path(__file__).parent / "templates"
_turn = Lock()  # one paper at a time: each takes all it can of a core


def to_pdf(sheet: Sheet, language: str) -> bytes:
    """The sheet as PDF; the same sheet gives the same bytes. To be called off the event loop."""
    noon = datetime.combine(sheet.day, time(12), UTC)
    made = _compile(sheet, language, "pdf", pdf_standards=["a-2a", "ua-1"], timestamp=noon)
    assert isinstance(made, bytes)
    return made


def to_pictures(sheet: Sheet, language: str, ppi: float) -> list[bytes]:
    """The same pages as PNG, to be looked at."""
    made = _compile(sheet, language, "png", ppi=ppi)
    return [made] if isinstance(made, bytes) else list(made or ())


def _compile(sheet: Sheet, language: str, form: Literal["pdf", "png"], **how: Any) -> Any:
    data = {
        "lang": "zh" if language.startswith("zh") else language,
        "name": glyphs.plain(sheet.title),
        "author": glyphs.plain(sheet.issuer),
        "sheet": encode(sheet),
    }
    with _turn:
        compiler = _compiler()
        return compiler.compile(format=form, sys_inputs={"data": json.dumps(data)}, **how)


@lru_cache(maxsize=1)
def _compiler() -> "typst.Compiler":
    import typst  # with the fonts some 50 MB, which a program without papers does not need

    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(glyphs.folder())],
    )
    return typst.Compiler(
        input=str(_SOURCE / "main.typ"),
        root=str(_SOURCE),
        font_paths=fonts,
        ignore_system_fonts=True,
    )


def encode(value: Any) -> Any:
    """The value as the templates read it: every text in pieces, every block with its name."""
    if is_dataclass(value):
        named = {each.name: encode(getattr(value, each.name)) for each in fields(value)}
        return {"is": type(value).__name__.lower(), **named}
    if isinstance(value, str):
        return glyphs.pieces(value)
    if isinstance(value, tuple):
        return [encode(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value
