"""Which cases are late, or have a supervision open? And which dates can be counted again?

Both are found by an index of their own: asking costs what is found, not what is stored.
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy import or_, select

from petitions.access import Actor
from petitions.record import State
from storage import scope
from storage.tables import petitions
from storage.unit import Unit


def late(
    unit: Unit,
    viewer: Actor,
    today: date,
    group: Collection[str] | None = None,
    *,
    everywhere: bool = False,
) -> list[str]:
    """Ids of what is to be looked into that `viewer` may see, the longest overdue first.

    A duty whose last day was before `today` (the office's date), or a supervision not answered
    yet. In a `group` (its units) only what may be said there: see `scope.shown_in`.
    """
    found = unit.run(
        select(petitions.c.id)
        .where(
            or_(petitions.c.due_on < today.isoformat(), petitions.c.answer_by > ""),
            petitions.c.state != State.ERASED,
            petitions.c.bot_id == unit.bot_id,
            scope.cards_of(viewer),
            *([] if group is None else [scope.shown_in(group, everywhere=everywhere)]),
        )
        .order_by(petitions.c.due_on, petitions.c.number)
    ).scalars()
    return list(found)


def unsure(unit: Unit, known: date) -> list[str]:
    """Ids of the cases with a provisional date, every day before which is known by now."""
    found = unit.run(
        select(petitions.c.id)
        .where(
            petitions.c.unsure_on <= known.isoformat(),
            petitions.c.state != State.ERASED,
            petitions.c.bot_id == unit.bot_id,
        )
        .order_by(petitions.c.unsure_on)
    ).scalars()
    return list(found)
