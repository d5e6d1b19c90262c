"""When is the record sealed? Every minute what is new, and once more when the bot stops.

The seal is committed, then named in the log beside the key. What a crash kept out of the log is
added before anything else is sealed.
"""

import asyncio
from functools import partial
from pathlib import Path

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage import sealkeys, seals
from storage.database import Desk
from storage.sealkeys import SealKeyError
from storage.seallog import BadLog, SealLog
from storage.seals import Mark
from storage.unit import Unit

log = structlog.get_logger(__name__)


class Sealer:
    """Seals what is new, each seal after the one before.

    Of several processes one is first, and the others go on from its seals a minute later: whoever
    shares a database has the same key, and a log of its own or the same.
    """

    def __init__(self, desk: Desk, key: Ed25519PrivateKey, book: SealLog) -> None:
        self._desk = desk
        self._key = key
        self._book = book

    async def run(self) -> None:
        """Seal everything that is not sealed yet. Raises `Unavailable`.

        Without its log nothing is sealed: what waits then is named by `verify`.
        """
        try:
            with self._book.held() as ours:
                if ours:
                    await self._seal()
        except (OSError, BadLog) as error:
            log.error("seals.log_unusable", error=type(error).__name__)

    async def _seal(self) -> None:
        before = await self._catch_up()
        while mark := await self._desk.unit(partial(seals.seal, key=self._key, before=before)):
            await asyncio.to_thread(self._book.append, [mark])
            before = mark

    async def _catch_up(self) -> Mark:
        """Name the seals in the log that it lacks; the seal to go on from."""
        logged = await asyncio.to_thread(self._book.last)
        while True:
            fresh, newest = await self._desk.look(partial(_since, seal_id=logged.id))
            if not fresh:
                break
            # Not before the standby has them too: the log would name what a failover lost.
            await self._desk.unit(lambda unit: unit.insist())
            await asyncio.to_thread(self._book.append, fresh)
            logged = fresh[-1]
        if newest != logged:
            # Seals were cut off or replaced, or an older copy was put back. The next one takes up
            # the number and signature that the log has last, so that the gap stays to be seen.
            log.error("seals.missing", last=newest.id, logged=logged.id)
        return logged


def _since(unit: Unit, seal_id: int) -> tuple[list[Mark], Mark]:
    """The seals after this one, and the newest there is, of one moment."""
    return seals.since(unit, seal_id), seals.newest(unit)


async def make_sealer(desk: Desk, key_file: Path) -> Sealer:
    """The sealer with its key, which is made at the first start.

    Raises `SealKeyError` when the key cannot be had, or is gone though there are seals of it.
    """
    newest = await desk.look(seals.newest)
    book = SealLog.beside(key_file)
    try:
        key_file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SealKeyError(f"{key_file}: {error.strerror}") from None
    try:
        with book.held(wait=True):  # of two that start for the first time, one makes the key
            key = _the_key(key_file, sealed=newest.id > 0)
        book.begin()
    except OSError as error:
        raise SealKeyError(f"{book.path}: {error.strerror}") from None
    return Sealer(desk, key, book)


def _the_key(key_file: Path, *, sealed: bool) -> Ed25519PrivateKey:
    if sealkeys.exists(key_file):
        key = sealkeys.load(key_file)
    elif sealed:
        raise SealKeyError(f"{key_file}: not there, but this database has seals made with it")
    else:
        key = sealkeys.make(key_file)
    sealkeys.publish(key_file, key)
    return key
