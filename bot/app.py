"""The one place where the parts are wired together, started and stopped."""

import asyncio
import fcntl
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TextIO

import structlog
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError
from aiogram.types import User

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
from storage import inbox, outbox, tables
from storage.database import Desk
from storage.sqlite import SqliteDatabase
from storage.unit import Unit
from storage.vault import Vault

log = structlog.get_logger(__name__)

KEEP_DONE = timedelta(days=3)
FETCH_SECONDS = 2.0
PRUNE_SECONDS = 3600.0


class App:
    """The bot: made from settings, started, run, stopped."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.office = load_office(settings.office_file)
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

    async def start(self) -> None:
        """Open the database, take up what was left, and begin to listen.

        Raises `SettingsError` when another program uses the data, `WrongKey` when the keys do
        not open the database.
        """
        self._lock = _only_one(self.settings)
        try:
            await self._start()
        except BaseException:
            await self.close()
            raise

    async def _start(self) -> None:
        await self.desk.database.open()
        await self.desk.database.write(tables.metadata.create_all)
        await self.desk.database.write(self.desk.vault.check)
        me = await self._who_am_i()
        self.house = load_house(self.office, me.username or "")
        self._wire()
        await self.desk.unit(outbox.release)
        await self.door.recover()
        self.schedule.start(self.settings.tick_seconds)
        self._tasks.append(asyncio.create_task(self.outbox.run()))
        self._tasks.append(asyncio.create_task(announce(self.bot, self.house.words)))
        await self._listen()
        log.info("bot.started", bot=me.username)

    async def stop(self) -> None:
        """Finish what is in hand and let go of everything."""
        self.schedule.stop()
        await self.web.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.door.stop()
        await self.outbox.stop()
        await self.close()
        log.info("bot.stopped")

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

    async def _listen(self) -> None:
        if not self.settings.webhook_url:
            await self.bot.delete_webhook()
            self._tasks.append(asyncio.create_task(poll(self.bot, self.door)))
            return
        await self.web.start()
        await self.bot.set_webhook(
            self.settings.webhook_url,
            secret_token=self.settings.webhook_secret.get_secret_value(),
            allowed_updates=ALLOWED,
        )

    async def _who_am_i(self) -> User:
        """Ask the messenger who we are; wait for it if it is away."""
        pause = 0.5
        while True:
            try:
                return await self.bot.get_me()
            except TelegramAPIError as error:
                log.warning("messenger.away", error=type(error).__name__, seconds=pause)
                await asyncio.sleep(pause)
                pause = min(30.0, pause * 2)

    async def _prune(self) -> None:
        def work(unit: Unit) -> None:
            before = unit.now - KEEP_DONE
            inbox.prune(unit, before)
            outbox.prune(unit, before)

        await self.desk.unit(work)


def make_bot(settings: Settings) -> Bot:
    """The client of the messenger's API, at whatever address the settings name."""
    api = TelegramAPIServer.from_base(str(settings.bot_api_url).rstrip("/"))
    session = AiohttpSession(proxy=settings.proxy or None, api=api)
    return Bot(settings.bot_token.get_secret_value(), session=session)


def clock_of(settings: Settings) -> Callable[[], datetime]:
    """The system's clock; in the demo and the tests, one that can be moved."""
    return MovableClock(settings.demo_clock) if settings.demo_clock else system_clock


def _only_one(settings: Settings) -> TextIO:
    """Keep a second program off the same SQLite file; the lock goes with the process."""
    settings.sqlite_file.parent.mkdir(parents=True, exist_ok=True)
    lock = settings.sqlite_file.with_suffix(".lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise SettingsError("DATABASE_URL: another program is using this database") from None
    return lock
