"""Is the office of the office file the one that the database knows? Its units, groups, people.

Ids and numbers, for whoever looks after the desk.
"""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import func, select

from petitions.record import State
from petitions.states import OPEN
from storage.tables import groups, people, petitions, posts
from storage.unit import Unit

TOGETHER = 500
"""Ids that are asked for in one statement: a database takes only so many parameters."""


def reachable(unit: Unit, ids: Collection[int]) -> frozenset[int]:
    """Those of these people whom the bot may write to first: they pressed Start, and stayed."""
    return _of(
        unit,
        ids,
        people.c.user_id,
        people.c.bot_id == unit.bot_id,
        people.c.started_at.is_not(None),
        people.c.blocked_at.is_(None),
    )


def heard(unit: Unit, chats: Collection[int]) -> frozenset[int]:
    """Those of these groups that were bound from within, or in which the bot has said something."""
    bound = _of(unit, chats, groups.c.chat_id, groups.c.bot_id == unit.bot_id)
    return bound | _of(unit, chats, posts.c.chat_id, posts.c.bot_id == unit.bot_id)


def bound(unit: Unit) -> dict[str, int]:
    """Unit → the group that was made its own with /bind."""
    found = unit.run(
        select(groups.c.unit_id, groups.c.chat_id).where(groups.c.bot_id == unit.bot_id)
    )
    return {str(unit_id): int(chat) for unit_id, chat in found}


def unlisted(unit: Unit, listed: Collection[str]) -> dict[str, int]:
    """Unit → how many open cases it has, of the units that are not `listed`."""
    return {
        unit_id: count
        for unit_id in units_with_cases(unit)
        if unit_id not in listed and (count := _open_cases(unit, unit_id))
    }


def units_with_cases(unit: Unit) -> Iterator[str]:
    """Every unit that has a case, from one to the next along the index: cases are not walked."""
    last = ""
    while True:
        following = select(func.min(petitions.c.unit_id)).where(petitions.c.unit_id > last)
        found = unit.run(following).scalar()
        if found is None:
            return
        last = str(found)
        yield last


def _open_cases(unit: Unit, unit_id: str) -> int:
    these = (petitions.c.unit_id == unit_id, petitions.c.state.in_(sorted(OPEN)))
    found = select(func.count()).where(*these, petitions.c.bot_id == unit.bot_id)
    return int(unit.run(found).scalar())


def provisional(unit: Unit) -> tuple[int, date | None]:
    """How many cases have a deadline in a year whose holidays were not known, and the first."""
    these = (petitions.c.unsure_on.is_not(None), petitions.c.bot_id == unit.bot_id)
    wanted = select(func.count(), func.min(petitions.c.unsure_on))
    count, first = unit.run(wanted.where(*these, petitions.c.state != State.ERASED)).one()
    return int(count), date.fromisoformat(first) if first else None


def _of(unit: Unit, ids: Collection[int], column: Any, *where: Any) -> frozenset[int]:
    """Those of these ids that are in the column, of the rows that are wanted."""
    asked = sorted(ids)
    found: set[int] = set()
    for first in range(0, len(asked), TOGETHER):
        these = asked[first : first + TOGETHER]
        found.update(unit.run(select(column).where(*where, column.in_(these)).distinct()).scalars())
    return frozenset(found)
