"""What waits to be sent, and what became of what was sent?

A row is claimed with a lease before it is sent, so a crash in between is known as "outcome
unknown" and the row is sent again; nothing is lost, and what may be double is counted.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import exists, insert, or_, select, update

from storage import rows
from storage.messages import Parcel
from storage.rows import LEASE_SECONDS, Row
from storage.tables import outbox
from storage.unit import Unit
from storage.vault import Erased

AGAIN = ("blocked", "gone", "failed")
"""How what may be sent again ended."""


def put(unit: Unit, parcels: Iterable[Parcel]) -> list[Row]:
    """Store what is to be sent; the urgent ones come back leased to this process.

    A parcel with a slot replaces an unsent older one of that slot.
    """
    leased = []
    for parcel in parcels:
        if parcel.slot:
            _supersede(unit, parcel.slot)
        result = unit.run(insert(outbox).values(rows.write(unit, parcel)))
        if parcel.urgent:
            leased.append(Row(result.inserted_primary_key[0], parcel, 1, 0))
    return leased


def _supersede(unit: Unit, slot: str) -> None:
    unit.run(
        update(outbox)
        .where(
            outbox.c.slot == slot,
            outbox.c.bot_id == unit.bot_id,
            outbox.c.state == "waiting",
            outbox.c.hold_until <= unit.real_time(),  # one being sent is let finish
        )
        .values(state="skipped", reason="newer", payload=b"", settled_at=unit.now)
    )


def claim(unit: Unit, limit: int) -> list[Row]:
    """Lease the due rows, oldest first; a chat's later rows wait for its earlier ones.

    A row whose key was destroyed has nothing to say any more.
    """
    earlier = outbox.alias()
    real = unit.real_time()
    blocked = exists().where(
        earlier.c.chat_id == outbox.c.chat_id,
        earlier.c.bot_id == outbox.c.bot_id,
        earlier.c.state == "waiting",
        earlier.c.id < outbox.c.id,
        or_(earlier.c.due_at <= unit.now, earlier.c.attempts > 0),
    )
    found = unit.run(
        select(outbox)
        .where(
            outbox.c.bot_id == unit.bot_id,
            outbox.c.state == "waiting",
            outbox.c.due_at <= unit.now,
            outbox.c.hold_until <= real,
            ~blocked,
        )
        .order_by(outbox.c.urgent.desc(), outbox.c.due_at, outbox.c.id)
        .limit(limit)
    ).all()
    ids = [row.id for row in found]
    if ids:
        unit.run(
            update(outbox)
            .where(outbox.c.id.in_(ids))
            .values(hold_until=real + LEASE_SECONDS, attempts=outbox.c.attempts + 1)
        )
    return [claimed for row in found if (claimed := _claimed(unit, row))]


def _claimed(unit: Unit, row: Any) -> Row | None:
    try:
        return rows.read(unit, row)
    except Erased:
        skipped = {"state": "skipped", "reason": "erased", "payload": b"", "settled_at": unit.now}
        unit.run(update(outbox).where(outbox.c.id == row.id).values(skipped))
        return None


def is_waiting(unit: Unit, row: Row) -> bool:
    """Whether the row is still to be sent."""
    state = unit.run(select(outbox.c.state).where(outbox.c.id == row.id)).scalar()
    return bool(state == "waiting")


def settle(
    unit: Unit,
    row: Row,
    state: str,
    *,
    shown: str | None = None,
    message_id: int | None = None,
    reason: str | None = None,
) -> None:
    """Write down how it ended: sent, skipped, blocked, gone or failed.

    A notice keeps its text as sent, and what it was made of only when it has not arrived: it may
    be sent again. An answer to a tap has done its work and keeps nothing.
    """
    try:
        sealed = unit.seal(shown.encode(), row.parcel.key_id) if shown else None
    except Erased:
        sealed = None  # its petition was erased while it was sent
    again = state in AGAIN or (row.parcel.lasting and state != "sent")
    kept = {} if row.parcel.notice and again else {"payload": b""}
    unit.run(
        update(outbox)
        .where(outbox.c.id == row.id)
        .values(
            state=state,
            shown=sealed,
            message_id=message_id,
            reason=reason,
            settled_at=unit.now,
            **kept,
        )
    )


def advance(unit: Unit, row: Row, parts: int) -> None:
    """Write down that so many parts of a long message are through."""
    unit.run(update(outbox).where(outbox.c.id == row.id).values(progress=parts))


def retry(unit: Unit, row: Row, seconds: float, reason: str) -> None:
    """Try again after so many seconds of real time."""
    unit.run(
        update(outbox)
        .where(outbox.c.id == row.id, outbox.c.state == "waiting")  # not cancelled since
        .values(hold_until=unit.real_time() + seconds, reason=reason)
    )


def defer(unit: Unit, row: Row, until: datetime) -> None:
    """Let a notice wait, for the morning."""
    unit.run(
        update(outbox)
        .where(outbox.c.id == row.id)
        .values(due_at=until, hold_until=0.0, attempts=0, reason="quiet hours")
    )


def was_sent(unit: Unit, petition_id: str, key: str, since: datetime) -> bool:
    """Whether a notice of this kind about the petition went out since then."""
    found = unit.run(
        select(outbox.c.id)
        .where(
            outbox.c.bot_id == unit.bot_id,
            outbox.c.petition_id == petition_id,
            outbox.c.key == key,
            outbox.c.state == "sent",
            outbox.c.settled_at >= since,
        )
        .limit(1)
    ).first()
    return found is not None


def release(unit: Unit) -> int:
    """Give back every lease: for a start where no other process can be at work."""
    result = unit.run(
        update(outbox)
        .where(outbox.c.bot_id == unit.bot_id, outbox.c.state == "waiting", outbox.c.hold_until > 0)
        .values(hold_until=0.0)
    )
    return int(result.rowcount)


def move_chat(unit: Unit, old: int, new: int) -> None:
    """A group became a supergroup: what waits for it goes to its new id."""
    unit.run(
        update(outbox)
        .where(
            outbox.c.bot_id == unit.bot_id,
            outbox.c.chat_id == old,
            outbox.c.state == "waiting",
        )
        .values(chat_id=new)
    )
