"""How does the desk stand at this moment? What waits, and for how long, in numbers alone.

Every number is read off an index of what waits, so a look costs the same however much is stored.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal_column, select

from storage.messages import Rank
from storage.tables import due, inbox, outbox
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many wait, how many of them for a later time, and how long the oldest is due (s)."""

    waiting: int = 0
    deferred: int = 0
    oldest: float = 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """What waits to be sent, to be done and to be handled."""

    messages: dict[Rank, Backlog]
    duties: Backlog
    updates: Backlog
    set_aside: int


def stand(unit: Unit) -> Standing:
    """How the desk stands now. Ages are of the office's clock, never below zero."""
    by_rank = {row.rank: row for row in unit.run(_messages(unit)).all()}
    return Standing(
        messages={rank: _backlog(unit, by_rank.get(rank)) for rank in Rank},
        duties=_backlog(unit, unit.run(_duties(unit)).one()),
        updates=_updates(unit),
        set_aside=unit.run(_set_aside(unit)).scalar() or 0,
    )


def _messages(unit: Unit) -> Select[Any]:
    waits = (outbox.c.bot_id == unit.bot_id, _is(outbox.c.state, "waiting"))
    return (
        select(outbox.c.rank, *_numbers(outbox.c.due_at, unit.now))
        .where(*waits)
        .group_by(outbox.c.rank)
    )


def _duties(unit: Unit) -> Select[Any]:
    """Those that have come; what is planned for later is the whole future."""
    came = (due.c.bot_id == unit.bot_id, due.c.done_at.is_(None), due.c.due_at <= unit.now)
    return select(*_numbers(due.c.due_at, unit.now)).where(*came)


def _updates(unit: Unit) -> Backlog:
    new = (inbox.c.bot_id == unit.bot_id, _is(inbox.c.state, "new"))
    count = unit.run(select(func.count(inbox.c.arrival)).where(*new)).scalar() or 0
    first = select(inbox.c.received_at).where(*new).order_by(inbox.c.arrival).limit(1)
    return Backlog(count, oldest=_age(unit, unit.run(first).scalar()))


def _set_aside(unit: Unit) -> Select[Any]:
    aside = (inbox.c.bot_id == unit.bot_id, _is(inbox.c.state, "set_aside"))
    return select(func.count()).select_from(inbox).where(*aside)


def _numbers(at: Any, now: datetime) -> tuple[ColumnElement[Any], ...]:
    later = func.sum(case((at > now, 1), else_=0))
    return (func.count(at).label("all"), later.label("later"), func.min(at).label("first"))


def _backlog(unit: Unit, row: Any) -> Backlog:
    if row is None or not row.all:
        return Backlog()
    return Backlog(row.all - row.later, row.later, _age(unit, row.first))


def _age(unit: Unit, since: datetime | None) -> float:
    return 0.0 if since is None else max(0.0, (unit.now - since).total_seconds())


def _is(state: Any, name: str) -> ColumnElement[bool]:
    """The state in plain words, not as a parameter: so the index of these rows is found."""
    plain: ColumnElement[bool] = state == literal_column(f"'{name}'")
    return plain
