"""Which message in the chat shows the newest state of a slot (a case's card, a counter)?"""

from datetime import timedelta

from sqlalchemy import bindparam, delete, select

from storage.prepared import Prepared
from storage.tables import posts
from storage.unit import Unit
from storage.upserting import put as upsert

_SHOWN = Prepared(
    select(posts.c.chat_id, posts.c.message_id).where(
        posts.c.bot_id == bindparam("bot"), posts.c.slot == bindparam("slot")
    )
)
_SLOTS = Prepared(
    select(posts.c.slot).where(
        posts.c.bot_id == bindparam("bot"),
        posts.c.slot >= bindparam("first"),
        posts.c.slot < bindparam("past"),
    )
)
PASSING = ("note:", "album:", "danger:", "open:")
"""Slots of a passing talk, as against those of a case."""
PASSES = timedelta(days=3)


def find(unit: Unit, slot: str) -> tuple[int, int] | None:
    """(chat, message) that shows this slot now."""
    row = unit.run(_SHOWN, {"bot": unit.bot_id, "slot": slot}).first()
    return (row.chat_id, row.message_id) if row else None


def slots(unit: Unit, prefix: str) -> list[str]:
    """The slots shown somewhere whose name begins so.

    As a range: a LIKE would read every slot there is, as no index knows its ends.
    """
    past = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    return list(unit.run(_SLOTS, {"bot": unit.bot_id, "first": prefix, "past": past}).scalars())


def put(unit: Unit, slot: str, chat_id: int, message_id: int) -> None:
    """This message shows the slot from now on."""
    passes = unit.now + PASSES if slot.startswith(PASSING) else None
    shown = {"chat_id": chat_id, "message_id": message_id, "passes_at": passes}
    upsert(unit, posts, {"bot_id": unit.bot_id, "slot": slot, **shown})


def drop(unit: Unit, slot: str) -> None:
    """No message shows the slot any more; the next one is posted anew."""
    unit.run(delete(posts).where(posts.c.bot_id == unit.bot_id, posts.c.slot == slot))


def drop_chat(unit: Unit, chat_id: int) -> list[str]:
    """The chat is gone or moved: its slots are to be posted anew; returns which."""
    this = (posts.c.bot_id == unit.bot_id, posts.c.chat_id == chat_id)
    slots = list(unit.run(select(posts.c.slot).where(*this)).scalars())
    unit.run(delete(posts).where(*this))
    return slots
