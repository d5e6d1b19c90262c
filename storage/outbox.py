"""What waits to be sent, and what became of what was sent?

Who sends it, and how what a dead process held is taken up again, says `storage.claiming`.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, insert, or_, select, update

from storage import rows
from storage.messages import Parcel, Rank
from storage.prepared import Prepared
from storage.rows import LONGEST_HOLD, Row
from storage.tables import outbox
from storage.tables.sending import WAITING
from storage.unit import Unit
from storage.vault import Erased

CROWD = 10
"""Where so many answers wait in a chat, one takes the place of the unsent ones of its kind."""
_PUT = Prepared(insert(outbox).returning(outbox.c.id))
_HOLDERS = Prepared(
    select(outbox.c.owner)
    .where(
        outbox.c.chat_id == bindparam("chat"),
        outbox.c.bot_id == bindparam("bot"),
        outbox.c.state == WAITING,
        outbox.c.rank == Rank.ANSWER,
    )
    .limit(CROWD)
)
_OLDER = Prepared(
    update(outbox)
    .where(
        outbox.c.slot == bindparam("same"),
        outbox.c.bot_id == bindparam("bot"),
        outbox.c.state == WAITING,
        outbox.c.begun.is_(False),  # one being sent is let finish
    )
    .values(state="skipped", reason="newer", payload=b"", settled_at=bindparam("now"))
)
_ENDED: dict[str, Any] = {"owner": None, "begun": False, "settled_at": bindparam("now")}
_ENDED |= {name: bindparam(f"new_{name}") for name in ("state", "shown", "message_id", "reason")}
_ENDING = update(outbox).where(outbox.c.id == bindparam("this")).values(_ENDED)
_KEEPING = Prepared(_ENDING)
_SETTLE = Prepared(_ENDING.values(payload=b""))
AGAIN = ("blocked", "gone", "failed")
"""How what may be sent again ended."""


def put(unit: Unit, parcels: Iterable[Parcel]) -> list[Row]:
    """Store what is to be sent; the urgent ones come back leased to this process.

    Not so where an earlier answer in that chat is not this process's: they go in their order; nor
    where `CROWD` of them wait. Then what is said again is said once, at its newest: who writes
    5,000 times is not answered for an hour. A parcel with a slot replaces an unsent older one of
    that slot.
    """
    parcels = list(parcels)
    holders = {p.chat_id: _holders(unit, p.chat_id) for p in parcels if p.urgent}
    crowds = {chat_id for chat_id, owners in holders.items() if len(owners) >= CROWD}
    for chat_id, key in {(p.chat_id, p.key) for p in parcels if p.chat_id in crowds and _passes(p)}:
        _say_once(unit, chat_id, key)
    leased = []
    for parcel in parcels:
        if parcel.slot:
            _supersede(unit, parcel.slot)
        at_once = parcel.urgent and set(holders[parcel.chat_id]) <= {unit.process}
        at_once = at_once and parcel.chat_id not in crowds
        put_as = unit.run(_PUT, rows.write(unit, parcel, lease=at_once)).scalar()
        if at_once:
            leased.append(Row(put_as, parcel, 1, 0))
    return leased


def _holders(unit: Unit, chat_id: int) -> list[str | None]:
    """Who has in hand the answers that wait in this chat, up to a crowd of them."""
    return list(unit.run(_HOLDERS, {"chat": chat_id, "bot": unit.bot_id}).scalars())


def _passes(parcel: Parcel) -> bool:
    """An answer that says how things stand: a later one of its kind says all that it says."""
    post = parcel.post
    if post is None or post.file or post.paper or post.copy_of:
        return False
    return parcel.urgent and parcel.petition_id is None and not parcel.receipt


def _say_once(unit: Unit, chat_id: int, key: str) -> None:
    """Call off the unsent answers of this kind that this process did not begin."""
    unit.run(
        update(outbox)
        .where(
            outbox.c.chat_id == chat_id,
            outbox.c.bot_id == unit.bot_id,
            outbox.c.state == WAITING,
            outbox.c.rank == Rank.ANSWER,
            outbox.c.key == key,
            outbox.c.petition_id.is_(None),
            outbox.c.begun.is_(False),
        )
        .values(state="skipped", reason="newer", payload=b"", settled_at=unit.now)
    )


def _supersede(unit: Unit, slot: str) -> None:
    unit.run(_OLDER, {"same": slot, "bot": unit.bot_id, "now": unit.now})


def settle(
    unit: Unit,
    row: Row,
    state: str,
    *,
    shown: str | None = None,
    message_id: int | None = None,
    reason: str | None = None,
) -> bool:
    """Write down how it ended: sent, skipped, blocked, gone or failed; False when it was erased.

    A notice keeps its text as sent, and what it was made of only when it has not arrived: it may
    be sent again. An answer to a tap has done its work and keeps nothing.
    """
    try:
        sealed = unit.seal(shown.encode(), row.parcel.key_id) if shown else None
    except Erased:
        sealed = None  # its petition was erased while it was sent
    again = state in AGAIN or (row.parcel.lasting and state != "sent")
    ended: dict[str, Any] = {"new_state": state, "new_shown": sealed, "new_message_id": message_id}
    ended |= {"new_reason": reason, "now": unit.now, "this": row.id}
    done = unit.run(_KEEPING if row.parcel.notice and again else _SETTLE, ended)
    return bool(done.rowcount)


def _ours(unit: Unit, row: Row) -> tuple[ColumnElement[bool], ...]:
    """It was not called off since, and no other process has taken it over."""
    return (outbox.c.id == row.id, outbox.c.state == WAITING, outbox.c.owner == unit.process)


def advance(unit: Unit, row: Row, parts: int) -> None:
    """Write down that so many parts of a long message are through."""
    unit.run(update(outbox).where(*_ours(unit, row)).values(progress=parts))


def retry(unit: Unit, row: Row, seconds: float, reason: str, *, unknown: bool = False) -> None:
    """Try again after so many seconds of real time.

    `unknown`: it may have arrived, and nobody can tell; so it is counted.
    """
    unit.run(
        update(outbox)
        .where(*_ours(unit, row))
        .values(
            hold_until=unit.real_time() + min(seconds, LONGEST_HOLD),
            reason=reason,
            owner=None,
            begun=False,
            unknown=outbox.c.unknown + int(unknown),
        )
    )


def defer(unit: Unit, row: Row, until: datetime) -> None:
    """Let a notice wait, for the morning."""
    unit.run(
        update(outbox)
        .where(outbox.c.id == row.id)
        .values(
            due_at=until,
            hold_until=0.0,
            owner=None,
            begun=False,
            attempts=0,
            reason="quiet hours",
        )
    )


def was_sent(unit: Unit, petition_id: str, key: str, since: datetime) -> bool:
    """Whether a notice of this kind about the petition went out since then."""
    found = unit.run(
        select(outbox.c.id)
        .where(
            outbox.c.bot_id == unit.bot_id,
            outbox.c.petition_id == petition_id,
            outbox.c.key == key,
            # What failed after some of its parts had gone was read all the same.
            or_(outbox.c.state == "sent", outbox.c.progress > 0),
            outbox.c.settled_at >= since,
        )
        .limit(1)
    ).first()
    return found is not None


def move_chat(unit: Unit, old: int, new: int) -> None:
    """A group became a supergroup: what waits for it goes to its new id."""
    unit.run(
        update(outbox)
        .where(
            outbox.c.bot_id == unit.bot_id,
            outbox.c.chat_id == old,
            outbox.c.state == WAITING,
        )
        .values(chat_id=new)
    )
