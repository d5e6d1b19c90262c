"""How is the messenger reached before anything else begins? Its client, and what it answers."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)

from bot.settings import Settings, SettingsError
from notifier.session import JsonSession

log = structlog.get_logger(__name__)

LONGEST_PAUSE = 30.0

T = TypeVar("T")


async def asked(method: Callable[[], Awaitable[T]]) -> T:
    """What the messenger answers; waits for it while it is away.

    Raises `SettingsError` when it does not know the token, `TelegramBadRequest`.
    """
    pause = 0.5
    while True:
        try:
            return await method()
        except TelegramUnauthorizedError:
            raise SettingsError("BOT_TOKEN: the messenger does not know it") from None
        except TelegramBadRequest:
            raise
        except (TelegramAPIError, ClientDecodeError) as error:
            wait = error.retry_after if isinstance(error, TelegramRetryAfter) else pause
            log.warning("messenger.away", error=type(error).__name__, seconds=wait)
            await asyncio.sleep(wait)
            pause = min(LONGEST_PAUSE, pause * 2)


def make_bot(settings: Settings) -> Bot:
    """The client of the messenger's API, at whatever address the settings name."""
    api = TelegramAPIServer.from_base(str(settings.bot_api_url).rstrip("/"))
    session = JsonSession(proxy=settings.proxy or None, api=api)
    return Bot(settings.bot_token.get_secret_value(), session=session)
