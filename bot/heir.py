"""Who goes on with what a process that died had in hand? The first that finds it gone."""

from functools import partial

import structlog

from bot.updates import Door
from notifier.outbox import Outbox
from storage import leases
from storage.database import Desk

log = structlog.get_logger(__name__)

LOOK_SECONDS = 2.0


class Heir:
    """Looks who is gone, and takes over."""

    def __init__(self, desk: Desk, door: Door, out: Outbox) -> None:
        self._desk = desk
        self._door = door
        self._out = out

    async def run(self) -> None:
        """Give back what the dead held, and take up what waited for them."""
        holders = await self._desk.look(leases.holders)
        gone = await self._desk.database.gone(holders)
        if gone:
            freed = await self._desk.unit(partial(leases.give_back, gone=gone))
            log.info("leases.given_back", processes=len(gone), count=freed)
            self._out.wake.set()
        await self._door.take_over(gone)
