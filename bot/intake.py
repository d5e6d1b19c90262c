"""How are many updates stored that come at once? Those that wait go together, in one unit.

One unit is under way at a time, and takes all that came meanwhile. So the order of arrival is the
order of storing, and another person's update waits for two units at most, which no flood makes
long: who floods the door has a share of each, and is thereby slowed down.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from storage.database import Unavailable
from storage.inbox import Arrival

TOGETHER = 100
"""So many updates are stored in one unit at most."""
OF_ONE_CHAT = 10
"""So many of them of one chat, which is an album: what is more waits for the next unit."""

Store = Callable[[Sequence[Arrival]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Delivery:
    """What came together, and who waits until it is durable."""

    arrivals: Sequence[Arrival]
    durable: asyncio.Future[None]


class Intake:
    """Stores updates; `store` makes them durable, and is called with one lot at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[_Delivery] = []
        self._task: asyncio.Task[None] | None = None

    async def take(self, arrivals: Sequence[Arrival]) -> None:
        """Returns when these are durable. Raises what storing them raises.

        Whoever is cancelled while they are stored does not stop that.
        """
        durable: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Delivery(arrivals, durable))
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        await durable

    async def idle(self) -> None:
        """Wait until all that came is stored, or is known not to be."""
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        try:
            while self._waiting:
                await self._store_together(self._next())
        finally:
            self._task = None

    def _next(self) -> list[_Delivery]:
        """What goes into one unit: whole deliveries, no chat's beyond its share, in their order."""
        lot: list[_Delivery] = []
        rest: list[_Delivery] = []
        of_chat: Counter[int] = Counter()
        held: set[int] = set()  # chats of which something waits, so that the rest waits behind
        full = False
        for delivery in self._waiting:
            chats = Counter(arrival.chat_id for arrival in delivery.arrivals)
            full = full or of_chat.total() + chats.total() > TOGETHER
            if lot and (full or held & chats.keys() or _beyond(of_chat, chats)):
                rest.append(delivery)
                held |= chats.keys()
            else:
                lot.append(delivery)
                of_chat += chats
        self._waiting = rest
        return lot

    async def _store_together(self, lot: list[_Delivery]) -> None:
        try:
            await self._store([arrival for delivery in lot for arrival in delivery.arrivals])
        except Unavailable as error:
            for delivery in lot:
                _fails(delivery, error)
        except Exception as error:
            if len(lot) == 1:
                _fails(lot[0], error)
                return
            for delivery in lot:  # one of them cannot be stored: the others are not to suffer
                await self._store_together([delivery])
        else:
            for delivery in lot:
                if not delivery.durable.done():
                    delivery.durable.set_result(None)


def _beyond(of_chat: Counter[int], chats: Counter[int]) -> bool:
    return any(of_chat[chat] + count > OF_ONE_CHAT for chat, count in chats.items())


def _fails(delivery: _Delivery, error: Exception) -> None:
    if not delivery.durable.done():
        delivery.durable.set_exception(error)
