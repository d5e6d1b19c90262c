"""What has to be there before the bot can start? The client, the clock, the folder, the lock."""

import asyncio
import fcntl
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TextIO, TypeVar

import structlog
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)

from bot.clock import MovableClock, system_clock
from bot.settings import Settings, SettingsError

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
    session = AiohttpSession(proxy=settings.proxy or None, api=api)
    return Bot(settings.bot_token.get_secret_value(), session=session)


def clock_of(settings: Settings) -> Callable[[], datetime]:
    """The system's clock; in the demo and the tests, one that can be moved."""
    return MovableClock(settings.demo_clock) if settings.demo_clock else system_clock


def make_folder(settings: Settings) -> None:
    """Make the folder the database is in. Raises `SettingsError`."""
    try:
        settings.sqlite_file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        key = "DATABASE_URL" if settings.database_url else "DATA_FOLDER"
        raise SettingsError(f"{key}: {error.strerror}") from None


def only_one(settings: Settings) -> TextIO:
    """Keep a second program off the same SQLite file; the lock goes with the process."""
    make_folder(settings)
    lock = settings.sqlite_file.with_suffix(".lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise SettingsError("DATABASE_URL: another program is using this database") from None
    return lock
