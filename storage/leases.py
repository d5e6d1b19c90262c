"""Who has what in hand? What a process that died held is given back to those that live.

Every lease names the process that took it. Which processes are dead, the database tells
(`Database.gone`); one that lives renews its leases, and those of one that hangs run out.
What waits in the inbox is not leased: `storage.inbox.left` hands that over.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Table, and_, case, literal_column, select, update

from storage.tables import due, files, inbox, outbox
from storage.tables.sending import WAITING
from storage.tables.talk import NEW
from storage.unit import Unit

IN_HAND: tuple[tuple[Table, ColumnElement[bool]], ...] = (
    (outbox, outbox.c.state == WAITING),
    (files, files.c.state == literal_column("'wanted'")),
    (due, due.c.done_at.is_(None)),
)
UNHANDLED: tuple[Table, ColumnElement[bool]] = (inbox, inbox.c.state == NEW)


def holders(unit: Unit) -> set[str]:
    """The processes that have something in hand, or something waiting for them."""
    found: set[str] = set()
    for table, is_open in (*IN_HAND, UNHANDLED):
        held = and_(is_open, table.c.owner.is_not(None), table.c.bot_id == unit.bot_id)
        found.update(unit.run(select(table.c.owner).where(held).distinct()).scalars())
    return found


def give_back(unit: Unit, gone: Collection[str]) -> int:
    """Let others do at once what these processes had in hand; how many things that were.

    A duty that had been tried before waits its pause out, so that it cannot end every process.
    """
    freed = 0
    for table, is_open in IN_HAND:
        theirs = and_(is_open, table.c.owner.in_(gone), table.c.bot_id == unit.bot_id)
        hold: object = 0.0
        if table is due:
            hold = case((due.c.attempts > 1, due.c.hold_until), else_=0.0)
        values = {"owner": None, "hold_until": hold}
        freed += unit.run(update(table).where(theirs).values(values)).rowcount
    return freed
