"""What did all the processes of this bot send when? Shared, so that they keep one limit together.

Nothing of it has to outlive the database's own end: after a crash the messenger's windows are
over before anything is sent again. So where the database can be told so, a commit here waits for
no disk.
"""

import json
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import delete, func, select

from storage.tables import pace
from storage.unit import Unit
from storage.upserting import upsert

OVERALL = 0
"""The scope of everything; any other is a chat."""
KEEP_SECONDS = 120.0


def take(unit: Unit, chats: Collection[int]) -> tuple[float, dict[int, dict[str, Any]]]:
    """Real time, and the trails of everything and these chats: nobody else's until this commit."""
    found = _locked(unit, chats)
    if OVERALL not in {row.scope for row in found}:
        first = {"bot_id": unit.bot_id, "scope": OVERALL, "trail": "{}", "used_at": 0.0}
        unit.run(upsert(unit, pace).values(first).on_conflict_do_nothing())
        found = _locked(unit, chats)
    now = float(found[0].now) if _shared(unit) else unit.real_time()
    return now, {row.scope: json.loads(row.trail) for row in found}


def _locked(unit: Unit, chats: Collection[int]) -> list[Any]:
    """In one statement: whoever is here holds up everybody who sends."""
    columns: list[Any] = [pace.c.scope, pace.c.trail]
    if _shared(unit):
        columns += [
            func.extract("epoch", func.clock_timestamp()).label("now"),
            func.set_config("synchronous_commit", "off", True),
        ]
    scopes = [OVERALL, *chats]
    # A power of two of them: the server plans a statement for each length there is.
    scopes += [OVERALL] * ((1 << (len(scopes) - 1).bit_length()) - len(scopes))
    query = (
        select(*columns)
        .where(pace.c.bot_id == unit.bot_id, pace.c.scope.in_(scopes))
        .order_by(pace.c.scope != OVERALL, pace.c.scope)
        .with_for_update()
    )
    return list(unit.run(query))


def keep(unit: Unit, trails: Mapping[int, Mapping[str, Any]], now: float) -> None:
    """Write these trails down; `now` in seconds of real time."""
    rows = [
        {
            "bot_id": unit.bot_id,
            "scope": scope,
            "trail": json.dumps(trail, separators=(",", ":")),
            # What has been asked to wait is needed until then.
            "used_at": max(now, trail["until"]),
        }
        for scope, trail in trails.items()
    ]
    put = upsert(unit, pace)
    changed = {"trail": put.excluded.trail, "used_at": put.excluded.used_at}
    unit.run(put.on_conflict_do_update(index_elements=["bot_id", "scope"], set_=changed), rows)


def prune(unit: Unit, limit: int) -> int:
    """Forget chats that nothing was sent to of late."""
    old = (
        pace.c.bot_id == unit.bot_id,
        pace.c.used_at < unit.real_time() - KEEP_SECONDS,
        pace.c.scope != OVERALL,
    )
    # Not one that is asked for now: who asks has everybody's row, and would wait for this unit.
    some = pace.c.scope.in_(
        select(pace.c.scope).where(*old).limit(limit).with_for_update(skip_locked=True)
    )
    # Asked again of the row itself: a place may be given out at this moment.
    return int(unit.run(delete(pace).where(some, *old)).rowcount)


def _shared(unit: Unit) -> bool:
    return unit.connection.dialect.name == "postgresql"
