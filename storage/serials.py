"""Which serial number comes next today?

The day's row stays locked until the unit that took a number ends, which is what leaves no gap when
one fails. It is the one row that petitions share: on PostgreSQL the last part of filing, from here
to the commit, is done by one unit after another.
"""

from datetime import date

from storage.tables import serials
from storage.unit import Unit
from storage.upserting import upsert


def take(unit: Unit, day: date) -> int:
    """The day's next serial, from 1; a unit that fails gives it back."""
    first = upsert(unit, serials).values(day=day.isoformat(), used=1)
    next_ = first.on_conflict_do_update(
        index_elements=[serials.c.day], set_={"used": serials.c.used + 1}
    )
    return int(unit.run(next_.returning(serials.c.used)).scalar_one())
