"""Which serial number comes next today?"""

from datetime import date

from sqlalchemy import insert, select, update

from storage.tables import serials
from storage.unit import Unit


def take(unit: Unit, day: date) -> int:
    """The day's next serial, from 1; a unit that fails gives it back."""
    key = day.isoformat()
    used = unit.run(select(serials.c.used).where(serials.c.day == key)).scalar()
    if used is None:
        unit.run(insert(serials).values(day=key, used=1))
        return 1
    unit.run(update(serials).where(serials.c.day == key).values(used=used + 1))
    return int(used) + 1
