"""How many inquiries (不满意件核查) are with whom? The roster names who has the fewest."""

from sqlalchemy import func, select

from petitions.record import State
from storage.tables import petitions
from storage.unit import Unit


def loads(unit: Unit) -> tuple[tuple[int, int], ...]:
    """(officer, how many they have open) of everybody who has one."""
    found = unit.run(
        select(petitions.c.inquirer_id, func.count())
        .where(
            petitions.c.inquirer_id.is_not(None),
            petitions.c.state != State.ERASED,
            petitions.c.bot_id == unit.bot_id,
        )
        .group_by(petitions.c.inquirer_id)
        .order_by(petitions.c.inquirer_id)
    ).all()
    return tuple((int(officer), int(count)) for officer, count in found)
