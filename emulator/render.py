"""How does a message look in a browser? Text and entities as safe HTML."""

from __future__ import annotations

from html import escape
from typing import Any

from .entities import ordered, utf16
from .model import Json

_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}
_CLASSES = {
    "spoiler": "spoiler",
    "bot_command": "command",
    "mention": "mention",
    "hashtag": "hashtag",
    "custom_emoji": "emoji",
}
_SCHEMES = ("http://", "https://", "tg://", "mailto:")


def to_html(text: str, entities: list[Json]) -> str:
    """``text`` with ``entities`` as HTML; everything a person wrote is escaped, newlines stay."""
    if not entities:
        return escape(text)
    if utf16(text) != len(text):
        entities = _by_index(text, entities)
    out: list[str] = []
    stack: list[Json] = []
    starts = ordered(entities)
    cuts = {0, len(text)}
    for entity in starts:
        cuts |= {entity["offset"], entity["offset"] + entity["length"]}
    points = sorted(cut for cut in cuts if 0 <= cut <= len(text))
    for here, there in zip(points, [*points[1:], len(text)], strict=True):
        stack = _close(out, stack, here, text)
        for entity in starts:
            if entity["offset"] == here:
                stack.append(entity)
                out.append(_opening(entity, text))
        out.append(escape(text[here:there]))
    _close(out, stack, len(text), text)
    return "".join(out)


def _close(out: list[str], stack: list[Json], at: int, text: str) -> list[Json]:
    """Close what ends here; what overlaps it is closed too and opened again."""
    ends = [e["offset"] + e["length"] <= at for e in stack]
    if not any(ends):
        return stack
    keep = ends.index(True)
    out.extend(_closing(entity) for entity in reversed(stack[keep:]))
    again = [e for e in stack[keep:] if e["offset"] + e["length"] > at]
    out.extend(_opening(entity, text) for entity in again)
    return stack[:keep] + again


def _by_index(text: str, entities: list[Json]) -> list[Json]:
    index = {}
    units = 0
    for position, char in enumerate(text):
        index[units] = position
        units += 2 if char > "\uffff" else 1
    index[units] = len(text)
    moved = []
    for entity in entities:
        start = index.get(entity["offset"])
        end = index.get(entity["offset"] + entity["length"])
        if start is not None and end is not None:
            moved.append({**entity, "offset": start, "length": end - start})
    return moved


def _opening(entity: Json, text: str) -> str:
    kind: Any = entity["type"]
    if kind in ("text_link", "url"):
        inner = text[entity["offset"] : entity["offset"] + entity["length"]]
        url = entity.get("url") or (inner if "://" in inner else f"https://{inner}")
        href = escape(url) if url.lower().startswith(_SCHEMES) else "#"
        return f'<a href="{href}" target="_blank" rel="noreferrer">'
    if kind in _TAGS:
        return f"<{_TAGS[kind]}>"
    return f'<span class="{_CLASSES.get(kind, "entity")}">'


def _closing(entity: Json) -> str:
    kind: Any = entity["type"]
    if kind in ("text_link", "url"):
        return "</a>"
    return f"</{_TAGS[kind]}>" if kind in _TAGS else "</span>"
