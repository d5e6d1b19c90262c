"""What does an operator see of the outbox? Which messages there are and how each ended.

Never what a message says, nor whom it is for: only ids, states, reasons and times.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, text

from storage.messages import Rank
from storage.tables import outbox, petitions
from storage.tables.sending import UNSENT
from storage.unit import Unit

ENDED = ("sent", "blocked", "gone", "failed", "skipped")
WAITS = text("outbox.state = 'waiting'")  # as the indexes have it


@dataclass(frozen=True, slots=True)
class Message:
    """A row of the outbox without its content."""

    id: int
    state: str
    reason: str | None
    key: str
    number: str | None
    chat_id: int
    rank: Rank
    lasting: bool
    due_at: datetime
    settled_at: datetime | None
    held: bool
    attempts: int
    progress: int
    again: bool
    message_id: int | None


def find(
    unit: Unit,
    states: Sequence[str],
    number: str | None = None,
    since: datetime | None = None,
    limit: int = 50,
) -> list[Message]:
    """Messages in one of these states (any when empty), of one petition or settled since then.

    What waits comes in the order of its time, what has ended the newest first. Raises
    `LookupError` when no petition has the number.
    """
    query = _all(unit)
    if number is not None:
        query = query.where(outbox.c.petition_id == _petition(unit, number))
    if since is not None:
        query = query.where(outbox.c.settled_at >= since)
    found: list[Message] = []
    for state in states or ("waiting", "deferred", *ENDED):
        rows = unit.run(query.where(*_in(unit, state)).order_by(*_order(state)).limit(limit))
        found += [_message(unit, row) for row in rows]
    return found[:limit] if states else sorted(found, key=lambda m: m.id)[-limit:]


def one(unit: Unit, row_id: int) -> Message | None:
    """The message of this id."""
    row = unit.run(_all(unit).where(outbox.c.id == row_id)).first()
    return _message(unit, row) if row else None


def ids(unit: Unit, state: str, since: datetime, after: int, limit: int) -> list[int]:
    """A page of the messages that ended so since then, those of a higher id than `after`."""
    past = (*_in(unit, state), outbox.c.settled_at >= since, outbox.c.id > after)
    query = select(outbox.c.id).where(outbox.c.bot_id == unit.bot_id, *past)
    return list(unit.run(query.order_by(outbox.c.id).limit(limit)).scalars())


def counts(unit: Unit) -> list[tuple[str, str | None, int]]:
    """State, reason, how many: of all that waits and all that ended without having been sent.

    What was sent is not counted: that would read everything that ever was.
    """
    found = []
    for wanted in ("waiting", "deferred", ""):
        which = _in(unit, wanted) if wanted else (text(f"outbox.{UNSENT}"),)
        by = (outbox.c.state, outbox.c.reason)
        query = select(*by, func.count(outbox.c.id)).where(outbox.c.bot_id == unit.bot_id, *which)
        rows = unit.run(query.group_by(*by).order_by(*by))
        found += [(wanted or row[0], row[1], row[2]) for row in rows]
    return found


def _all(unit: Unit) -> Select[Any]:
    return (
        select(outbox, petitions.c.number)
        .outerjoin(petitions, petitions.c.id == outbox.c.petition_id)
        .where(outbox.c.bot_id == unit.bot_id)
    )


def _petition(unit: Unit, number: str) -> str:
    this = (petitions.c.number == number, petitions.c.bot_id == unit.bot_id)
    found = unit.run(select(petitions.c.id).where(*this)).scalar()
    if found is None:
        raise LookupError("no petition has this number")
    return str(found)


def _in(unit: Unit, state: str) -> tuple[ColumnElement[bool] | Any, ...]:
    """The condition, in the words of the index that answers it."""
    match state:
        case "waiting":
            return (WAITS, outbox.c.due_at <= unit.now)
        case "deferred":
            return (WAITS, outbox.c.due_at > unit.now)
        case "unknown":
            return (WAITS, outbox.c.unknown > 0)
        case "sent":
            return (outbox.c.state == state,)
    return (text(f"outbox.{UNSENT}"), outbox.c.state == state)


def _order(state: str) -> tuple[ColumnElement[Any], ...]:
    if state in ("waiting", "deferred", "unknown"):
        return (outbox.c.due_at, outbox.c.id)
    # By id, what was sent is found at the end of the table itself.
    newest = outbox.c.id if state == "sent" else outbox.c.settled_at
    return (newest.desc(), outbox.c.id.desc())


def _message(unit: Unit, row: Any) -> Message:
    later = row.state == "waiting" and row.due_at > unit.now
    return Message(
        id=row.id,
        state="deferred" if later else row.state,
        reason=row.reason,
        key=row.key,
        number=row.number,
        chat_id=row.chat_id,
        rank=Rank(row.rank),
        lasting=row.lasting,
        due_at=row.due_at,
        settled_at=row.settled_at,
        held=row.state == "waiting" and row.hold_until > unit.real_time(),
        attempts=row.attempts,
        progress=row.progress,
        again=bool(row.payload),
        message_id=row.message_id,
    )
