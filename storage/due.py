"""What falls due, and when? Rows with a time; the scheduler only asks which have come."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from storage.tables import due
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do at its time: what kind, about which petition or draft."""

    id: int
    kind: str
    subject: str
    due_at: datetime


def plan(unit: Unit, kind: str, subject: str, at: datetime) -> None:
    """Have this done at `at`; an earlier plan of the same kind and subject is replaced."""
    drop(unit, kind, subject)
    unit.run(
        insert(due).values(
            bot_id=unit.bot_id, kind=kind, subject=subject, due_at=at, attempts=0, hold_until=0.0
        )
    )


def drop(unit: Unit, kind: str, subject: str) -> None:
    """What was planned is not to be done any more."""
    unit.run(
        update(due)
        .where(
            due.c.bot_id == unit.bot_id,
            due.c.subject == subject,
            due.c.kind == kind,
            due.c.done_at.is_(None),
        )
        .values(done_at=unit.now)
    )


def come(unit: Unit, limit: int = 100) -> list[Duty]:
    """The duties whose time has come, soonest first."""
    rows = unit.run(
        select(due)
        .where(
            due.c.bot_id == unit.bot_id,
            due.c.done_at.is_(None),
            due.c.due_at <= unit.now,
            due.c.hold_until <= unit.real_time(),
        )
        .order_by(due.c.due_at)
        .limit(limit)
    ).all()
    return [Duty(row.id, row.kind, row.subject, row.due_at) for row in rows]


def take(unit: Unit, duty: Duty) -> bool:
    """Whether the duty is still to be done; nobody else does it before this unit ends.

    One that another process is at is left to it.
    """
    open_ = (due.c.id == duty.id, due.c.done_at.is_(None))
    wanted = select(due.c.id).where(*open_).with_for_update(skip_locked=True)
    return unit.run(wanted).first() is not None


def done(unit: Unit, duty: Duty) -> None:
    """Mark the duty done."""
    unit.run(update(due).where(due.c.id == duty.id).values(done_at=unit.now))


def put_off(unit: Unit, duty: Duty, seconds: float) -> None:
    """A duty that failed is tried again after so many seconds of real time."""
    unit.run(
        update(due)
        .where(due.c.id == duty.id)
        .values(attempts=due.c.attempts + 1, hold_until=unit.real_time() + seconds)
    )
