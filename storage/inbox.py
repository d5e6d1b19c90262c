"""Which updates have arrived, and which of them are done?

An update is stored once under (bot, update id), acknowledged, and handled from here; its
done mark is written by the same unit as its effects.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, tuple_, update

from storage.tables import inbox
from storage.unit import Unit
from storage.upserting import upsert


@dataclass(frozen=True, slots=True)
class Arrival:
    """An update as it came: its id, whose turn it belongs to, and its JSON."""

    update_id: int
    chat_id: int
    body: bytes
    attempts: int = 1


def store(unit: Unit, arrivals: Sequence[Arrival]) -> list[Arrival]:
    """Keep these updates; returns the ones not seen before, in order."""
    once = list({a.update_id: a for a in arrivals}.values())
    if not once:
        return []
    last = unit.run(select(func.max(inbox.c.arrival)).where(inbox.c.state == "new")).scalar()
    first = max(last or 0, int(unit.real_time() * 1_000_000)) + 1
    rows = [_row(unit, arrival, first + i) for i, arrival in enumerate(once)]
    # One that another process stores at this moment is waited for, and is not seen as new here.
    unless_known = upsert(unit, inbox).on_conflict_do_nothing().returning(inbox.c.update_id)
    fresh = set(unit.run(unless_known.values(rows)).scalars())
    return [arrival for arrival in once if arrival.update_id in fresh]


def _row(unit: Unit, arrival: Arrival, order: int) -> dict[str, object]:
    return {
        "bot_id": unit.bot_id,
        "update_id": arrival.update_id,
        "chat_id": arrival.chat_id,
        "arrival": order,
        "received_at": unit.now,
        "state": "new",
        "attempts": 1,
        "payload": unit.seal(arrival.body),
    }


def is_new(unit: Unit, update_id: int) -> bool:
    """Whether the update still waits to be handled."""
    wanted = select(inbox.c.state).where(*_this(unit, update_id))
    # Two processes may have it in hand: the second waits here for the first to be through.
    state = unit.run(wanted.with_for_update() if unit.writes else wanted).scalar()
    return bool(state == "new")


def done(unit: Unit, update_id: int) -> None:
    """Mark the update handled and forget what it said."""
    unit.run(
        update(inbox)
        .where(*_this(unit, update_id))
        .values(state="done", payload=None, done_at=unit.now)
    )


def count_attempt(unit: Unit, update_id: int) -> None:
    """One more try; counted outside the unit that tries."""
    unit.run(update(inbox).where(*_this(unit, update_id)).values(attempts=inbox.c.attempts + 1))


def set_aside(unit: Unit, update_id: int, error: str) -> None:
    """Give up on a poison update, keeping it with its error for the operator."""
    unit.run(
        update(inbox)
        .where(*_this(unit, update_id), inbox.c.state == "new")
        .values(state="set_aside", error=unit.seal(error.encode()), done_at=unit.now)
    )


def waiting(unit: Unit, after: int = 0, limit: int = 1000) -> tuple[list[Arrival], int]:
    """What a dead process left behind, in order of arrival.

    Also where to go on from: the `after` of the next page. The first page counts one more try
    for the oldest of each chat: no other can have been in hand.
    """
    if not after:
        _count_first_of_each_chat(unit)
    rows = unit.run(
        select(inbox)
        .where(inbox.c.bot_id == unit.bot_id, inbox.c.state == "new", inbox.c.arrival > after)
        .order_by(inbox.c.arrival)
        .limit(limit)
    ).all()
    if len(rows) == limit and rows[0].arrival < rows[-1].arrival:
        # Two processes may give the same place; the next page begins with all that have the last.
        rows = [row for row in rows if row.arrival < rows[-1].arrival]
    arrivals = [
        Arrival(row.update_id, row.chat_id, unit.open(row.payload), row.attempts) for row in rows
    ]
    return arrivals, rows[-1].arrival if rows else after


def _count_first_of_each_chat(unit: Unit) -> None:
    new = (inbox.c.bot_id == unit.bot_id, inbox.c.state == "new")
    firsts = select(inbox.c.chat_id, func.min(inbox.c.arrival)).where(*new)
    this = tuple_(inbox.c.chat_id, inbox.c.arrival).in_(firsts.group_by(inbox.c.chat_id))
    unit.run(update(inbox).where(*new, this).values(attempts=inbox.c.attempts + 1))


def prune(unit: Unit, before: datetime, limit: int = 1000) -> int:
    """Delete done rows by age; returns how many went."""
    ids = (
        unit.run(
            select(inbox.c.update_id)
            .where(inbox.c.bot_id == unit.bot_id, inbox.c.state == "done", inbox.c.done_at < before)
            .limit(limit)
        )
        .scalars()
        .all()
    )
    if ids:
        unit.run(delete(inbox).where(inbox.c.bot_id == unit.bot_id, inbox.c.update_id.in_(ids)))
    return len(ids)


def _this(unit: Unit, update_id: int) -> tuple[ColumnElement[bool], ...]:
    return (inbox.c.bot_id == unit.bot_id, inbox.c.update_id == update_id)
