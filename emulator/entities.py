"""Where are the commands, links and names in a text? Entities as Telegram finds them."""

from __future__ import annotations

import re

from .model import Json

_FOUND = re.compile(
    r"(?P<bot_command>(?<![\w/@])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/]))"
    r"|(?P<url>(?:https?|tg)://[^\s<>\"]+|\b(?:[a-z0-9-]+\.)+(?:cn|com|org|net|io|me|gov)\b(?:/[^\s<>\"]*)?)"
    r"|(?P<mention>(?<![\w@])@[A-Za-z]\w{3,31})"
    r"|(?P<hashtag>(?<!\w)#\w*[^\W\d]\w*)",
    re.IGNORECASE,
)
_HINTS = "/@#."


def utf16(text: str) -> int:
    """The length of a text in UTF-16 units, which Telegram counts in."""
    return (
        len(text) + sum(1 for char in text if char > "\uffff") if not text.isascii() else len(text)
    )


def detect(text: str) -> list[Json]:
    """The entities Telegram adds by itself."""
    if not any(hint in text for hint in _HINTS):
        return []
    return [
        {
            "type": match.lastgroup,
            "offset": utf16(text[: match.start()]),
            "length": utf16(match.group()),
        }
        for match in _FOUND.finditer(text)
    ]


def merge(given: list[Json], found: list[Json]) -> list[Json]:
    """Given entities and those found outside of them, in Telegram's order."""
    free = [
        entity
        for entity in found
        if all(
            entity["offset"] + entity["length"] <= other["offset"]
            or other["offset"] + other["length"] <= entity["offset"]
            for other in given
        )
    ]
    return ordered([*given, *free])


def ordered(entities: list[Json]) -> list[Json]:
    """Sorted as Telegram sends them: by start, the longer one first."""
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def trim(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Text without the blanks around it, as Telegram stores it, entities moved along."""
    clean = text.strip()
    if clean == text:
        return text, entities
    start = utf16(text[: len(text) - len(text.lstrip())])
    end = start + utf16(clean)
    kept = []
    for entity in entities:
        first = max(entity["offset"], start)
        last = min(entity["offset"] + entity["length"], end)
        if last > first:
            kept.append({**entity, "offset": first - start, "length": last - first})
    return clean, kept
