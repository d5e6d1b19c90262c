"""Which bytes stand for a row? Its values as they are stored, so that any change of them shows.

Digests are taken of these bytes, for ever: a number is not its text, a text not its bytes, and
a moment is its microseconds, as in its column.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, type_coerce
from sqlalchemy.types import NULLTYPE

from storage.columns import microseconds


def stored(value: Any) -> Any:
    """The value as its column holds it."""
    match value:
        case datetime():
            return microseconds(value)
        case Enum():
            return value.value
        case bool():
            return int(value)
    return value


def as_stored(columns: Iterable[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    """The columns to be selected as they are held, of whatever type an intruder made them."""
    return [type_coerce(column, NULLTYPE).label(column.key) for column in columns]


def canonical(value: Any) -> bytes:
    """The one form of a value made of stored values, lists and mappings."""
    told = json.dumps(value, sort_keys=True, separators=(",", ":"), default=_blob)
    return told.encode()


def _blob(value: Any) -> Any:
    return {"bytes": bytes(value).hex()}
