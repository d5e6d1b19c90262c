"""Which notices did not reach their reader, and have they been told so since?

They are the rows of the outbox that ended as `blocked` or `gone`. Once shown to who came back, a
row says when; where that message did not arrive either, it is taken back.
"""

from dataclasses import dataclass
from datetime import datetime

import structlog
from pydantic import ValidationError
from sqlalchemy import ColumnElement, TextClause, func, select, text, update

from storage.messages import Notice, Parcel
from storage.tables import outbox
from storage.unit import Unit
from storage.vault import Erased

log = structlog.get_logger(__name__)

LOST = text("state IN ('blocked', 'gone')")
"""In these words, so that their index is found."""
NEWEST = 200
"""As many are read; of more than that, the oldest are only marked."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A notice that did not arrive, or not whole (`begun`), and when that was found out."""

    notice: Notice
    petition_id: str
    at: datetime
    begun: bool


def take(unit: Unit, chat_id: int) -> list[Missed]:
    """What this person has missed of their petitions, oldest first; it is marked as told."""
    untold = (*_lost(unit, chat_id), outbox.c.told_at.is_(None), outbox.c.petition_id.is_not(None))
    newest_first = select(outbox).where(*untold).order_by(outbox.c.id.desc()).limit(NEWEST)
    rows = unit.run(newest_first.with_for_update()).all()
    if not rows:
        return []
    unit.run(update(outbox).where(*untold, outbox.c.id <= rows[0].id).values(told_at=unit.now))
    found, unread = [], []
    for row in reversed(rows):
        try:
            parcel = Parcel.model_validate_json(unit.open(row.payload, row.key_id))
        except Erased:
            continue  # with its petition everything it could tell of is gone
        except ValidationError:
            unread.append(row.id)
            continue
        if parcel.notice is not None:
            found.append(Missed(parcel.notice, row.petition_id, row.settled_at, row.progress > 0))
    if unread:
        log.error("missed.unreadable", count=len(unread))
        # Of a newer program, which sends them as it does any that waits.
        waits = {"state": "waiting", "hold_until": 0.0, "owner": None, "begun": False}
        waits |= {"told_at": None, "settled_at": None}
        unit.run(update(outbox).where(outbox.c.id.in_(unread)).values(waits))
    return found


def give_back(unit: Unit, chat_id: int) -> None:
    """The message that told of what was missed did not arrive: it is missed still."""
    newest = select(func.max(outbox.c.told_at)).where(*_lost(unit, chat_id)).scalar_subquery()
    unit.run(
        update(outbox).where(*_lost(unit, chat_id), outbox.c.told_at == newest).values(told_at=None)
    )


def look_again(unit: Unit, chat_id: int) -> None:
    """Have what waits for this person's morning looked at now: they changed when that is."""
    unit.run(
        update(outbox)
        .where(
            outbox.c.bot_id == unit.bot_id,
            outbox.c.chat_id == chat_id,
            outbox.c.state == "waiting",
            outbox.c.reason == "quiet hours",
            outbox.c.due_at > unit.now,
        )
        .values(due_at=unit.now)
    )


def _lost(unit: Unit, chat_id: int) -> tuple[ColumnElement[bool] | TextClause, ...]:
    return (
        outbox.c.bot_id == unit.bot_id,
        outbox.c.chat_id == chat_id,
        LOST,
        outbox.c.key.startswith("notice.", autoescape=True),
    )
