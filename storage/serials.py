"""Which serial number comes next today?

The day's row stays locked until the unit that took a number ends, which is what leaves no gap when
one fails. It is the one row that petitions share: on PostgreSQL the last part of filing, from here
to the commit, is done by one unit after another.
"""

from datetime import date
from functools import cache

from storage.prepared import Prepared
from storage.tables import serials
from storage.unit import Unit
from storage.upserting import inserting


def take(unit: Unit, day: date) -> int:
    """The day's next serial, from 1; a unit that fails gives it back."""
    taken = unit.run(_taking(unit.connection.dialect.name), {"day": day.isoformat(), "used": 1})
    return int(taken.scalar())


@cache
def _taking(dialect: str) -> Prepared:
    next_ = inserting(dialect, serials).on_conflict_do_update(
        index_elements=[serials.c.day], set_={"used": serials.c.used + 1}
    )
    return Prepared(next_.returning(serials.c.used))
