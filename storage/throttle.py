"""How often may somebody try? Counted in windows that a restart does not reset."""

from datetime import timedelta

from sqlalchemy import delete, insert, select, update

from storage.tables import throttle
from storage.unit import Unit

HOUR = timedelta(hours=1)


def spent(unit: Unit, subject: str, allowed: int, window: timedelta) -> bool:
    """Whether `subject` has used up its tries in the running window."""
    row = unit.run(select(throttle).where(throttle.c.subject == subject)).first()
    return row is not None and row.count >= allowed and unit.now < row.since + window


def count(unit: Unit, subject: str, window: timedelta) -> None:
    """One more try; the window starts with the first one."""
    row = unit.run(select(throttle).where(throttle.c.subject == subject)).first()
    if row is not None and unit.now < row.since + window:
        unit.run(update(throttle).where(throttle.c.subject == subject).values(count=row.count + 1))
        return
    unit.run(delete(throttle).where(throttle.c.subject == subject))
    unit.run(
        insert(throttle).values(subject=subject, since=unit.now, until=unit.now + window, count=1)
    )
