"""How does a stored message reach its reader? Claim → say → send → settle.

An answer to a tap is sent at once by the process that stored it; the sweep takes notices
whose time has come and whatever a dead process left.
"""

import asyncio
from collections.abc import Iterable
from functools import partial

import structlog
from aiogram import Bot

from notifier.budget import OwnBudget
from notifier.delivery import Delivery
from notifier.gate import Gate
from notifier.hooks import Hooks
from notifier.lanes import Lanes
from notifier.meters import Meters
from storage import claiming
from storage.database import Desk, Unavailable
from storage.messages import Rank
from storage.rows import LEASE_SECONDS, Row

log = structlog.get_logger(__name__)

AT_ONCE = 120
"""So many chats are in hand at a time; what presses comes in as soon as half of them are done."""
GRACE_SECONDS = 1.0
RENEW_SECONDS = LEASE_SECONDS / 4


class Outbox:
    """Sends what the `outbox` table holds."""

    def __init__(
        self,
        desk: Desk,
        bot: Bot,
        hooks: Hooks,
        gate: Gate | None = None,
        meters: Meters | None = None,
    ) -> None:
        self._desk = desk
        self._gate = gate or Gate(OwnBudget())
        meters = meters or Meters()
        delivery = Delivery(desk, bot, self._gate, hooks, meters, self._freed)
        self._lanes = Lanes(delivery, self._freed)
        self._sweeping = asyncio.Lock()
        self.wake = asyncio.Event()  # set when there may be something to sweep

    async def run(self) -> None:
        """Sweep whenever there may be something, for ever."""
        while True:
            await self.wake.wait()
            self.wake.clear()
            try:
                await self.sweep()
            except Unavailable:
                log.warning("outbox.database_unavailable")
            except Exception as error:
                log.error("outbox.sweep_failed", error=type(error).__name__)

    def send_soon(self, rows: Iterable[Row]) -> None:
        """Send rows this process holds the lease of, in order, without waiting for them."""
        self._lanes.add(rows)

    async def sweep(self) -> None:
        """Claim what is due and send it; a chat's next messages are claimed when one is through."""
        if self._sweeping.locked():
            return
        async with self._sweeping:
            while True:
                room = max(1, AT_ONCE - len(self._lanes))
                rows = await self._desk.unit(partial(claiming.claim, chats=room))
                if not rows:
                    return
                self._lanes.add(rows, claimed=True)
                await self._lanes.fewer(AT_ONCE // 2)

    async def renew(self) -> None:
        """Go on holding what is in hand, however long it takes."""
        if ids := self._lanes.in_hand:
            await self._desk.unit(partial(claiming.renew, ids=ids))

    async def idle(self) -> None:
        """Wait until nothing is being sent."""
        await self._lanes.fewer(1)

    async def stop(self) -> None:
        """Begin no more notices, then no answers either; what is being sent gets a moment.

        What is cut off even so is sent again after the next start.
        """
        for rank in (Rank.PRESSING, Rank.ANSWER):
            self._gate.close(rank)
            await self._lanes.wait(GRACE_SECONDS)
        await self._lanes.cut()
        await self._gate.stop()
        try:
            await self._desk.unit(claiming.give_back)
        except Unavailable:
            log.warning("outbox.database_unavailable")  # the leases run out by themselves

    def _freed(self) -> None:
        self.wake.set()
