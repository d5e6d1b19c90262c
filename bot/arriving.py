"""What comes in as an update: its number, the chat whose turn it takes, and what is kept of it."""

import json
from typing import Any

from pydantic_core import from_json

from storage.inbox import Arrival


def read(body: bytes) -> Arrival | None:
    """The update in a request's body; None when it is none."""
    try:
        return _of(from_json(body), body)
    except ValueError:  # no JSON, or such as only Python's own reader takes
        return _read_slowly(body)


def _read_slowly(body: bytes) -> Arrival | None:
    """In other letters, or with half a character: it is kept as it is written out again."""
    try:
        return _of(json.loads(body), None)
    except (ValueError, RecursionError):  # nested so deep that it can be read and not written
        return None


def _of(update: Any, body: bytes | None) -> Arrival | None:
    number = update.get("update_id") if isinstance(update, dict) else None
    if type(number) is not int or not 0 <= number < 2**63:
        return None
    # As it came, where that is plain: to write it out again takes as long as to store it.
    return arrival(update, body)


def arrival(update: dict[str, Any], body: bytes | None = None) -> Arrival:
    """The update, with its JSON where that is known."""
    if body is None:
        # ASCII: half a surrogate pair, which a messenger may deliver, has no UTF-8 form.
        body = json.dumps(update, separators=(",", ":")).encode()
    return Arrival(int(update["update_id"]), _chat_of(update), body)


def _chat_of(update: dict[str, Any]) -> int:
    for part in update.values():
        if not isinstance(part, dict):
            continue
        inner = part.get("message") if "data" in part else part
        for holder, name in ((inner, "chat"), (part, "chat"), (part, "from")):
            found = holder.get(name) if isinstance(holder, dict) else None
            number = found.get("id") if isinstance(found, dict) else None
            if isinstance(number, int) and abs(number) < 2**63:
                return number
    return 0
