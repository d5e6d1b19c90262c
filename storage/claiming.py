"""Who sends what waits? A process takes a chat's messages in hand for a while, in their order.

A lease that is not renewed runs out, and what a dead process had is given back (`storage.leases`):
another sends it. A row whose send was begun, and of which nothing more was heard, is one of unknown
outcome: it is sent again, and counted.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import takewhile
from typing import Any

import structlog
from sqlalchemy import (
    ColumnElement,
    Float,
    and_,
    bindparam,
    case,
    exists,
    or_,
    select,
    true,
    update,
)

from storage import rows
from storage.messages import Rank
from storage.prepared import Prepared
from storage.rows import LEASE_SECONDS, LONG_WAITS, LONGEST_HOLD, Row
from storage.tables import outbox
from storage.tables.sending import WAITING
from storage.unit import Unit
from storage.vault import Erased, WrongKey

log = structlog.get_logger(__name__)

_BEGIN = Prepared(
    update(outbox)
    .where(
        outbox.c.id == bindparam("this"),
        outbox.c.state == WAITING,
        outbox.c.owner == bindparam("process"),
    )
    .values(begun=True)
)
UNREADABLE_SECONDS = 60.0
"""So long one waits that this program cannot read, before it is looked at again."""
RUN = 20
"""So many messages of one chat are taken in hand together."""
TOGETHER = 1000
"""So many leases are renewed in one statement: a database takes only so many parameters."""


def claim(unit: Unit, chats: int) -> list[Row]:
    """Take in hand what is due of so many chats, the most pressing and longest due first.

    Of a chat its messages come in their order; an answer waits for no notice. A row whose key was
    destroyed has nothing to say any more.
    """
    real = unit.real_time()
    found: list[Any] = []
    for rank in Rank:
        if chats > len(found):
            found += _first(unit, rank, real, chats - len(found))
    runs = [(head, *_behind(unit, head, real)) for head in found]
    _lease(unit, [row for run in runs for row in run], real)
    return [claimed for run in runs for claimed in _claimed(unit, run)]


def _first(unit: Unit, rank: Rank, real: float, limit: int) -> list[Any]:
    """The first messages of their chats that nobody has in hand."""
    asked = {"bot": unit.bot_id, "now": unit.now, "real": real, "most": limit}
    return list(unit.run(_heads(rank), asked))


@cache
def _heads(rank: Rank) -> Any:
    now = bindparam("now", type_=outbox.c.due_at.type)
    earlier = outbox.alias()
    blocked = exists().where(
        earlier.c.chat_id == outbox.c.chat_id,
        earlier.c.bot_id == outbox.c.bot_id,
        earlier.c.state == WAITING,
        earlier.c.id < outbox.c.id,
        earlier.c.rank == 0 if rank is Rank.ANSWER else earlier.c.rank >= 0,
        or_(earlier.c.due_at <= now, earlier.c.attempts > 0),
    )
    query = select(outbox).where(
        outbox.c.bot_id == bindparam("bot"),
        outbox.c.state == WAITING,
        outbox.c.rank == rank,
        outbox.c.due_at <= now,
        _free(bindparam("real", type_=Float)),
        ~blocked,
    )
    by_age = query.order_by(outbox.c.due_at, outbox.c.id).limit(bindparam("most"))
    return by_age.with_for_update(skip_locked=True, of=outbox)


def _behind(unit: Unit, head: Any, real: float) -> list[Any]:
    """What can follow the first in its chat, up to one that is held back.

    Answers follow an answer; notices a notice, as long as no answer comes between them.
    """
    answers = head.rank == Rank.ANSWER
    behind = (
        outbox.c.bot_id == unit.bot_id,
        outbox.c.state == WAITING,
        outbox.c.chat_id == head.chat_id,
        outbox.c.id > head.id,
        outbox.c.due_at <= unit.now,
        outbox.c.rank == 0 if answers else true(),
    )
    in_order = select(outbox.c.id).where(*behind).order_by(outbox.c.id).limit(RUN - 1)
    ids = list(unit.run(in_order).scalars())
    if not ids:
        return []
    found = unit.run(
        select(outbox, _free(real).label("free"))
        .where(*behind, outbox.c.id.in_(ids))
        .order_by(outbox.c.id)
        .with_for_update(skip_locked=True, of=outbox)
    )

    def follows(pair: tuple[int, Any]) -> bool:
        expected, row = pair
        # Another process is at the one that is missing: what comes after it waits for it.
        there = expected == row.id
        return bool(there and row.free and answers == (row.rank == Rank.ANSWER))

    return [row for _, row in takewhile(follows, zip(ids, found, strict=False))]


def _free(real: Any) -> ColumnElement[bool]:
    """Nobody has it in hand, and its pause is over.

    A pause longer than any there is was begun before real time was set back, and is over too.
    """
    held = or_(outbox.c.owner.is_not(None), outbox.c.reason.in_(LONG_WAITS))
    longest = case((held, LONGEST_HOLD), else_=2 * LEASE_SECONDS)
    return or_(outbox.c.hold_until <= real, outbox.c.hold_until > real + longest)


def _lease(unit: Unit, taken: list[Any], real: float) -> None:
    for cut in ("sure", "unknown"):
        ids = [row.id for row in taken if row.begun == (cut == "unknown")]
        if not ids:
            continue
        values: dict[str, Any] = {
            "owner": unit.process,
            "hold_until": real + LEASE_SECONDS,
            "attempts": outbox.c.attempts + 1,
        }
        if cut == "unknown":
            values |= {
                "begun": False,
                "unknown": outbox.c.unknown + 1,
                "reason": "outcome unknown",
            }
        unit.run(update(outbox).where(outbox.c.id.in_(ids)).values(values))


def _claimed(unit: Unit, run: Sequence[Any]) -> Iterator[Row]:
    """These of one chat, up to one that cannot be read."""
    for n, row in enumerate(run):
        try:
            yield rows.read(unit, row)
        except Erased:
            skipped = {
                "state": "skipped",
                "reason": "erased",
                "payload": b"",
                "settled_at": unit.now,
            }
            unit.run(update(outbox).where(outbox.c.id == row.id).values(skipped))
        except (WrongKey, ValueError):
            # Of a newer program, say, which will read it. Its chat waits with it, and no other.
            log.error("outbox.unreadable", row=row.id)
            _put_off(unit, run[n:])
            return


def _put_off(unit: Unit, run: Sequence[Any]) -> None:
    until = unit.real_time() + UNREADABLE_SECONDS
    later = {"owner": None, "begun": False, "reason": "unreadable", "hold_until": until}
    unit.run(update(outbox).where(outbox.c.id.in_([row.id for row in run])).values(later))


def begin(unit: Unit, row: Row) -> bool:
    """Write down that it is being sent; False when it is not this process's to send any more.

    It may have been replaced by a newer one, cancelled, or sent by another while this process
    slept.
    """
    return bool(unit.run(_BEGIN, {"this": row.id, "process": unit.process}).rowcount)


def renew(unit: Unit, ids: Iterable[int]) -> int:
    """Go on holding these, which this process has in hand; how many they are.

    Not all that is leased to it: where the connection was lost at the very commit, it has leases
    that it does not know of, and these are to run out.
    """
    rest, renewed = sorted(ids), 0
    hold = unit.real_time() + LEASE_SECONDS
    while rest:
        these, rest = rest[:TOGETHER], rest[TOGETHER:]
        mine = and_(_mine(unit), outbox.c.id.in_(these))
        renewed += unit.run(update(outbox).where(mine).values(hold_until=hold)).rowcount
    return renewed


def give_back(unit: Unit) -> int:
    """Let others send at once what this process has in hand: it ends."""
    result = unit.run(update(outbox).where(_mine(unit)).values(hold_until=0.0, owner=None))
    return int(result.rowcount)


def _mine(unit: Unit) -> ColumnElement[bool]:
    return and_(outbox.c.state == WAITING, outbox.c.owner == unit.process)
