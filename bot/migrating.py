"""How does an operator bring the database to what this program needs? One revision after the other.

What follows works beside running programs where they go on working with it, and else is refused.
"""

from collections.abc import Callable
from contextlib import closing, nullcontext
from functools import partial

from bot.folder import IN_USE, make_folder, only_one
from bot.opening import make_database
from bot.settings import Settings, SettingsError
from storage import migrating, schema
from storage.database import Database
from storage.migrating import InUse, Step
from storage.schema import NEWEST

Tell = Callable[[str], None]


async def migrate(settings: Settings, tell: Tell, *, only_tell: bool = False) -> None:
    """Bring the tables to the newest revision, or only tell what that would do.

    Raises `SettingsError` where another program stands in the way, `OtherSchema`, `Unavailable`.
    """
    make_folder(settings)
    database = make_database(settings, patient=True)
    await database.open()
    try:
        found = await database.read(schema.revision)
        coming = migrating.steps(found)
        if found is None or not coming:
            await _made(database, found, tell, only_tell=only_tell)
            return
        alone = migrating.alone(found, coming)
        tell(f"from revision {found} to {NEWEST}, {'alone' if alone else 'beside other programs'}")
        lock = only_one(settings) if alone and not only_tell else None
        with closing(lock) if lock is not None else nullcontext():
            for step in coming:
                done = only_tell or await _take(database, step, alone=alone)
                tell(f"{step.before} → {step.revision}: {step.about if done else 'done meanwhile'}")
    finally:
        await database.close()


async def _take(database: Database, step: Step, *, alone: bool) -> bool:
    us = database.process if alone else None
    try:
        return await database.write(partial(migrating.take, step=step, alone_as=us))
    except InUse:
        raise SettingsError(IN_USE) from None


async def _made(database: Database, found: str | None, tell: Tell, *, only_tell: bool) -> None:
    """Nothing is to be changed: a new database is given its tables, of another they are ours."""
    if found is not None:
        await database.read(schema.check)
        tell(f"revision {found}: nothing to do")
    elif not only_tell:
        await database.write(schema.prepare)
        tell(f"a new database: its tables are made, of revision {NEWEST}")
    else:
        tell(f"a new database: its tables would be made, of revision {NEWEST}")
