"""What is written down around a send: what to send just before it, how it ended just after."""

from collections.abc import Callable
from dataclasses import dataclass

from storage import outbox, people, posts
from storage.database import Desk
from storage.messages import Later, Parcel, Post, Said, Skip
from storage.outbox import Row
from storage.unit import Unit
from storage.vault import Erased


@dataclass(frozen=True, slots=True)
class Ready:
    """What is to be sent now: the messages, and the one they replace, if any."""

    posts: list[Post]
    edit: int | None


def at_once(row: Row) -> Ready | None:
    """A post that needs nothing looked up; None when `prepare` has to."""
    parcel = row.parcel
    if parcel.post is None or parcel.slot:
        return None
    return Ready([parcel.post], parcel.edit)


def prepare(unit: Unit, row: Row, say: Callable[[Unit, Parcel], Said]) -> Ready | None:
    """What to send of this row now; None when it is skipped or waits, which is written down."""
    parcel = row.parcel
    try:
        said: Said = [parcel.post] if parcel.post else say(unit, parcel)
    except Erased:
        said = Skip(reason="erased")
    if isinstance(said, Skip):
        outbox.settle(unit, row, "skipped", reason=said.reason)
        return None
    if isinstance(said, Later):
        outbox.defer(unit, row, said.at)
        return None
    return Ready(said, _replaced(unit, parcel))


def _replaced(unit: Unit, parcel: Parcel) -> int | None:
    shown = posts.find(unit, parcel.slot) if parcel.slot and not parcel.fresh else None
    return shown[1] if shown and shown[0] == parcel.chat_id else parcel.edit


async def sent(desk: Desk, row: Row, ready: Ready, message_id: int | None) -> None:
    """Write down that it went, and which message stands for its slot now."""

    def work(unit: Unit) -> None:
        text = "\n".join(post.text for post in ready.posts) if row.parcel.notice else None
        outbox.settle(unit, row, "sent", shown=text, message_id=message_id)
        if row.parcel.slot and message_id is not None:
            posts.put(unit, row.parcel.slot, row.parcel.chat_id, message_id)

    await desk.unit(work)


async def retry(desk: Desk, row: Row, seconds: float, reason: str) -> None:
    """Have the row tried again after so many seconds of real time."""
    await desk.unit(lambda unit: outbox.retry(unit, row, seconds, reason))


def blocked(unit: Unit, row: Row) -> None:
    """The person blocked the bot, or it was removed from the group."""
    if row.parcel.chat_id > 0:
        people.set_blocked(unit, row.parcel.chat_id, True)
    state = "blocked" if row.parcel.chat_id > 0 else "gone"
    outbox.settle(unit, row, state, reason="forbidden")
