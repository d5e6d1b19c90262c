"""How do messages of the outbox read in a terminal, and for another program?"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from petitions import numbers
from storage.outlook import Message

Line = Mapping[str, object]
LONG = frozenset({"priority", "required", "in_hand", "parts_sent", "can_return", "message"})
"""What a list in a terminal has no room for; `show` and `--json` have all."""


def line(message: Message, zone: ZoneInfo, *, chats: bool) -> Line:
    """What is told of a message: nothing of what it says, the chat only where it is asked for."""
    told: dict[str, object] = {
        "id": message.id,
        "state": message.state,
        "reason": message.reason,
        "notice": message.key,
        "petition": numbers.show(message.number) if message.number else None,
        "due": _at(message.due_at, zone),
        "settled": _at(message.settled_at, zone),
        "tries": message.attempts,
        "priority": message.rank.name.lower(),
        "required": message.lasting,
        "in_hand": message.held,
        "parts_sent": message.progress,
        "can_return": message.again and message.state != "sent",
    }
    where: dict[str, object] = {"chat": message.chat_id, "message": message.message_id}
    return told | (where if chats else {})


def as_json(lines: Sequence[Line]) -> str:
    """One object a line."""
    return "\n".join(json.dumps(dict(each), ensure_ascii=False) for each in lines)


def as_table(lines: Sequence[Line]) -> str:
    """A head and a line for each, in columns."""
    names = [name for name in lines[0] if name not in LONG]
    cells = [names, *([_cell(each[name]) for name in names] for each in lines)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(names))]
    padded = ([c.ljust(w) for c, w in zip(row, widths, strict=True)] for row in cells)
    return "\n".join("  ".join(row).rstrip() for row in padded)


def as_list(told: Line) -> str:
    """Name and value, one a line."""
    return "\n".join(f"{name.replace('_', ' ')}: {_cell(value)}" for name, value in told.items())


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and "T" in value and value[:4].isdecimal():
        return value[:16].replace("T", " ")
    return "-" if value is None else str(value)


def _at(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return moment.astimezone(zone).isoformat(timespec="seconds") if moment else None
