"""Is this planned, or was it told before? Asked of one subject, found by its index."""

from datetime import datetime

from sqlalchemy import insert, select

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


def note(unit: Unit, kind: str, subject: str, until: datetime) -> None:
    """Write down that this was told, to be known until then.

    A row of its own: what is done may have been passed over, and then it can still be told when a
    clock that ran ahead comes back.
    """
    row = {"bot_id": unit.bot_id, "kind": kind, "subject": subject}
    unit.run(insert(due).values(**row, due_at=until, done_at=until))


def hold(unit: Unit, kind: str, subject: str) -> None:
    """Let no other process tell this before the unit ends: each of them may have planned it."""
    rows = select(due.c.id).where(
        due.c.bot_id == unit.bot_id, due.c.subject == subject, due.c.kind == kind
    )
    unit.run(rows.order_by(due.c.id).with_for_update()).all()


def was_noted(unit: Unit, kind: str, subject: str) -> bool:
    """Whether this was told."""
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
