"""What does the program do of itself, whatever anybody asks? Prune, seal, forget."""

from collections.abc import Awaitable, Callable

import structlog

from bot.sealing import Sealer
from storage import pruning
from storage.database import Desk, Unavailable

log = structlog.get_logger(__name__)

PRUNE_SECONDS = 3600.0
SEAL_SECONDS = 60.0
FORGET_SECONDS = 60.0


class Chores:
    """The jobs nobody asks for, and what of them is done once more at the end."""

    def __init__(self, desk: Desk, sealer: Sealer) -> None:
        self._desk = desk
        self._sealer = sealer

    def jobs(self) -> dict[str, tuple[Callable[[], Awaitable[None]], float]]:
        """Name → job, and every how many seconds of real time it is done."""
        return {
            "prune": (self._prune, PRUNE_SECONDS),
            "seal": (self._sealer.run, SEAL_SECONDS),
            "forget": (self._forget, FORGET_SECONDS),
        }

    async def stop(self) -> None:
        """Seal what is not sealed yet; what cannot be now is sealed after the next start."""
        try:
            await self._sealer.run()
        except Unavailable:
            log.warning("seals.database_unavailable")

    async def _prune(self) -> None:
        """In units of their own, so that nobody waits long behind one."""
        while await self._desk.unit(pruning.prune):
            pass

    async def _forget(self) -> None:
        """What another process has erased is not read by this one either, a minute later."""
        self._desk.vault.forget()
