"""Which updates have arrived, and which of them are done?

An update is stored once under (bot, update id), acknowledged, and handled from here; its
done mark is written by the same unit as its effects. Of a chat, the first that is not done is the
only one that may be handled, whichever process has it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

import structlog
from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)

from storage.prepared import Prepared
from storage.tables import inbox
from storage.tables.talk import NEW
from storage.unit import Unit
from storage.upserting import inserting
from storage.vault import WrongKey

log = structlog.get_logger(__name__)

_NEW = inbox.c.state == NEW
_THIS = (inbox.c.bot_id == bindparam("bot"), inbox.c.update_id == bindparam("this"))
_LAST = Prepared(select(func.max(inbox.c.arrival)).where(_NEW))
_FIRST_OF_CHAT = Prepared(
    select(inbox.c.update_id)
    .where(inbox.c.chat_id == bindparam("chat"), inbox.c.bot_id == bindparam("bot"), _NEW)
    .order_by(inbox.c.arrival, inbox.c.update_id)
    .limit(1)
    .with_for_update()
)
_STATE = Prepared(select(inbox.c.state).where(*_THIS))
_EARLIER = inbox.alias()
_ENDING = update(inbox).values(state="done", payload=None, done_at=bindparam("now")).where(*_THIS)
_DONE = Prepared(_ENDING)
_TAKE = Prepared(
    _ENDING.where(
        _NEW,
        ~exists().where(
            _EARLIER.c.chat_id == inbox.c.chat_id,
            _EARLIER.c.bot_id == inbox.c.bot_id,
            _EARLIER.c.state == NEW,
            tuple_(_EARLIER.c.arrival, _EARLIER.c.update_id)
            < tuple_(inbox.c.arrival, inbox.c.update_id),
        ),
    )
)
UNREADABLE_SECONDS = 3600.0
"""So long a process with other keys is waited for, as while they are changed one after another."""
LOST_SECONDS = 10.0
"""What this process stored so long ago and never took in hand: its commit seemed to have failed."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An update as it came: its id, whose turn it takes, its JSON; once stored, its place.

    A `suspect` may have been in hand when a process died; `attempts` counts the try that comes.
    """

    update_id: int
    chat_id: int
    body: bytes
    attempts: int = 1
    place: int = 0
    suspect: bool = False

    def __lt__(self, other: "Arrival") -> bool:
        return (self.place, self.update_id) < (other.place, other.update_id)


class NotYet(Exception):
    """Another process has an earlier update of this chat; nothing of this unit is kept."""


def store(unit: Unit, arrivals: Sequence[Arrival]) -> list[Arrival]:
    """Keep these updates; returns the ones not seen before, in order, each with its place."""
    once = list({a.update_id: a for a in arrivals}.values())
    if not once:
        return []
    last = unit.run(_LAST).scalar()
    first = max(last or 0, int(unit.real_time() * 1_000_000)) + 1
    placed = [replace(arrival, place=first + i) for i, arrival in enumerate(once)]
    # In one order, so that two processes that are given the same do not wait for each other.
    rows = [_row(unit, arrival) for arrival in sorted(placed, key=lambda a: a.update_id)]
    # One that another process stores at this moment is waited for, and is not seen as new here.
    fresh = set(unit.run(_unless_known(unit.connection.dialect.name), rows).scalars())
    if len(fresh) < len(once):
        unit.insist()  # what is known may not have reached the standby, and is acknowledged now
    return [arrival for arrival in placed if arrival.update_id in fresh]


@cache
def _unless_known(dialect: str) -> Any:
    return inserting(dialect, inbox).on_conflict_do_nothing().returning(inbox.c.update_id)


def _row(unit: Unit, arrival: Arrival) -> dict[str, object]:
    return {
        "bot_id": unit.bot_id,
        "update_id": arrival.update_id,
        "chat_id": arrival.chat_id,
        "arrival": arrival.place,
        "received_at": unit.now,
        "state": "new",
        "attempts": 1,
        "owner": unit.process,
        "payload": unit.seal(arrival.body),
    }


def take(unit: Unit, arrival: Arrival) -> bool:
    """Mark this update handled, in the unit that handles it; False when it is so already.

    Raises `NotYet`.
    """
    this = {"bot": unit.bot_id, "this": arrival.update_id, "now": unit.now}
    if unit.run(_TAKE, this).rowcount:
        return True
    if not is_next(unit, arrival):  # which waits for who has an earlier one in hand
        return False
    done(unit, arrival.update_id)
    return True


def is_next(unit: Unit, arrival: Arrival) -> bool:
    """Whether it is this update's turn; False when it is done. Raises `NotYet`."""
    chat = {"bot": unit.bot_id, "chat": arrival.chat_id}
    # Who has the first of them in hand is waited for here; it is done then, and no row is found.
    if unit.run(_FIRST_OF_CHAT, chat).scalar() == arrival.update_id:
        return True
    state = unit.run(_STATE, {"bot": unit.bot_id, "this": arrival.update_id}).scalar()
    if state == "new":
        raise NotYet
    return False


def done(unit: Unit, update_id: int) -> None:
    """Mark the update handled and forget what it said."""
    unit.run(_DONE, {"bot": unit.bot_id, "this": update_id, "now": unit.now})


def begin(unit: Unit, arrival: Arrival) -> None:
    """Count the try of a suspect before it is made, as it may be the last thing this process does.

    Raises `NotYet`.
    """
    if is_next(unit, arrival):
        count_attempt(unit, arrival.update_id)


def count_attempt(unit: Unit, update_id: int) -> None:
    """One more try; counted outside the unit that tries."""
    unit.run(update(inbox).where(*_this(unit, update_id)).values(attempts=inbox.c.attempts + 1))


def set_aside(unit: Unit, update_id: int, error: str) -> bool:
    """Give up on a poison update, keeping it with its error for the operator.

    False when it was done, or set aside, already.
    """
    gone = unit.run(
        update(inbox)
        .where(*_this(unit, update_id), inbox.c.state == "new")
        .values(state="set_aside", error=unit.seal(error.encode()), done_at=unit.now)
    )
    return bool(gone.rowcount)


def left(
    unit: Unit,
    gone: Collection[str],
    known: Collection[int],
    places: Collection[int] = (),
    limit: int = 1000,
) -> list[Arrival]:
    """Take over what nobody will handle, in order: what was let go, what dead processes had, and
    what this one lost.

    `known` are those that this process has in hand, `places` theirs. The oldest of each chat that
    a dead process had is suspect: no other can have been in hand.
    """
    lost = (unit.real_time() - LOST_SECONDS) * 1_000_000
    theirs = or_(inbox.c.owner.is_(None), inbox.c.owner.in_(gone))
    ours = and_(inbox.c.owner == unit.process, inbox.c.arrival < lost)
    # Counted first: of a flood there are thousands, and nearly always all of them are in hand.
    all_ours = unit.run(select(func.count(inbox.c.arrival)).where(*_new(unit), ours)).scalar() or 0
    in_hand = sum(place < lost for place in places)  # what came since hides nothing older
    found = unit.run(
        select(inbox.c.update_id, inbox.c.owner)
        .where(*_new(unit), or_(theirs, ours) if all_ours > in_hand else theirs)
        .order_by(inbox.c.arrival, inbox.c.update_id)
    )
    ids = [row.update_id for row in found if row.update_id not in known][:limit]
    if not ids:
        return []
    rows = unit.run(
        select(inbox)
        .where(inbox.c.bot_id == unit.bot_id, inbox.c.update_id.in_(ids), _NEW)
        .order_by(inbox.c.arrival, inbox.c.update_id)
        .with_for_update(skip_locked=True)  # another heir was quicker
    ).all()
    bodies = {row.update_id: body for row in rows if (body := _opened(unit, row)) is not None}
    suspects = _first_of_each_chat(unit, [row for row in rows if row.owner in gone])
    these = and_(inbox.c.bot_id == unit.bot_id, inbox.c.update_id.in_(bodies))
    unit.run(update(inbox).where(these).values(owner=unit.process))
    return [
        Arrival(
            row.update_id,
            row.chat_id,
            bodies[row.update_id],
            row.attempts + (row.update_id in suspects),
            row.arrival,
            row.update_id in suspects,
        )
        for row in rows
        if row.update_id in bodies
    ]


def _opened(unit: Unit, row: Any) -> bytes | None:
    """What the update says; None where no key of this process opens it, and it is left to another.

    When nobody has for an hour, it says nothing that can be read, and goes the way of such.
    """
    try:
        return unit.open(row.payload)
    except WrongKey:
        log.error("inbox.cannot_be_opened", update=row.update_id)
        old = row.arrival < (unit.real_time() - UNREADABLE_SECONDS) * 1_000_000
        return b"" if old else None


def let_go(unit: Unit) -> None:
    """Leave to others what waits for this process, which ends."""
    ours = inbox.c.owner == unit.process
    unit.run(update(inbox).where(*_new(unit), ours).values(owner=None))


def _first_of_each_chat(unit: Unit, rows: Sequence[Any]) -> set[int]:
    """Those of them before which nothing of their chat waits."""
    first: dict[int, int] = {}
    for row in rows:
        first.setdefault(row.chat_id, row.update_id)
    chats = select(inbox.c.chat_id, func.min(inbox.c.arrival).label("arrival"))
    heads = chats.where(*_new(unit), inbox.c.chat_id.in_(first)).group_by(inbox.c.chat_id)
    oldest = {row.chat_id: row.arrival for row in unit.run(heads)}
    return {row.update_id for row in rows if oldest.get(row.chat_id) == row.arrival}


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


def _new(unit: Unit) -> tuple[ColumnElement[bool], ...]:
    return (inbox.c.bot_id == unit.bot_id, _NEW)


def _this(unit: Unit, update_id: int) -> tuple[ColumnElement[bool], ...]:
    return (inbox.c.bot_id == unit.bot_id, inbox.c.update_id == update_id)
