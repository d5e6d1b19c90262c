"""How does a key become a sentence in somebody's language?

Catalogues are gettext files (`locales/<language>.po`) whose ids are keys. They are compiled
in memory at start-up, so a language is added by adding one file.
"""

import gettext
import io
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from words.formats import as_html, as_text

SOURCE = "zh_Hans"


class Words:
    """All catalogues; `say` for message text (HTML), `label` for buttons and toasts (plain)."""

    def __init__(self, catalogues: Mapping[str, gettext.GNUTranslations]) -> None:
        self._catalogues = catalogues
        self._spoken: dict[str, frozenset[str]] = {}

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages there are, the source language first."""
        return (SOURCE, *sorted(set(self._catalogues) - {SOURCE}))

    def language_of(self, code: str | None) -> str:
        """The catalogue for a messenger's language code; other languages read English.

        A person whose messenger tells nothing reads the source language.
        """
        if not code or code.lower().startswith("zh"):
            return SOURCE
        primary = code.split("-")[0].lower()
        return primary if primary in self._catalogues else "en"

    def say(self, key: str, language: str, **facts: Any) -> str:
        """The sentence as HTML, its facts escaped. Raises KeyError for an unknown key."""
        return self._fill(key, language, facts, as_html)

    def label(self, key: str, language: str, **facts: Any) -> str:
        """The sentence as plain text, for buttons and toasts. Raises KeyError likewise."""
        return self._fill(key, language, facts, as_text)

    def knows(self, key: str) -> bool:
        """Whether the source catalogue has this key."""
        return self._template(key, SOURCE, {}) != key

    def spoken(self, key: str) -> frozenset[str]:
        """This label in every language: to recognise a pressed key of the keyboard."""
        if key not in self._spoken:  # asked of each message, for each button
            said = frozenset(self.label(key, language) for language in self.languages)
            self._spoken[key] = said
        return self._spoken[key]

    def _template(self, key: str, language: str, facts: Mapping[str, Any]) -> str:
        # A person may have chosen one that a program of before, or of later, speaks.
        catalogue = self._catalogues.get(language) or self._catalogues[SOURCE]
        if isinstance(facts.get("count"), int):
            found = catalogue.ngettext(key, key, facts["count"])
            if found != key:
                return found
        return catalogue.gettext(key)

    def _fill(self, key: str, language: str, facts: Mapping[str, Any], shape: Any) -> str:
        template = self._template(key, language, facts)
        if template == key:
            raise KeyError(key)
        shaped = {name: shape(value, language) for name, value in facts.items()}
        return template.format_map(shaped)


@cache
def load_words() -> Words:
    """Read every catalogue of the package, once a process."""
    found: dict[str, gettext.GNUTranslations] = {}
    for path in files("words").joinpath("locales").iterdir():
        if path.name.endswith(".po"):
            language = path.name.removesuffix(".po")
            catalogue = read_po(io.BytesIO(path.read_bytes()), locale=language)
            compiled = io.BytesIO()
            write_mo(compiled, catalogue)
            compiled.seek(0)
            found[language] = gettext.GNUTranslations(compiled)
    return Words(found)
