"""How does a desk move from SQLite to PostgreSQL? All of it is copied, counted and verified.

The source is left as it is; the copy is taken for a database only when all of it is there.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial

from pydantic import SecretStr
from sqlalchemy import Connection

from bot.clock import clock_of
from bot.evidence import checker
from bot.folder import only_one
from bot.opening import make_database, vault_of
from bot.settings import POSTGRES, Settings, SettingsError
from storage import moving, schema
from storage.database import Database, Unavailable
from storage.moving import CannotMove
from storage.reading import look_at, untouched
from storage.schema import OtherSchema
from storage.seallog import BadLog
from storage.unit import Unit
from storage.vault import Vault
from storage.verifying import Checked

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Moved:
    """What the copy's record was found to be."""

    checked: Checked
    faults: int


async def copy_database(settings: Settings, to: str, tell: Tell, *, anew: bool) -> Moved:
    """Copy everything to the PostgreSQL database at this address, which is never told to anybody.

    Raises `SettingsError`, `OtherSchema`, `Unavailable` of the source, `WrongKey`, `SealKeyError`.
    """
    _see_where(settings, to)
    vault = vault_of(settings)
    with _source(settings) as source:
        vault.try_keys(source)
        there = settings.model_copy(update={"database_url": SecretStr(to)})
        target = make_database(there, patient=True)
        try:
            await target.open()
            await moving.begin(target, anew=anew)
            await _copy(source, target, tell)
            moved = await _verify(settings, vault, source, target, tell)
            await moving.take(target)
        except (CannotMove, OtherSchema, Unavailable) as error:
            raise SettingsError(f"--to: {error}") from None
        except BadLog as error:
            raise SettingsError(str(error)) from None
        finally:
            await target.close()
    return moved


def _see_where(settings: Settings, to: str) -> None:
    if settings.postgres_url:
        raise SettingsError("DATABASE_URL: it is PostgreSQL already; a copy is begun from SQLite")
    if not to.startswith(POSTGRES):
        raise SettingsError("--to: postgresql://… is needed")
    if not settings.sqlite_file.exists():
        raise SettingsError("DATABASE_URL: there is no database to copy")


@contextmanager
def _source(settings: Settings) -> Iterator[Connection]:
    """The database to copy: no bot runs on it, no command writes to it, its tables are ours."""
    with ExitStack() as held:
        lock = only_one(settings)
        if lock is not None:
            held.enter_context(lock)
        held.enter_context(untouched(settings.sqlite_file))
        source = held.enter_context(look_at(settings.sqlite_file))
        schema.check_tables(source)
        yield source


async def _copy(source: Connection, target: Database, tell: Tell) -> None:
    for table in moving.copied():
        await moving.fill(source, target, table)
        await moving.finish(target, table)
        ours = moving.count(source, table)
        theirs = await target.read(partial(moving.count, table=table))
        if ours != theirs:
            raise CannotMove(f"{table.name}: {theirs} rows of {ours} came over")
        tell(f"{table.name}: {theirs} rows")


async def _verify(
    settings: Settings, vault: Vault, source: Connection, target: Database, tell: Tell
) -> Moved:
    """The copy's record is verified; faults are the source's own, or the copy is none."""
    found = _Faults(tell)
    work = checker(settings, None, found.tell)
    clock = clock_of(settings)
    moved = Moved(*await target.read(lambda c: work(Unit(c, vault, 0, clock(), writes=False))))
    if moved.faults:
        before = _Faults(lambda _: None)
        work = checker(settings, None, before.tell)
        work(Unit(source, vault, 0, clock(), writes=False))
        if before.digest() != found.digest():
            raise CannotMove("the copy has faults that the source has not; it is not taken")
        tell("the source has these faults too")
    return moved


class _Faults:
    """Faults told of, to be compared with others without keeping them."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._told = hashlib.sha256()

    def tell(self, fault: str) -> None:
        self._told.update(fault.encode("utf-8", "surrogateescape") + b"\n")
        self._tell(fault)

    def digest(self) -> bytes:
        return self._told.digest()
