"""The one place where the parts are wired together, started and stopped."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TextIO

import structlog
from aiogram.exceptions import TelegramBadRequest

from bot.backup import BACKUP, Backups
from bot.chores import Chores
from bot.commands import announce
from bot.digests import PLAN_SECONDS, Digests
from bot.folder import only_one
from bot.health import Health
from bot.hearing import Hearing
from bot.heir import LOOK_SECONDS, Heir
from bot.loading import load_house, load_office
from bot.logs import places
from bot.monitor import Monitor
from bot.opening import make_desk, see
from bot.polling import ALLOWED, poll
from bot.recounting import Recounter
from bot.sealing import make_sealer
from bot.settings import Settings, SettingsError
from bot.starting import asked, make_bot
from bot.updates import Door
from bot.web import Web
from dialogs import expiring, notices
from dialogs.digesting import DIGEST
from dialogs.duties import DUTIES
from dialogs.reaching import reached, unreachable
from dialogs.routers import Routes
from dialogs.staff.grouping import moved
from documents import draw, read
from notifier.budget import OwnBudget
from notifier.fetching import Fetcher
from notifier.gate import Gate
from notifier.hooks import Hooks
from notifier.meters import Meters
from notifier.outbox import RENEW_SECONDS, Outbox
from notifier.schedule import Schedule
from notifier.shared import SharedBudget
from storage.unit import Unit

log = structlog.get_logger(__name__)

FETCH_SECONDS = 2.0
SCRUB_SECONDS = 3600.0


class App:
    """The bot: made from settings, started, run, stopped."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.office = load_office(settings.office_file)
        self.house = load_house(self.office, "")
        self.bot = make_bot(settings)
        self.desk = make_desk(settings)
        self.health = Health(self.desk)
        self.meters = Meters()
        self.monitor = Monitor(settings, self.desk, self.meters, self.health)
        self._lock: TextIO | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._wired = False

    async def start(self) -> None:
        """Open the database, take up what was left, and begin to listen.

        Raises `SettingsError` when another program uses the data or the messenger does not take
        a setting, `WrongKey` when the keys do not open the database, `OtherSchema` when another
        version of the program made it, `SealKeyError` when the key that seals it is gone. A start
        that failed, or was cancelled while it waited for the messenger, has let go of everything.
        """
        self._lock = only_one(self.settings)
        try:
            await self._start()
        except BaseException:
            await self._let_go()
            raise

    async def _start(self) -> None:
        await self.desk.database.open()
        await see(self.desk)
        self.chores = Chores(self.desk, await make_sealer(self.desk, self.settings.seal_key))
        await self.monitor.start()  # while the messenger is away it is looked at all the more
        me = await asked(self.bot.get_me)
        self.house = replace(self.house, bot_username=me.username or "")
        self._wire()
        await self.desk.unit(self._begin)
        await self.digests.begin()
        # What was left is taken up at once, but not waited for: taps are answered meanwhile.
        self.outbox.wake.set()
        self._tasks.append(asyncio.create_task(self.outbox.run()))
        await self.heir.run()
        self.schedule.start(self.settings.tick_seconds)
        self._tasks.append(asyncio.create_task(announce(self.bot, self.house.words)))
        await self._listen()
        self.health.started()
        log.info("bot.started", bot=me.username)

    async def stop(self) -> None:
        """Finish what is in hand and let go of everything; say so first, for DRAIN_SECONDS."""
        self.health.stopping()
        if self.settings.webhook_url:
            await asyncio.sleep(self.settings.drain_seconds)  # a balancer asks /ready meanwhile
        await self._let_go()
        log.info("bot.stopped")

    async def _let_go(self) -> None:
        if self._wired:
            self.backups.stop()
            self.schedule.stop()
        for end in (*(self._ends() if self._wired else ()), self.monitor.stop):
            try:
                await end()
            except Exception as error:  # the rest is let go of all the same
                log.error("bot.not_let_go", error=places(error))
        await self.close()

    def _ends(self) -> tuple[Callable[[], Awaitable[None]], ...]:
        """What is ended one after the other; then the monitor, which watches that too."""
        return (
            self.web.stop,
            self._end_tasks,
            self.door.stop,
            self.outbox.stop,
            self.chores.stop,
            self.schedule.idle,
        )

    async def _end_tasks(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Let go of the network and the files."""
        await self.bot.session.close()
        await self.desk.database.close()
        if self._lock is not None:
            self._lock.close()

    def _wire(self) -> None:
        house, meters = self.house, self.meters
        meters.messenger(answered=True)  # it told the bot's name a moment ago
        self.bot.session.middleware(Hearing(meters))
        self.outbox = Outbox(self.desk, self.bot, self._hooks(), self._gate(), meters)
        self.door = Door(self.desk, self.bot, Routes(), house, self.outbox)
        self.heir = Heir(self.desk, self.door, self.outbox)
        fetcher = Fetcher(self.desk, self.bot, self.settings.files)
        self.backups = Backups(self.desk, self.settings, self.office)
        self.digests = Digests(self.desk, house)
        self.schedule = Schedule(
            self.desk,
            lambda unit, duty: DUTIES[duty.kind](unit, house, duty),
            {
                "outbox": (self.outbox.sweep, self.settings.tick_seconds),
                "leases": (self.outbox.renew, RENEW_SECONDS),
                "heir": (self.heir.run, LOOK_SECONDS),
                "files": (fetcher.run, FETCH_SECONDS),
                # A key that was destroyed leaves the files too.
                "scrub": (self.desk.database.scrub, SCRUB_SECONDS),
                "recount": (Recounter(self.desk, house).run, self.settings.tick_seconds),
                "digests": (self.digests.begin, PLAN_SECONDS),
                **self.chores.jobs(),
            },
            {BACKUP: self.backups.run, DIGEST: self.digests.run},
            meters=meters,
        )
        self.web = Web(self.settings, self.health, self.door)
        self._wired = True

    def _hooks(self) -> Hooks:
        house = self.house
        return Hooks(
            say=lambda unit, parcel: notices.say(unit, house, parcel),
            draw=lambda paper: draw(read(paper.kind, paper.facts), paper.language, house.words),
            moved=lambda unit, old, new: moved(unit, house, old, new),
            unreachable=lambda unit, parcel, first: unreachable(unit, house, parcel, news=first),
            reached=lambda unit, chat_id: reached(unit, house, chat_id),
        )

    def _gate(self) -> Gate:
        """Who goes next, by an account of one's own where no other process can send."""
        rates = self.settings.rates
        shared = self.settings.postgres_url
        return Gate(SharedBudget(self.desk, rates) if shared else OwnBudget(rates), rates)

    def _begin(self, unit: Unit) -> None:
        """What is due every day has its row."""
        expiring.begin(unit, self.house)
        self.backups.begin(unit)

    async def _listen(self) -> None:
        if not self.settings.webhook_url:
            await asked(self.bot.delete_webhook)
            self._tasks.append(asyncio.create_task(poll(self.bot, self.door)))
            return
        await self.web.start()
        try:
            await asked(self._set_webhook)
        except TelegramBadRequest:
            raise SettingsError("WEBHOOK_URL: the messenger does not take it") from None

    async def _set_webhook(self) -> bool:
        return await self.bot.set_webhook(
            self.settings.webhook_url,
            secret_token=self.settings.webhook_secret.get_secret_value(),
            allowed_updates=ALLOWED,
        )
