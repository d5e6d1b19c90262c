"""When do dates of a year that was not known become final? Once a day, as soon as it is known.

The year is learnt with a new version of the holiday table or from the office file, both read at
the start; so the first look is right after it.
"""

from datetime import date
from functools import partial

import structlog

from dialogs import telling
from dialogs.house import House
from petitions.access import DESK
from petitions.commands import Recount
from petitions.deadlines import local_date
from petitions.lifecycle import Refused
from storage import late, outbox, record
from storage.database import Desk, Unavailable
from storage.unit import Unit

log = structlog.get_logger(__name__)


class Recounter:
    """Counts again what rests on days that are known by now (期限重算)."""

    def __init__(self, desk: Desk, house: House) -> None:
        self._desk = desk
        self._house = house
        self._looked: date | None = None

    async def run(self) -> None:
        """Look once a day of the office's. Raises `Unavailable`, and looks again then."""
        today = local_date(self._desk.clock(), self._house.office.tz)
        if today == self._looked:
            return
        # From the year before: what became due then may wait for its year yet.
        known = self._house.rules.calendar.known_until(date(today.year - 1, 1, 1))
        for petition_id in await self._desk.look(partial(late.unsure, known=known)):
            await self._count(petition_id)
        self._looked = today

    async def _count(self, petition_id: str) -> None:
        """One case in a unit of its own; one that cannot be read keeps no other waiting."""
        try:
            await self._desk.unit(partial(self._recount, petition_id=petition_id))
        except Unavailable:
            raise
        except Exception as error:
            log.error("recount.failed", id=petition_id, error=type(error).__name__)

    def _recount(self, unit: Unit, petition_id: str) -> None:
        try:
            petition = record.load(unit, petition_id, lock=True)
            _, parcels = telling.act(unit, self._house, petition, Recount(), DESK)
        except record.Unknown:
            return  # erased since it was found
        except Refused:
            return  # of a shape that does not say how it was counted, so it stands
        outbox.put(unit, parcels)
