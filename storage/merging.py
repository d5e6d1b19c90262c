"""How are the rows of several tables walked side by side, without holding them all?"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

END = object()
"""Comes after every key."""


class Groups:
    """Rows in the order of their first column, which the database sorted; taken key by key."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._groups = groupby(rows, lambda row: row[0])
        self._next = next(self._groups, None)

    def before(self, key: Any) -> Iterator[Any]:
        """Pass over the groups that come before this key; their keys."""
        while self._next is not None and (key is END or order(self._next[0]) < order(key)):
            yield self._next[0]
            self._next = next(self._groups, None)

    def take(self, key: Any) -> Iterator[Any]:
        """The rows of this key, if it is the next; to be walked to their end."""
        if self._next is not None and order(self._next[0]) == order(key):
            yield from self._next[1]
            self._next = next(self._groups, None)


def order(key: Any) -> tuple[int, Any]:
    """How the database sorts values of whatever type: nothing, numbers, texts, bytes."""
    match key:
        case None:
            return 0, 0
        case int() | float():
            return 1, key
        case str():
            return 2, key.encode("utf-8", "surrogateescape")
    return 3, bytes(key)
