"""How often may somebody try? Counted in windows that a restart does not reset."""

from datetime import timedelta

from sqlalchemy import case, select

from storage.tables import throttle
from storage.unit import Unit
from storage.upserting import upsert

HOUR = timedelta(hours=1)


def spent(unit: Unit, subject: str, allowed: int, window: timedelta) -> bool:
    """Whether `subject` has used up its tries in the running window."""
    wanted = select(throttle).where(throttle.c.subject == subject)
    # In a unit that goes on to count: one try after another, or many at once would be one.
    row = unit.run(wanted.with_for_update() if unit.writes else wanted).first()
    return row is not None and row.count >= allowed and unit.now < row.since + window


def count(unit: Unit, subject: str, window: timedelta) -> None:
    """One more try; the window starts with the first one."""
    anew = {"since": unit.now, "until": unit.now + window, "count": 1}
    first = upsert(unit, throttle).values(subject=subject, **anew)
    runs = throttle.c.since > unit.now - window
    more = {"since": throttle.c.since, "until": throttle.c.until, "count": throttle.c.count + 1}
    counted = {name: case((runs, more[name]), else_=first.excluded[name]) for name in anew}
    unit.run(first.on_conflict_do_update(index_elements=[throttle.c.subject], set_=counted))
