"""Which petitions has nobody touched for so long that their keeping period is over?"""

from datetime import datetime

from sqlalchemy import exists, select, text

from storage.tables import due, petitions
from storage.unit import Unit


def untouched(unit: Unit, before: datetime, planned: str, limit: int) -> list[str]:
    """Numbers of what nobody owes anything in, with nothing on its record since `before`.

    The oldest first; not what a duty of the kind `planned` waits for already.
    """
    waits = exists().where(
        due.c.subject == petitions.c.number, due.c.kind == planned, due.c.done_at.is_(None)
    )
    closed = text("due_on IS NULL AND state != 'erased'")  # as the index has it
    found = unit.run(
        select(petitions.c.number)
        .where(closed, petitions.c.updated_at < before, petitions.c.bot_id == unit.bot_id, ~waits)
        .order_by(petitions.c.updated_at)
        .limit(limit)
    ).scalars()
    return list(found)
