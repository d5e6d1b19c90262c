"""What do the operator's commands do with the outbox, beside a running bot or without one?

The bot needs no word of it: it looks every tick for what is due.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.loading import load_office
from bot.opening import open_desk
from bot.settings import Settings
from petitions import numbers
from storage import outlook, returning
from storage.outlook import Message
from storage.returning import Cause
from storage.unit import Unit

PAGE = 200
"""Messages brought back in one unit, so that the bot does not wait long for its turn to write."""

T = TypeVar("T")
Done = tuple[int, str | None]
"""A message's id, and why nothing was done about it."""


def zone_of(settings: Settings) -> ZoneInfo:
    """The office's zone. Raises `OfficeError`."""
    return load_office(settings.office_file).tz


def moment(text: str, zone: ZoneInfo) -> datetime:
    """A day or a moment as an operator types it, in the office's zone. Raises `ValueError`."""
    try:
        typed = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"--since: not a day or a moment like 2026-03-02T09:30: {text}") from None
    return typed if typed.tzinfo else typed.replace(tzinfo=zone)


async def find(
    settings: Settings,
    states: Sequence[str],
    petition: str | None,
    since: datetime | None,
    limit: int,
) -> list[Message]:
    """Messages as asked for. Raises `BadNumber`, and `LookupError` for a number nobody has."""
    number = None if petition is None else numbers.read(petition)
    return await _look(
        settings, partial(outlook.find, states=states, number=number, since=since, limit=limit)
    )


async def one(settings: Settings, row_id: int) -> Message:
    """The message of this id. Raises `LookupError`."""
    found = await _look(settings, partial(outlook.one, row_id=row_id))
    if found is None:
        raise LookupError("there is no such message")
    return found


async def counts(settings: Settings) -> list[tuple[str, str | None, int]]:
    """State, reason, how many."""
    return await _look(settings, outlook.counts)


async def retry(settings: Settings, ids: Sequence[int]) -> list[Done]:
    """Bring these back; of each, why not."""
    desk = await open_desk(settings)
    try:
        done: list[Done] = []
        for page in _pages(ids):
            done += await desk.unit(partial(_each, ids=page, work=returning.bring_back))
        return done
    finally:
        await desk.database.close()


async def ended(settings: Settings, state: str, since: datetime) -> list[int]:
    """The ids of what ended so since then."""
    desk = await open_desk(settings)
    try:
        found: list[int] = []
        while page := await desk.look(
            partial(
                outlook.ids, state=state, since=since, after=found[-1] if found else 0, limit=PAGE
            )
        ):
            found += page
        return found
    finally:
        await desk.database.close()


async def cancel(
    settings: Settings, ids: Sequence[int], cause: Cause, *, even_required: bool
) -> list[Done]:
    """Call these off; of each, why not."""
    off = partial(returning.call_off, cause=cause, even_required=even_required)
    desk = await open_desk(settings)
    try:
        return await desk.unit(partial(_each, ids=ids, work=off))
    finally:
        await desk.database.close()


def _each(unit: Unit, ids: Sequence[int], work: Callable[[Unit, int], str | None]) -> list[Done]:
    return [(row_id, work(unit, row_id)) for row_id in ids]


def _pages(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), PAGE):
        yield ids[start : start + PAGE]


async def _look(settings: Settings, work: Callable[[Unit], T]) -> T:
    desk = await open_desk(settings)
    try:
        return await desk.look(work)
    finally:
        await desk.database.close()
