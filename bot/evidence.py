"""What do the operator's commands do with the record? Verify it, erase of it, rotate its keys."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection

from bot.clock import clock_of
from bot.folder import IN_USE, only_one
from bot.opening import make_database, open_desk, vault_of
from bot.settings import Settings, SettingsError
from petitions import numbers
from petitions.events import Why
from storage import erasing, rotating, schema, sealkeys, verifying
from storage.database import Database, Desk, Unavailable
from storage.reading import look_at
from storage.schema import OtherSchema
from storage.sealkeys import SealKeyError
from storage.seallog import BadLog, SealLog
from storage.unit import Unit
from storage.verifying import Checked

T = TypeVar("T")
NO_LOG = "seals.log is not beside the key: seals cut off at the end would not show"


def verify(
    settings: Settings, database: Path | None, public_key: Path | None, tell: Callable[[str], None]
) -> tuple[Checked, int]:
    """Tell of every fault; how much was checked, and how many faults there are.

    Raises `SettingsError` and what else names a setting that is wrong.
    """
    return _look(settings, database, checker(settings, public_key, tell))


def checker(
    settings: Settings, public_key: Path | None, tell: Callable[[str], None]
) -> Callable[[Unit], tuple[Checked, int]]:
    """What verifies the database it is given; to be made before that one is looked at.

    Raises `SettingsError` and what else names a setting that is wrong.
    """
    public, book = _seal_key(settings, public_key)
    # Before the database: the log is never ahead of an honest one, as long as it is read first.
    size = book.size()

    def work(unit: Unit) -> tuple[Checked, int]:
        faults = 0
        log = None if size is None else book.marks(size)
        for fault in verifying.verify(unit, public, log):
            tell(str(fault))
            faults += 1
        if log is None and public_key is None:
            tell(NO_LOG)
            faults += 1
        elif log is None:  # whoever has the public half alone need not have the log
            tell(f"note: {NO_LOG}")
        return verifying.checked(unit), faults

    return work


def _seal_key(
    settings: Settings, public_key: Path | None
) -> tuple[Sequence[Ed25519PublicKey], SealLog]:
    """The public halves to verify with, and the log beside the key."""
    if public_key is None:
        try:
            key = sealkeys.load(settings.seal_key)
        except SealKeyError as error:
            raise SealKeyError(f"{error} (--public-key names a public half instead)") from None
        return [key.public_key()], SealLog.beside(settings.seal_key)
    try:
        return sealkeys.load_public(public_key), SealLog.beside(public_key)
    except SealKeyError as error:
        raise SettingsError(f"--public-key: {error}") from None


def _look(settings: Settings, database: Path | None, work: Callable[[Unit], T]) -> T:
    """Run `work` on the database, or a copy of it, as it stands at one moment; nothing changes."""
    vault = vault_of(settings)

    def whole(connection: Connection) -> T:
        schema.check_tables(connection)
        vault.try_keys(connection)
        return work(Unit(connection, vault, 0, clock_of(settings)(), writes=False))

    try:
        if settings.postgres_url and database is None:
            return asyncio.run(_read(make_database(settings), whole))
        with look_at(database or settings.sqlite_file) as connection:
            return whole(connection)
    except BadLog as error:
        raise SettingsError(str(error)) from None
    except (Unavailable, OtherSchema) as error:
        if database is None:
            raise
        raise SettingsError(f"--database: {error}") from None


async def _read(database: Database, work: Callable[[Connection], T]) -> T:
    await database.open()
    try:
        return await database.read(work)
    finally:
        await database.close()


async def erase(settings: Settings, number: str, why: Why) -> bool:
    """Erase a petition's content for good; False when that was done before.

    Raises `numbers.BadNumber`, `record.Unknown`, `erasing.Unreadable`.
    """
    canonical = numbers.read(number)
    desk = await open_desk(settings)
    try:
        done = await desk.unit(partial(erasing.erase, number=canonical, why=why))
        await desk.database.scrub()
    finally:
        await desk.database.close()
    return done


@dataclass(slots=True)
class Rotated:
    """How much was sealed with the first key, and what none of the keys opens."""

    changed: int = 0
    shut: list[str] = field(default_factory=list)


async def rotate(settings: Settings) -> Rotated:
    """Seal everything with the first of the keys. Raises `SettingsError` beside a running bot."""
    lock = only_one(settings)
    with closing(lock) if lock is not None else nullcontext():
        desk = await open_desk(settings)
        try:
            if await desk.database.others():
                raise SettingsError(IN_USE)
            done = Rotated()
            # Until nothing is found: an operator's command may have written behind our back.
            while changed := await _pass(desk, done):
                done.changed += changed
            await desk.database.scrub()
        finally:
            await desk.database.close()
    return done


async def _pass(desk: Desk, done: Rotated) -> int:
    """Walk everything once; how many were changed."""
    changed, done.shut = 0, []
    for holding in rotating.HOLDINGS:
        page = rotating.Page(after=())
        while page.after is not None:
            page = await desk.unit(
                partial(rotating.rotate, holding=holding, after=page.after or None)
            )
            changed += page.changed
            done.shut += page.shut
    return changed
