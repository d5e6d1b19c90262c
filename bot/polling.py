"""Fetching updates by long poll: the offset moves on only when what came is durable."""

import asyncio
from typing import Any

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramConflictError, TelegramNetworkError
from aiogram.types import Update

from bot.updates import Door
from storage.database import Unavailable

log = structlog.get_logger(__name__)

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member", "chat_member"]
LONG = 25
PAUSE = 1.0
LONGEST_PAUSE = 30.0


async def poll(bot: Bot, door: Door) -> None:
    """Fetch and store, for ever; a fault is waited out."""
    offset: int | None = None
    pause = PAUSE
    while True:
        try:
            updates = await bot.get_updates(
                offset=offset,
                timeout=LONG,
                allowed_updates=ALLOWED,
                request_timeout=LONG + 15,
            )
            if updates:
                await door.receive([_json(update) for update in updates])
                offset = updates[-1].update_id + 1
            pause = PAUSE
        except TelegramConflictError:
            log.error("polling.conflict", hint="another program polls with this token")
            await asyncio.sleep(pause)
        except (TelegramNetworkError, TelegramAPIError, Unavailable) as error:
            log.warning("polling.waits", error=type(error).__name__, seconds=pause)
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)


def _json(update: Update) -> dict[str, Any]:
    return update.model_dump(mode="json", by_alias=True, exclude_unset=True)
