"""What did a clock that ran ahead leave behind, once it has been put right?

A clock that was set a year ahead does what is due in that year, and plans what comes after. When
it is right again, what was done then is looked at once more at its true time (each duty asks
itself whether it is still true), and what was made to wait for that year does not wait.
"""

from datetime import timedelta

from sqlalchemy import BigInteger, delete, select, type_coerce, update

from petitions.clocks import AHEAD
from storage import due as plans
from storage.tables import due, outbox, throttle
from storage.unit import Unit

LIMIT = 500
LONGEST_WAIT = timedelta(days=2)
"""No message waits longer for a morning."""


def mend(unit: Unit, limit: int = LIMIT) -> bool:
    """Put right so many; says whether there may be more. Costs nothing where nothing is wrong."""
    found = _again(unit, limit)
    unit.run(
        update(outbox)
        .where(
            outbox.c.bot_id == unit.bot_id,
            outbox.c.state == "waiting",
            outbox.c.due_at > unit.now + LONGEST_WAIT,
        )
        .values(due_at=unit.now)
    )
    unit.run(delete(throttle).where(throttle.c.until > unit.now + AHEAD))
    return found == limit


def _again(unit: Unit, limit: int) -> int:
    """Plan anew what was done, or dropped, in days still to come and long after its time.

    What was done in time stays done: then it is today's clock that runs behind.
    """
    late = type_coerce(due.c.done_at, BigInteger) - type_coerce(due.c.due_at, BigInteger)
    ahead = (
        due.c.bot_id == unit.bot_id,
        due.c.done_at > unit.now + AHEAD,
        late > AHEAD // timedelta(microseconds=1),
        due.c.mark.is_(None),
    )
    found = unit.run(
        select(due)
        .where(*ahead)
        .order_by(due.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in found:
        plans.ensure(unit, row.kind, row.subject, row.due_at)
    ids = [row.id for row in found]
    unit.run(update(due).where(due.c.id.in_(ids)).values(done_at=unit.now))
    return len(found)
