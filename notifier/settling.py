"""What is written down around a send: what to send just before it, how it ended just after."""

import time
from dataclasses import dataclass
from typing import Literal

from notifier.hooks import Reached, Say, Unreachable
from notifier.refusals import Final
from storage import claiming, outbox, people, posts, record
from storage.messages import Later, Parcel, Post, Said, Skip
from storage.rows import LEASE_SECONDS, Row
from storage.unit import Unit
from storage.vault import Erased

LONGEST_PAUSE = 60.0


@dataclass(frozen=True, slots=True)
class Ready:
    """What is to be sent now: the messages, and the one they replace, if any."""

    posts: list[Post]
    edit: int | None


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now: in so many seconds of real time, and why."""

    seconds: float
    reason: str
    unknown: bool = False  # it may have arrived


MOVED = Wait(0.0, "moved")
BEHIND = Wait(0.0, "behind another")


def at_once(row: Row) -> Ready | None:
    """A post that needs nothing looked up; None when `prepare` has to."""
    parcel = row.parcel
    held = time.monotonic() - row.since
    # Anything but the answer just stored has yet to be marked as begun.
    fresh = parcel.urgent and row.attempts == 1 and held < LEASE_SECONDS / 2
    if parcel.post is None or parcel.slot or not fresh:
        return None
    return Ready([parcel.post], parcel.edit)


def prepare(unit: Unit, row: Row, say: Say) -> Ready | Literal["skipped", "deferred"] | None:
    """What to send of this row now; else what became of it, which is written down.

    None when it was not this process's to send any more.
    """
    parcel = row.parcel
    if not claiming.begin(unit, row):
        return None
    try:
        said: Said = [parcel.post] if parcel.post else say(unit, parcel)
    except (Erased, record.Unknown):
        said = Skip(reason="erased")
    if isinstance(said, Skip):
        outbox.settle(unit, row, "skipped", reason=said.reason)
        return "skipped"
    if isinstance(said, Later):
        outbox.defer(unit, row, said.at)
        return "deferred"
    return Ready(said, _replaced(unit, parcel))


def _replaced(unit: Unit, parcel: Parcel) -> int | None:
    shown = posts.find(unit, parcel.slot) if parcel.slot and not parcel.fresh else None
    return shown[1] if shown and shown[0] == parcel.chat_id else parcel.edit


def sent(unit: Unit, row: Row, ready: Ready, message_id: int | None, reached: Reached) -> None:
    """Write down that it went, and which message stands for its slot now.

    Who was thought to be away and has got a notice is back: the word of it was lost.
    """
    text = "\n".join(post.text for post in ready.posts) if row.parcel.notice else None
    there = outbox.settle(unit, row, "sent", shown=text, message_id=message_id)
    if there and row.parcel.slot and message_id is not None:
        posts.put(unit, row.parcel.slot, row.parcel.chat_id, message_id)
    told = row.parcel.notice is not None and row.parcel.chat_id > 0
    if told and people.set_blocked(unit, row.parcel.chat_id, False):
        outbox.put(unit, reached(unit, row.parcel.chat_id))


def put_back(unit: Unit, rows: list[Row], wait: Wait) -> None:
    """Have these rows, in this order, tried again later."""
    for row in rows:
        outbox.retry(unit, row, wait.seconds, wait.reason, unknown=wait.unknown and row is rows[0])


def pause(row: Row, reason: str, *, unknown: bool = False) -> Wait:
    """How long to wait before the next try: doubling, at most a minute."""
    seconds = float(min(LONGEST_PAUSE, 0.5 * 2 ** min(row.attempts, 10)))
    return Wait(seconds, reason, unknown)


def final(unit: Unit, row: Row, verdict: Final, unreachable: Unreachable) -> str:
    """The message will not arrive; a person whom none reaches is marked so. How it ended."""
    state, chat_id = verdict.state, row.parcel.chat_id
    if state == "blocked" and chat_id < 0:
        state = "gone"  # removed from the group
    outbox.settle(unit, row, state, reason=verdict.reason)
    if state in ("blocked", "gone") and chat_id > 0:
        news = people.set_blocked(unit, chat_id, True)
        outbox.put(unit, unreachable(unit, row.parcel, news))
    return state
