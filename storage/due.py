"""What falls due, and when? Rows with a time; the scheduler only asks which have come.

A duty is claimed with a lease before it is done, and marked done in the unit that does it: only
where the lease is still this one's. So several processes do each duty once, and what a process
that died had in hand comes again (`storage.leases`).
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, insert, or_, select, text, update

from petitions.clocks import AHEAD
from storage.prepared import Prepared
from storage.tables import due
from storage.unit import Unit

_OPEN = (
    due.c.bot_id == bindparam("bot"),
    due.c.subject == bindparam("about"),
    due.c.kind == bindparam("this"),
    due.c.done_at.is_(None),
)
_PLAN = Prepared(insert(due))
_PLANNED = Prepared(select(func.min(due.c.due_at)).where(*_OPEN))
_DROP = Prepared(update(due).where(*_OPEN).values(done_at=bindparam("now")))
LEASE_SECONDS = 60.0
LONG_LEASE = 3600.0
FIRST_PAUSE = 60.0
LONGEST_PAUSE = 86_400.0
FAILING = 10
"""After so many tries in vain somebody has to look; it is tried once a day all the same."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do at its time: what kind, about which petition or draft.

    `attempts` counts this try too; `lease` is what `done` knows the claim by.
    """

    id: int
    kind: str
    subject: str
    due_at: datetime
    attempts: int = 0
    lease: float = 0.0


class NotOurs(Exception):
    """The lease ran out meanwhile and another process has the duty; nothing of this is kept."""


def plan(unit: Unit, kind: str, subject: str, at: datetime) -> None:
    """Have this done at `at`; an earlier plan of the same kind and subject is replaced."""
    drop(unit, kind, subject)
    unit.run(_PLAN, _row(unit, kind, subject, at))


def ensure(unit: Unit, kind: str, subject: str, at: datetime) -> None:
    """Have this done by `at`; an earlier plan of the same kind and subject stands."""
    planned = planned_at(unit, kind, subject)
    if planned is None or planned > at:
        plan(unit, kind, subject, at)


def replan(unit: Unit, kind: str, subject: str, at: datetime | None) -> None:
    """Have this done at `at`, or not at all, as things stand now.

    What has come already and was not done yet stands: the duty asks itself what is still true,
    and plans on. Else whoever is answered first after a day down would take it out of the row.
    """
    planned = planned_at(unit, kind, subject)
    if planned is not None and planned <= unit.now:
        return
    if at is None:
        drop(unit, kind, subject)
    elif at != planned:
        plan(unit, kind, subject, at)


def planned_at(unit: Unit, kind: str, subject: str) -> datetime | None:
    """When this is to be done; None when it is not planned."""
    at: datetime | None = unit.run(_PLANNED, _open(unit, kind, subject)).scalar()
    return at


def drop(unit: Unit, kind: str, subject: str) -> None:
    """What was planned is not to be done any more."""
    unit.run(_DROP, {**_open(unit, kind, subject), "now": unit.now})


def come(unit: Unit, limit: int = 100) -> list[Duty]:
    """The duties whose time has come, soonest first."""
    found = unit.run(claimable(unit, limit, unit.real_time())).all()
    return [Duty(row.id, row.kind, row.subject, row.due_at) for row in found]


def claim(unit: Unit, limit: int = 100, long: Collection[str] = ()) -> list[Duty]:
    """Take the duties whose time has come, soonest first, so that no other process does.

    Those of the `long` kinds are held for an hour, the others for a minute.

    Tries are counted here, outside the unit that does the duty: one that ends the process every
    time is not tried again at once either.
    """
    real = unit.real_time()
    found = unit.run(claimable(unit, limit, real).with_for_update(skip_locked=True)).all()
    alike: defaultdict[tuple[int, bool], list[Any]] = defaultdict(list)
    for row in found:
        alike[row.attempts, row.kind in long].append(row)
    claimed = []
    for (before, takes_long), rows in alike.items():
        lease = real + max(LONG_LEASE if takes_long else LEASE_SECONDS, pause(before))
        unit.run(
            update(due)
            .where(due.c.id.in_([row.id for row in rows]))
            .values(attempts=before + 1, hold_until=lease, owner=unit.process)
        )
        claimed += [Duty(r.id, r.kind, r.subject, r.due_at, before + 1, lease) for r in rows]
    return sorted(claimed, key=lambda duty: (duty.due_at, duty.id))


def is_open(unit: Unit, duty: Duty) -> bool:
    """Whether it is still to be done; it may have been dropped since it was claimed."""
    still = (due.c.id == duty.id, due.c.done_at.is_(None))
    return unit.run(select(due.c.id).where(*still)).first() is not None


def done(unit: Unit, duty: Duty) -> None:
    """Mark the duty done. Raises `NotOurs`, which undoes the unit it was done in."""
    ours = (due.c.id == duty.id, due.c.hold_until == duty.lease)
    if not unit.run(update(due).where(*ours).values(done_at=unit.now)).rowcount:
        raise NotOurs


def put_off(unit: Unit, duty: Duty) -> None:
    """A duty that failed is tried again, in real time, after a pause that grows to a day."""
    ours = (due.c.id == duty.id, due.c.hold_until == duty.lease)
    hold = unit.real_time() + pause(duty.attempts)
    unit.run(update(due).where(*ours).values(hold_until=hold, owner=None))


def pause(attempts: int) -> float:
    """Seconds until the next try after so many in vain: a minute, doubling, at most a day."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempts - 1, 20)) if attempts else 0.0


def failing(unit: Unit) -> int:
    """How many duties were tried `FAILING` times or more, in vain."""
    tried = (due.c.bot_id == unit.bot_id, due.c.done_at.is_(None), due.c.attempts >= FAILING)
    indexed = text("attempts > 0")  # as the index has it
    return int(unit.run(select(func.count()).select_from(due).where(indexed, *tried)).scalar())


def note(unit: Unit, kind: str, subject: str, mark: str, at: datetime) -> None:
    """Write down that what `mark` names, which was to be done at `at`, has been done."""
    row = _row(unit, kind, subject, at)
    unit.run(insert(due).values({**row, "mark": mark, "done_at": unit.now}))


def noted(unit: Unit, kind: str, subject: str, mark: str, at: datetime) -> bool:
    """Whether this was done before; by a clock that ran ahead does not count (see `AHEAD`)."""
    this = (due.c.bot_id == unit.bot_id, due.c.subject == subject, due.c.kind == kind)
    same = (due.c.mark == mark, due.c.due_at == at, due.c.done_at <= max(at, unit.now) + AHEAD)
    return unit.run(select(due.c.id).where(*this, *same).limit(1)).first() is not None


def done_since(unit: Unit, kind: str, subject: str, since: datetime) -> datetime | None:
    """When this was last done, at `since` or later."""
    this = (due.c.bot_id == unit.bot_id, due.c.subject == subject, due.c.kind == kind)
    known = due.c.done_at.between(since, unit.now + AHEAD)
    found = select(func.max(due.c.done_at)).where(*this, known)
    at: datetime | None = unit.run(found).scalar()
    return at


def _row(unit: Unit, kind: str, subject: str, at: datetime) -> dict[str, Any]:
    return {
        "bot_id": unit.bot_id,
        "kind": kind,
        "subject": subject,
        "due_at": at,
        "attempts": 0,
        "hold_until": 0.0,
    }


def _open(unit: Unit, kind: str, subject: str) -> dict[str, Any]:
    return {"bot": unit.bot_id, "about": subject, "this": kind}


def claimable(unit: Unit, limit: int, real: float) -> Select[Any]:
    """The rows whose time has come and that nobody holds at this real time, soonest first."""
    # No lease is longer: one that seems so was given before real time was set back.
    free = or_(due.c.hold_until <= real, due.c.hold_until > real + LONGEST_PAUSE)
    return (
        select(due)
        .where(due.c.bot_id == unit.bot_id, due.c.done_at.is_(None), due.c.due_at <= unit.now, free)
        .order_by(due.c.due_at)
        .limit(limit)
    )
