"""What did all the processes of this bot send when? Shared, so that they keep one limit together.

Nothing of it has to outlive the database's own end: after a crash the messenger's windows are
over before anything is sent again. So where the database can be told so, a commit here waits for
no disk.
"""

import json
from typing import Any

from sqlalchemy import delete, func, insert, select, text, update

from storage.tables import pace
from storage.unit import Unit

OVERALL = 0
"""The scope of everything; any other is a chat."""
KEEP_SECONDS = 120.0
LOCK = 7230
"""Tells this lock from others of the same database."""


def take(unit: Unit, chat_id: int) -> dict[int, dict[str, Any]]:
    """The trails of everything and of this chat, which no other process reads until this commit."""
    if unit.connection.dialect.name == "postgresql":
        unit.run(text("SET LOCAL synchronous_commit = off"))
        # One lock for a bot's pace, and not for a row: there may be no row yet.
        unit.run(select(func.pg_advisory_xact_lock(LOCK, unit.bot_id % 2**31)))
    found = unit.run(
        select(pace.c.scope, pace.c.trail).where(
            pace.c.bot_id == unit.bot_id, pace.c.scope.in_([OVERALL, chat_id])
        )
    )
    return {row.scope: json.loads(row.trail) for row in found}


def keep(unit: Unit, trails: dict[int, dict[str, Any]], now: float) -> None:
    """Write these trails down; `now` in seconds of real time."""
    for scope, trail in trails.items():
        this = (pace.c.bot_id == unit.bot_id, pace.c.scope == scope)
        values = {"trail": json.dumps(trail), "used_at": now}
        if not unit.run(update(pace).where(*this).values(values)).rowcount:
            unit.run(insert(pace).values(bot_id=unit.bot_id, scope=scope, **values))


def prune(unit: Unit, limit: int) -> int:
    """Forget chats that nothing was sent to of late."""
    old = (
        select(pace.c.scope)
        .where(
            pace.c.bot_id == unit.bot_id,
            pace.c.used_at < unit.real_time() - KEEP_SECONDS,
            pace.c.scope != OVERALL,
        )
        .limit(limit)
    )
    gone = delete(pace).where(pace.c.bot_id == unit.bot_id, pace.c.scope.in_(old))
    return int(unit.run(gone).rowcount)
