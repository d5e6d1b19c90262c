"""What keeps failing, and what did not arrive? For whoever looks after the desk.

Ids, kinds and numbers; each is read off an index of what ended badly or was tried before.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select, text

from storage.due import FAILING
from storage.tables import due, outbox
from storage.tables.sending import UNSENT
from storage.unit import Unit

TOGETHER = 500
"""Chats that are asked for in one statement: a database takes only so many parameters."""


def failing(unit: Unit) -> list[tuple[str, int]]:
    """Duties that were tried `FAILING` times or more in vain: which kind, how many."""
    tried = (due.c.bot_id == unit.bot_id, due.c.done_at.is_(None), due.c.attempts >= FAILING)
    indexed = text("attempts > 0")  # as the index has it
    found = select(due.c.kind, func.count()).where(indexed, *tried).group_by(due.c.kind)
    return [(str(kind), int(count)) for kind, count in unit.run(found.order_by(due.c.kind))]


def refused(unit: Unit, since: datetime) -> int:
    """How many messages the messenger did not take, or that could not be said, since then."""
    ended = (outbox.c.bot_id == unit.bot_id, outbox.c.state == "failed")
    found = select(func.count()).where(text(UNSENT), *ended, outbox.c.settled_at >= since)
    return int(unit.run(found).scalar())


def lost(unit: Unit, chats: Collection[int], since: datetime) -> dict[int, int]:
    """Chat → how many messages ended without having reached it since then."""
    found: dict[int, int] = {}
    ids = sorted(chats)
    for first in range(0, len(ids), TOGETHER):
        these = (
            outbox.c.bot_id == unit.bot_id,
            outbox.c.state.in_(("blocked", "gone", "failed")),
            outbox.c.settled_at >= since,
            outbox.c.chat_id.in_(ids[first : first + TOGETHER]),
        )
        query = select(outbox.c.chat_id, func.count()).where(text(UNSENT), *these)
        found |= {int(c): int(n) for c, n in unit.run(query.group_by(outbox.c.chat_id))}
    return found
