"""A check of the doctor's, run on a desk, and what it found."""

from collections.abc import Callable, Iterable
from typing import Any

from bot.doctor.finding import Finding, Level
from storage import outbox
from storage.database import Desk
from storage.messages import Parcel, Post
from storage.unit import Unit

Found = dict[str, list[Finding]]
"""What was found by how grave it is; a level is there only where something was found."""


async def seen(desk: Desk, check: Callable[..., Iterable[Finding]], *more: Any) -> Found:
    """What the check finds in this database."""
    return sort(await desk.look(lambda unit: list(check(unit, *more))))


def sort(found: Iterable[Finding]) -> Found:
    """What was found; whatever wants care says what to do."""
    by: Found = {}
    for each in found:
        by.setdefault(each.level, []).append(each)
        if each.level in (Level.CARE, Level.BLIND):
            assert each.do, each
    return by


def only(found: Found) -> str:
    """The one thing that wants care, in its words."""
    (said,) = found["care"]
    return said.says


async def ended(desk: Desk, chat: int, state: str) -> None:
    """A message to this chat that ended so."""

    def work(unit: Unit) -> None:
        row = outbox.put(unit, [Parcel(chat_id=chat, post=Post(key="k", text="t"))])[0]
        outbox.settle(unit, row, state, reason="forbidden")

    await desk.unit(work)
