"""The one place where the parts are wired together, started and stopped."""

import asyncio
import fcntl
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
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
from bot.commands import announce
from bot.loading import load_house, load_office
from bot.polling import ALLOWED, poll
from bot.settings import Settings, SettingsError
from bot.updates import Door
from bot.web import Web
from dialogs import notices
from dialogs.duties import DUTIES
from dialogs.routers import dispatcher
from dialogs.staff.grouping import moved
from notifier.fetching import Fetcher
from notifier.outbox import Outbox
from notifier.schedule import Schedule
from storage import files, inbox, outbox, tables
from storage.database import Desk
from storage.sqlite import SqliteDatabase
from storage.unit import Unit
from storage.vault import Vault

log = structlog.get_logger(__name__)

KEEP_DONE = timedelta(days=3)
FETCH_SECONDS = 2.0
PRUNE_SECONDS = 3600.0
LONGEST_PAUSE = 30.0

T = TypeVar("T")


class App:
    """The bot: made from settings, started, run, stopped."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.office = load_office(settings.office_file)
        self.house = load_house(self.office, "")
        token = settings.bot_token.get_secret_value()
        keys = [key.get_secret_value() for key in settings.field_keys]
        self.bot = make_bot(settings)
        self.desk = Desk(
            SqliteDatabase(settings.sqlite_file),
            Vault(keys),
            int(token.split(":")[0]),
            clock_of(settings),
        )
        self._lock: TextIO | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._wired = False

    async def start(self) -> None:
        """Open the database, take up what was left, and begin to listen.

        Raises `SettingsError` when another program uses the data or the messenger does not take
        a setting, `WrongKey` when the keys do not open the database. A start that failed, or was
        cancelled while it waited for the messenger, has let go of everything.
        """
        self._lock = _only_one(self.settings)
        try:
            await self._start()
        except BaseException:
            await self._let_go()
            raise

    async def _start(self) -> None:
        await self.desk.database.open()
        await self.desk.database.write(tables.metadata.create_all)
        await self.desk.database.write(self.desk.vault.check)
        me = await _asked(self.bot.get_me)
        self.house = replace(self.house, bot_username=me.username or "")
        self._wire()
        await self.desk.unit(outbox.release)
        await self.desk.unit(files.release)
        # What was left comes before what follows from what is handled now.
        await self.outbox.sweep()
        await self.door.recover()
        self.schedule.start(self.settings.tick_seconds)
        self._tasks.append(asyncio.create_task(self.outbox.run()))
        self._tasks.append(asyncio.create_task(announce(self.bot, self.house.words)))
        await self._listen()
        log.info("bot.started", bot=me.username)

    async def stop(self) -> None:
        """Finish what is in hand and let go of everything."""
        await self._let_go()
        log.info("bot.stopped")

    async def _let_go(self) -> None:
        if self._wired:
            self.schedule.stop()
            await self.web.stop()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self.door.stop()
            await self.outbox.stop()
        await self.close()

    async def close(self) -> None:
        """Let go of the network and the files."""
        await self.bot.session.close()
        await self.desk.database.close()
        if self._lock is not None:
            self._lock.close()

    def _wire(self) -> None:
        house = self.house
        self.outbox = Outbox(
            self.desk,
            self.bot,
            lambda unit, parcel: notices.say(unit, house, parcel),
            lambda unit, old, new: moved(unit, house, old, new),
        )
        self.door = Door(self.desk, self.bot, dispatcher(), house, self.outbox)
        fetcher = Fetcher(self.desk, self.bot, self.settings.data_folder / "files")
        self.schedule = Schedule(
            self.desk,
            lambda unit, duty: DUTIES[duty.kind](unit, house, duty),
            {
                "outbox": (self.outbox.sweep, self.settings.tick_seconds),
                "files": (fetcher.run, FETCH_SECONDS),
                "prune": (self._prune, PRUNE_SECONDS),
            },
        )
        self.web = Web(self.settings, self.desk, self.door)
        self._wired = True

    async def _listen(self) -> None:
        if not self.settings.webhook_url:
            await _asked(self.bot.delete_webhook)
            self._tasks.append(asyncio.create_task(poll(self.bot, self.door)))
            return
        try:
            await self.web.start()
        except OSError as error:
            raise SettingsError(f"LISTEN_HOST, LISTEN_PORT: {error.strerror}") from None
        try:
            await _asked(self._set_webhook)
        except TelegramBadRequest:
            raise SettingsError("WEBHOOK_URL: the messenger does not take it") from None

    async def _set_webhook(self) -> bool:
        return await self.bot.set_webhook(
            self.settings.webhook_url,
            secret_token=self.settings.webhook_secret.get_secret_value(),
            allowed_updates=ALLOWED,
        )

    async def _prune(self) -> None:
        def work(unit: Unit) -> None:
            before = unit.now - KEEP_DONE
            inbox.prune(unit, before)
            outbox.prune(unit, before)

        await self.desk.unit(work)


async def _asked(method: Callable[[], Awaitable[T]]) -> T:
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


def _only_one(settings: Settings) -> TextIO:
    """Keep a second program off the same SQLite file; the lock goes with the process."""
    make_folder(settings)
    lock = settings.sqlite_file.with_suffix(".lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise SettingsError("DATABASE_URL: another program is using this database") from None
    return lock
