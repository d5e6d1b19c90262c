"""The page brings a font of signs along; a sign that it lacks is drawn blank on many machines."""

from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from words import load_words

FONT = files("emulator") / "page" / "emoji.woff2"
TEXT = frozenset("→⋯−\ufe0f")
"""What every text font draws."""


def signs(text: str) -> set[str]:
    """The characters that the page asks this font for (`unicode-range` in `page.css`)."""
    return {c for c in text if "\u2190" <= c <= "\u2bff" or "\U0001f300" <= c <= "\U0001faff"}


def there() -> set[str]:
    """The signs that the font draws."""
    return {chr(code) for code in TTFont(BytesIO(FONT.read_bytes())).getBestCmap()}


def test_every_sign_that_the_code_itself_says_is_in_the_page_s_font() -> None:
    """The colours of the cards stand in no catalogue, and were blank."""
    said = set().union(*(signs(path.read_text("utf-8")) for path in Path("dialogs").rglob("*.py")))
    assert {"🟢", "🟡", "🔴"} <= said
    assert said - TEXT - there() == set()


@pytest.mark.parametrize("language", load_words().languages)
def test_every_sign_of_the_catalogues_is_in_the_page_s_font(language: str) -> None:
    catalogue = files("words") / "locales" / f"{language}.po"
    said = signs(catalogue.read_text("utf-8")) - TEXT
    assert len(said) > 40
    assert said - there() == set()
