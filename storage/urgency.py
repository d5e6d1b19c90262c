"""How much must be seen to now? Counted by the indexes of what is due, not by what is stored."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, func, select

from petitions.events import Purpose
from petitions.indicators import Scope
from petitions.record import State
from storage.tables import petitions
from storage.unit import Unit


def urgent(unit: Unit, scope: Scope, today: date, days: int) -> tuple[int, int, int]:
    """Overdue; due within `days`, today included; supervisions not answered. Of these units.

    Cases, not duties: the next deadline of each counts. Reports against people or units are
    never among them (TL 30).
    """
    soon = (today + timedelta(days=days)).isoformat()
    overdue = _count(unit, scope, petitions.c.due_on < today.isoformat())
    # Not BETWEEN: PostgreSQL takes no collation in it.
    coming = and_(petitions.c.due_on >= today.isoformat(), petitions.c.due_on <= soon)
    near = _count(unit, scope, coming)
    return overdue, near, _count(unit, scope, petitions.c.answer_by > "")


def _count(unit: Unit, scope: Scope, due: ColumnElement[bool]) -> int:
    found = select(func.count()).where(
        due,
        petitions.c.bot_id == unit.bot_id,
        petitions.c.purpose != Purpose.ACCUSATION,
        petitions.c.state != State.ERASED,
        *([] if scope.units is None else [petitions.c.unit_id.in_(scope.units)]),
    )
    return int(unit.run(found).scalar_one())
