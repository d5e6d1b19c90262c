"""The door in: every update is stored, acknowledged, and handled in its chat's turn.

An update's effects and its done mark are one commit, so a crash at any instruction means it
is handled again and has its effect once. Tries are counted outside that commit; an update
that keeps failing is set aside with its error, its sender gets an apology, the rest goes on.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from functools import partial
from heapq import heappop, heappush

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import CallbackQuery, TelegramObject

from bot.intake import Intake
from bot.logs import places
from bot.reading import Unreadable, read
from dialogs.house import House
from dialogs.reaching import welcome_back
from dialogs.routers import Routes
from dialogs.turn import Turn
from notifier.calls import answer_call
from notifier.outbox import Outbox
from storage import inbox, outbox, people
from storage.database import Desk, Unavailable
from storage.inbox import Arrival, NotYet
from storage.messages import Parcel, Post
from storage.rows import Row
from storage.unit import Unit

log = structlog.get_logger(__name__)

TRIES = 5
BUSY_PAUSE = 0.2
TURN_PAUSE = 0.05
"""Seconds until one asks again whether another process is through with the chat."""
GRACE_SECONDS = 0.5


class Door:
    """Takes updates in and sees each through."""

    def __init__(self, desk: Desk, bot: Bot, routes: Routes, house: House, out: Outbox) -> None:
        self._desk = desk
        self._bot = bot
        self._routes = routes
        self._house = house
        self._out = out
        self._queues: defaultdict[int, list[Arrival]] = defaultdict(list)  # heaps
        self._in_hand: dict[int, int] = {}  # by update id, its place
        self._turns: dict[int, asyncio.Task[None]] = {}
        self._answers: set[asyncio.Task[None]] = set()
        self._alone = asyncio.Lock()
        self._intake = Intake(self._store)
        self._stopping = False

    async def receive(self, arrivals: Sequence[Arrival]) -> None:
        """Store updates; they are durable when this returns. Raises `Unavailable`."""
        await self._intake.take(arrivals)

    async def _store(self, arrivals: Sequence[Arrival]) -> None:
        self._queue(await self._desk.unit(lambda unit: inbox.store(unit, arrivals)))

    async def take_over(self, gone: Collection[str]) -> None:
        """Take up what these processes had stored and not finished, and what nobody has in hand."""
        while left := await self._desk.unit(
            partial(
                inbox.left,
                gone=gone,
                known=frozenset(self._in_hand),
                places=tuple(self._in_hand.values()),
            )
        ):
            log.info("inbox.taken_over", count=len(left))
            self._queue(left)

    async def stop(self) -> None:
        """Finish the updates in hand; what is queued stays in the inbox, for others."""
        self._stopping = True
        await self._intake.idle()
        await asyncio.gather(*self._turns.values())
        try:
            await self._desk.unit(inbox.let_go)
        except Unavailable:
            log.warning("inbox.database_unavailable")  # who finds this process gone takes it over
        if self._answers:
            _, late = await asyncio.wait(self._answers, timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def idle(self) -> None:
        """Wait until every queued update is seen through."""
        while self._turns:
            await asyncio.wait(self._turns.values())

    def _queue(self, arrivals: Iterable[Arrival]) -> None:
        for arrival in arrivals:
            self._in_hand[arrival.update_id] = arrival.place
            heappush(self._queues[arrival.chat_id], arrival)
            if arrival.chat_id not in self._turns:
                task = asyncio.create_task(self._take_turns(arrival.chat_id))
                self._turns[arrival.chat_id] = task

    async def _take_turns(self, chat_id: int) -> None:
        """One chat's updates in order; different chats go on side by side."""
        queue = self._queues[chat_id]
        try:
            while queue and not self._stopping:
                arrival = heappop(queue)
                try:
                    await self._see_through(arrival)
                    self._in_hand.pop(arrival.update_id, None)
                except NotYet:
                    heappush(queue, arrival)
                    await asyncio.sleep(TURN_PAUSE)
        finally:
            del self._turns[chat_id]
            for left in self._queues.pop(chat_id):
                self._in_hand.pop(left.update_id, None)

    async def _see_through(self, arrival: Arrival) -> None:
        attempts, trace = arrival.attempts, "too many tries"
        counted = not arrival.suspect
        while not self._stopping:
            try:
                if attempts > TRIES:
                    await self._give_up(arrival, trace)
                elif counted:
                    await self._handle(arrival)
                else:
                    # One at a time: should this process die too, no other is counted with it.
                    async with self._alone:
                        await self._desk.unit(partial(inbox.begin, arrival=arrival))
                        counted = True
                        await self._handle(arrival)
                return
            except NotYet:
                raise
            except Unavailable:
                # Not the update's fault: it waits for the database, and no try is counted.
                log.warning("update.database_unavailable", update=arrival.update_id)
            except Unreadable as error:
                log.error("update.unreadable", update=arrival.update_id)
                attempts, trace = TRIES + 1, places(error)
                continue
            except Exception as error:
                attempts += 1
                trace = places(error)
                log.error("update.failed", update=arrival.update_id, error=trace)
                with suppress(Unavailable):  # this process counts on all the same
                    await self._desk.unit(lambda unit: inbox.count_attempt(unit, arrival.update_id))
            await asyncio.sleep(BUSY_PAUSE)

    async def _handle(self, arrival: Arrival) -> None:
        update = read(arrival.body, self._bot)
        performed: list[list[Row]] = []

        async def perform(work: Callable[[Unit], Turn]) -> Turn | None:
            def whole(unit: Unit) -> tuple[Turn | None, list[Row]]:
                if not inbox.take(unit, arrival):
                    return None, []  # another process was quicker
                turn = work(unit)
                if turn.returned:
                    welcome_back(turn)
                return turn, outbox.put(unit, turn.parcels)

            turn, rows = await self._desk.unit(whole)
            performed.append(rows)
            if turn is not None:
                self._answer(event, turn)
                if any(not parcel.urgent for parcel in turn.parcels):
                    self._out.wake.set()
            self._out.send_soon(rows)
            return turn

        if update is not None:
            kind, event = update
            with_it = {"house": self._house, "perform": perform, "look": self._desk.look}
            await self._routes.offer(kind, event, bot=self._bot, **with_it)
        if not performed:  # nothing we asked for: it is done by being seen
            await self._desk.unit(partial(inbox.take, arrival=arrival))

    def _answer(self, event: TelegramObject, turn: Turn) -> None:
        """Answer a tap at once; such answers are neither stored nor retried."""
        if not isinstance(event, CallbackQuery):
            return
        task = asyncio.create_task(self._answer_tap(event.id, turn))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _answer_tap(self, query_id: str, turn: Turn) -> None:
        try:
            call = answer_call(query_id, turn.toast, alert=turn.alert)
            await self._bot(call)  # type: ignore[arg-type]  # our session takes it
        except AiogramError as error:
            log.info("tap.not_answered", error=type(error).__name__)

    async def _give_up(self, arrival: Arrival, trace: str) -> None:
        """Set a poison update aside and apologise to who sent it."""

        def work(unit: Unit) -> list[Row] | None:
            if not inbox.set_aside(unit, arrival.update_id, trace):
                return None  # done by another process, or apologised for already
            if arrival.chat_id <= 0:
                return []
            person = people.find(unit, arrival.chat_id)
            language = person.language if person else self._house.office.language
            text = self._house.words.say("sorry", language)
            return outbox.put(
                unit, [Parcel(chat_id=arrival.chat_id, post=Post(key="sorry", text=text))]
            )

        sorry = await self._desk.unit(work)
        if sorry is not None:
            log.error("update.set_aside", update=arrival.update_id)
            self._out.send_soon(sorry)
