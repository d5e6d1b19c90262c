"""What tells the digests? An errand: the figures are read beside the desk's work, then stored.

A digest is computed once, when it is due, and kept with its message; so a message that has to be
sent again shows the same figures.
"""

from functools import partial

import structlog

from dialogs import digesting
from dialogs.house import House
from documents.digest import Digest
from storage import due, outbox
from storage.database import Desk
from storage.due import Duty
from storage.unit import Unit

log = structlog.get_logger(__name__)

PLAN_SECONDS = 3600.0


class Digests:
    """Tells each digest when it is due, and has the next one planned."""

    def __init__(self, desk: Desk, house: House) -> None:
        self._desk = desk
        self._house = house

    async def begin(self) -> None:
        """Plan what is missing; again every hour, for a clock that was wrong for a while."""
        await self._desk.unit(partial(digesting.begin, house=self._house))

    async def run(self, duty: Duty) -> None:
        """Compute, without holding the desk up; then store what is to be sent."""
        look = partial(digesting.to_tell, house=self._house, duty=duty)
        digest = await self._desk.look(look)
        await self._desk.unit(partial(self._tell, duty=duty, digest=digest))
        log.info("digests.told" if digest else "digests.not_told", id=duty.id)

    def _tell(self, unit: Unit, duty: Duty, digest: Digest | None) -> None:
        due.done(unit, duty)
        outbox.put(unit, digesting.tell(unit, self._house, duty, digest))
