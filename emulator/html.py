"""What does this HTML say? Telegram's parse mode: its tags, its entities, its complaints."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .entities import ordered, utf16
from .errors import RefusedError, bad
from .model import Json

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot)|#(\d{1,8})|#x([0-9a-f]{1,6}));?", re.IGNORECASE)
_PLAIN = re.compile(r"[^<&]+")
_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"[^\s=>]*")
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_SPACES = re.compile(r"\s*")


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    start: int


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Text and entities of a message in HTML; raises Telegram's 400 if it cannot be parsed."""
    return _Parser(source).parse()


def _decoded(match: re.Match[str]) -> str:
    name, number, hexadecimal = match.groups()
    if name:
        return _NAMED[name.lower()]
    code = int(number) if number else int(hexadecimal, 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else match.group()


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._out: list[str] = []
        self._length = 0
        self._stack: list[_Open] = []
        self._entities: list[Json] = []

    def parse(self) -> tuple[str, list[Json]]:
        source = self._source
        while self._at < len(source):
            if plain := _PLAIN.match(source, self._at):
                self._emit(plain.group())
                self._at = plain.end()
            elif source[self._at] == "&":
                self._reference()
            elif source.startswith("</", self._at):
                self._close()
            else:
                self._open()
        if self._stack:
            raise bad(
                "can't parse entities: Can't find end tag corresponding to start tag "
                f'"{self._stack[-1].tag}"'
            )
        return "".join(self._out), ordered(self._entities)

    def _emit(self, text: str) -> None:
        self._out.append(text)
        self._length += utf16(text)

    def _reference(self) -> None:
        match = _REFERENCE.match(self._source, self._at)
        self._emit(_decoded(match) if match else "&")
        self._at = match.end() if match else self._at + 1

    def _wrong(self, text: str, at: int) -> RefusedError:
        offset = len(self._source[:at].encode())
        return bad(f"can't parse entities: {text.replace('@', str(offset))}")

    def _char(self, at: int) -> str:
        return self._source[at : at + 1]

    def _skip(self, pattern: re.Pattern[str], at: int) -> tuple[str, int]:
        match = pattern.match(self._source, at)
        return (match.group(), match.end()) if match else ("", at)

    def _open(self) -> None:
        begin = self._at
        tag, at = self._skip(_NAME, begin + 1)
        tag = tag.lower()
        if not self._char(at):
            raise self._wrong("Unclosed start tag at byte offset @", begin)
        if tag not in _TYPES:
            raise self._wrong(f'Unsupported start tag "{tag}" at byte offset @', begin)
        argument, at = self._attributes(tag, begin, at)
        if tag == "span" and argument != "tg-spoiler":
            raise self._wrong('Tag "span" must have class "tg-spoiler" at byte offset @', begin)
        self._stack.append(_Open(tag, argument, self._length, len(self._out)))
        self._at = at

    def _attributes(self, tag: str, begin: int, at: int) -> tuple[str, int]:
        argument = ""
        while True:
            _, at = self._skip(_SPACES, at)
            if self._char(at) == ">":
                return argument, at + 1
            name, at = self._skip(_ATTRIBUTE, at)
            if not name and self._char(at):
                raise self._wrong(
                    f'Empty attribute name in the tag "{tag}" at byte offset @', begin
                )
            _, at = self._skip(_SPACES, at)
            value = ""
            if self._char(at) == "=":
                _, at = self._skip(_SPACES, at + 1)
                value, at = self._value(begin, at)
            if not self._char(at):
                raise self._wrong(f'Unclosed start tag "{tag}" at byte offset @', begin)
            argument = _argument(tag, name.lower(), value, argument)

    def _value(self, begin: int, at: int) -> tuple[str, int]:
        quote = self._char(at)
        if quote and quote in "\"'":
            end = self._source.find(quote, at + 1)
            if end < 0:
                raise self._wrong("Unclosed start tag at byte offset @", begin)
            return _REFERENCE.sub(_decoded, self._source[at + 1 : end]), end + 1
        value, end = self._skip(_TOKEN, at)
        if self._char(end) not in (" ", "\n", "\t", "\r", ">"):
            raise self._wrong("Unexpected end of name token at byte offset @", at)
        return value.lower(), end

    def _close(self) -> None:
        begin = self._at
        name, at = self._skip(_NAME, begin + 2)
        _, at = self._skip(_SPACES, at)
        if not self._stack:
            raise self._wrong("Unexpected end tag at byte offset @", begin)
        if self._char(at) != ">":
            raise self._wrong("Unclosed end tag at byte offset @", begin)
        opened = self._stack.pop()
        if name and name.lower() != opened.tag:
            raise self._wrong(
                f'Unmatched end tag at byte offset @, expected "</{opened.tag}>", '
                f'found "</{name.lower()}>"',
                begin,
            )
        self._at = at + 1
        self._finish(opened)

    def _finish(self, opened: _Open) -> None:
        length = self._length - opened.offset
        if not length:
            return
        entity: Json = {"type": _TYPES[opened.tag], "offset": opened.offset, "length": length}
        if opened.tag == "a":
            entity["url"] = opened.argument or "".join(self._out[opened.start :])
            if not entity["url"].lower().startswith(("http://", "https://", "tg://", "mailto:")):
                return
        elif opened.tag == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        elif opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = opened.argument
        elif opened.tag == "code" and opened.argument:
            entity["language"] = opened.argument
        elif opened.tag == "pre":
            self._join_code(entity)
        self._entities.append(entity)

    def _join_code(self, entity: Json) -> None:
        """``<pre><code class="language-x">`` is one entity with a language."""
        last = self._entities[-1] if self._entities else None
        if last and last["type"] == "code" and last["length"] == entity["length"]:
            self._entities.pop()
            if "language" in last:
                entity["language"] = last["language"]


def _argument(tag: str, name: str, value: str, before: str) -> str:
    if (tag, name) in (("a", "href"), ("span", "class"), ("tg-emoji", "emoji-id")):
        return value
    if (tag, name) == ("code", "class") and value.startswith("language-"):
        return value.removeprefix("language-")
    if (tag, name) == ("blockquote", "expandable"):
        return "1"
    return before
