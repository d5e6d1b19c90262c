"""What is forgotten by age? Everything but what stays with a petition, once it has done its work.

Each query walks an index of what is old, so its cost does not grow with what is kept.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, delete, select, text

from storage import inbox, pace, record
from storage.tables import bind_codes, drafts, due, files, keys, outbox, posts, throttle
from storage.tables import inbox as updates
from storage.tables.sending import PASSING, WAITING
from storage.unit import Unit

LIMIT = 500
KEEP = timedelta(days=3)
KEEP_LONG = timedelta(days=30)
"""For what an operator may yet look into: an update that was set aside, a message that failed; and
for a submitted draft, which knows its petition's number."""
KEEP_MISSED = timedelta(days=365)
"""For what somebody who blocked the bot has missed: it is told when they come back."""
SETTLED = {
    "sent": KEEP,
    "skipped": KEEP,
    "failed": KEEP_LONG,
    "gone": KEEP_LONG,
    "blocked": KEEP_MISSED,
}
"""How long a message is kept that is not `lasting`, by how it ended."""
KEEP_NOTES = timedelta(days=400)
"""For what is noted as done: a clock may be set back by a year, and nothing is to be done twice."""


def prune(unit: Unit, limit: int = LIMIT) -> bool:
    """Delete at most so many rows of each kind; says whether there may be more."""
    before, long_before = unit.now - KEEP, unit.now - KEEP_LONG
    years_before = unit.now - KEEP_NOTES
    went = [
        inbox.prune(unit, before, limit),
        *(_settled(unit, state, unit.now - keep, limit) for state, keep in SETTLED.items()),
        _delete(
            unit,
            updates,
            [updates.c.state == "set_aside", updates.c.done_at < long_before],
            limit,
        ),
        _delete(unit, posts, [posts.c.passes_at < unit.now], limit),
        _delete(unit, due, [due.c.done_at < before, due.c.mark.is_(None)], limit),
        _delete(unit, due, [due.c.done_at < years_before, due.c.mark.is_not(None)], limit),
        pace.prune(unit, limit),
        _delete(unit, throttle, [throttle.c.until < unit.now], limit),
        _delete(unit, bind_codes, [bind_codes.c.expires_at < unit.now], limit),
        _drafts(unit, [drafts.c.state == "dropped", drafts.c.touched_at < before], limit),
        _drafts(unit, [drafts.c.state == "submitted", drafts.c.touched_at < long_before], limit),
    ]
    return limit in went


def _delete(unit: Unit, table: Table, old: Sequence[ColumnElement[bool]], limit: int) -> int:
    rows = unit.run(select(*table.primary_key.columns).where(*old).limit(limit)).all()
    for row in rows:
        this = (column == value for column, value in zip(table.primary_key, row, strict=True))
        # Asked once more: it may have been made anew at this moment.
        unit.run(delete(table).where(*this, *old))
    return len(rows)


def _settled(unit: Unit, state: str, before: datetime, limit: int) -> int:
    """Messages that ended so, but those the petitioner was told of a step by: these last."""
    old = (text(PASSING), outbox.c.state == state, outbox.c.settled_at < before)
    ids = select(outbox.c.id).where(*old).order_by(outbox.c.settled_at).limit(limit)
    # An operator may bring one back at this moment.
    gone = delete(outbox).where(outbox.c.id.in_(ids), outbox.c.state != WAITING)
    return int(unit.run(gone).rowcount)


def _drafts(unit: Unit, old: Sequence[ColumnElement[bool]], limit: int) -> int:
    """Drafts, and what is left of those that owned their key, once their files are gone."""
    closed = text("state != 'open'")  # as the index has it
    found = unit.run(select(drafts.c.id, drafts.c.key_id).where(closed, *old).limit(limit)).all()
    for draft in found:
        if not unit.run(delete(drafts).where(drafts.c.id == draft.id, closed, *old)).rowcount:
            continue
        unit.run(delete(files).where(files.c.key_id == draft.key_id, files.c.state == "gone"))
        if not record.uses_key(unit, draft.key_id):
            unit.run(delete(keys).where(keys.c.id == draft.key_id, keys.c.wrapped.is_(None)))
    return len(found)
