"""Was this planned, or done, before? Asked of one subject, found by its index."""

from datetime import datetime

from sqlalchemy import select

from storage.tables import due
from storage.unit import Unit


def planned_at(unit: Unit, kind: str, subject: str) -> datetime | None:
    """When this is to be done; None when it is not planned."""
    at: datetime | None = unit.run(
        select(due.c.due_at).where(
            due.c.bot_id == unit.bot_id,
            due.c.subject == subject,
            due.c.kind == kind,
            due.c.done_at.is_(None),
        )
    ).scalar()
    return at


def was_done(unit: Unit, kind: str, subject: str) -> bool:
    """Whether a row of this kind and subject is done."""
    found = unit.run(
        select(due.c.id)
        .where(
            due.c.bot_id == unit.bot_id,
            due.c.subject == subject,
            due.c.kind == kind,
            due.c.done_at.is_not(None),
        )
        .limit(1)
    ).first()
    return found is not None
