"""What stands on a paper, before it is set? Blocks of plain text under one another."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Head:
    """A heading; `level` 1 is listed in the dossier's contents."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph of ours."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A remark in smaller print: who wrote the text below, how to check a number."""

    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A text of several lines as somebody wrote it; each line is a paragraph."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: a head (may be empty), rows, and the columns' shares of the width."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]


Block = Head | Para | Note | Quote | Grid


@dataclass(frozen=True, slots=True)
class Letter:
    """A paper of one or a few pages to somebody; `small` stands under every page."""

    title: str
    issuer: str
    mark: str
    to: str
    blocks: tuple[Block, ...]
    contact: str
    dated: str
    small: str
    page: str
    day: date


@dataclass(frozen=True, slots=True)
class Book:
    """The dossier: a cover, its contents, and then everything."""

    title: str
    issuer: str
    cover: tuple[tuple[str, str], ...]
    contents: str
    blocks: tuple[Block, ...]
    small: str
    page: str
    day: date


Sheet = Letter | Book


def quote(texts: tuple[str, ...]) -> Quote:
    """What somebody wrote, message after message, without its empty lines."""
    return Quote(tuple(line for text in texts for line in text.splitlines() if line.strip()))
