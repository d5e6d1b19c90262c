"""Fetching updates by long poll: the offset moves on only when what came is durable."""

import asyncio
from typing import Any

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramConflictError, TelegramRetryAfter
from aiogram.methods import TelegramMethod

from bot import arriving
from bot.logs import places
from bot.reading import EVENTS
from bot.updates import Door
from storage.database import Unavailable

log = structlog.get_logger(__name__)

ALLOWED = list(EVENTS)
LONG = 25
PAUSE = 1.0
LONGEST_PAUSE = 30.0

Json = dict[str, Any]


class RawUpdates(TelegramMethod[list[Json]]):
    """`getUpdates`, the updates as they came.

    Read one by one later: aiogram's own reads all or none, so that one update of a shape it
    does not know would keep back every other for ever.
    """

    __returning__ = list[Json]
    __api_method__ = "getUpdates"

    offset: int | None = None
    timeout: int
    allowed_updates: list[str]


async def poll(bot: Bot, door: Door) -> None:
    """Fetch and store, for ever; a fault is waited out."""
    offset: int | None = None
    pause = PAUSE
    while True:
        try:
            asked = RawUpdates(offset=offset, timeout=LONG, allowed_updates=ALLOWED)
            updates = await bot(asked, request_timeout=LONG + 15)
            if updates:
                await door.receive([arriving.arrival(update) for update in updates])
                offset = updates[-1]["update_id"] + 1
            pause = PAUSE
            continue
        except TelegramConflictError:
            log.error("polling.conflict", hint="another program polls with this token")
        except TelegramRetryAfter as error:
            pause = max(pause, error.retry_after)
            log.warning("polling.waits", error=type(error).__name__, seconds=pause)
        except (AiogramError, Unavailable) as error:
            log.warning("polling.waits", error=type(error).__name__, seconds=pause)
        except Exception as error:
            # Whatever it is, a bot that listens no more is worse.
            log.error("polling.failed", error=places(error), seconds=pause)
        await asyncio.sleep(pause)
        pause = min(LONGEST_PAUSE, pause * 2)
