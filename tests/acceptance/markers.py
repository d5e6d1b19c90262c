"""A value of its own for everything a person can give away, and the search for all of them."""

import base64
import json
import random
from collections.abc import Iterable, Iterator
from urllib.parse import quote

LETTERS = "bcdfghjkmnpqrstvwxz"
BEGIN = 6
"""Bytes by which a form is first recognised; every form has more."""


class Markers:
    """Values nobody else would write; `found` says which of them are somewhere, and how."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self.values: dict[str, tuple[str, ...]] = {}
        self._forms: dict[bytes, str] = {}

    def __call__(self, name: str) -> str:
        """A new value for this: rare characters and letters, each of which gives it away."""
        han = "".join(chr(self._chance.randrange(0x4E00, 0x9F00)) for _ in range(5))
        word = self.word(name)
        self.keep(name, han)
        self._piece(name, han[:3], han[-3:])
        return f"{han}{word}"

    def word(self, name: str) -> str:
        """A new value in plain letters."""
        made = "".join(self._chance.choices(LETTERS, k=12))
        self.keep(name, made)
        self._piece(name, made[:8], made[-8:])
        return made

    def digits(self, name: str, start: str, length: int) -> str:
        """A new value in digits."""
        left = length - len(start)
        made = start + "".join(self._chance.choices("0123456789", k=left))
        self.keep(name, made)
        return made

    def keep(self, name: str, *values: str) -> None:
        """Look for these too."""
        self.values[name] = (*self.values.get(name, ()), *values)
        for value in values:
            for how, form in forms(value):
                assert len(form) >= BEGIN, (name, how)
                self._forms[form.lower()] = f"{name} ({how})"

    def _piece(self, name: str, *pieces: str) -> None:
        """Look for the beginning and the end alone too: a title cut short is a title."""
        for piece in pieces:
            for how, form in forms(piece):
                if "base64" not in how:  # so short, they come about by chance
                    self._forms.setdefault(form.lower(), f"part of {name} ({how})")

    def found(self, hay: bytes) -> set[str]:
        """What of all this is in these bytes, in capitals or not."""
        low = hay.lower()
        begins = {form[:BEGIN] for form in self._forms}
        met = {at for i in range(len(low) - BEGIN + 1) if (at := low[i : i + BEGIN]) in begins}
        return {w for form, w in self._forms.items() if form[:BEGIN] in met and form in low}


def forms(value: str) -> Iterator[tuple[str, bytes]]:
    """The value as it may hide: its encodings, escapes and base64 wherever it begins."""
    plain = value.encode()
    yield "UTF-8", plain
    yield "UTF-16 LE", value.encode("utf-16-le")
    yield "UTF-16 BE", value.encode("utf-16-be")
    yield "JSON", json.dumps(value)[1:-1].encode()
    yield "Python", ascii(value)[1:-1].encode()
    yield "URL", quote(value).encode()
    yield "bytes", repr(plain)[2:-1].encode()
    yield "hex", plain.hex().encode()
    for encoding in ("utf-8", "utf-16-le"):
        encoded = value.encode(encoding)
        for shift in range(3):
            # The letters of which every bit is the value's: one has six bits, a byte eight.
            text = base64.b64encode(b"\0" * shift + encoded)
            inner = text[-(-shift * 8 // 6) : (shift + len(encoded)) * 8 // 6]
            yield f"base64 of {encoding} after {shift}", inner
            safe = inner.replace(b"+", b"-").replace(b"/", b"_")
            yield f"URL-safe base64 of {encoding} after {shift}", safe


def texts(found: Iterable[str]) -> str:
    """What was found, for a failed test to say."""
    return ", ".join(sorted(found))
