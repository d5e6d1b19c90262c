"""How are the tables of a database changed to those of a newer revision?

One revision is one unit: all of it or nothing. Alembic runs what the revision says on the unit's
own connection. Only commands import this module, because alembic is heavy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, insert, select, update

from storage import schema
from storage.schema import FIRST, revisions
from storage.tables import schema as programs

MIGRATING = 0x6D6967  # any number that nothing else locks
FOLDER = str(files("storage") / "migrations")


class InUse(Exception):
    """Another program uses the database, and would not work with what is to come."""


@dataclass(frozen=True, slots=True)
class Step:
    """One revision: which it follows, whose programs go on working with it, what it does."""

    before: str | None
    revision: str
    oldest: str
    about: str


def steps(found: str | None) -> list[Step]:
    """What is to be done to tables of this revision, in its order; None for none at all."""
    script = ScriptDirectory.from_config(_config())
    every = reversed(list(script.walk_revisions()))
    return [_step(each) for each in every if found is None or each.revision > found]


def alone(found: str | None, coming: Sequence[Step]) -> bool:
    """Whether programs of the revision that was found would not work with what is coming."""
    return found is not None and any(step.oldest > found for step in coming)


def take(connection: Connection, step: Step, alone_as: str | None = None) -> bool:
    """Take this step; False where somebody has taken it since. Raises `InUse`, `OtherSchema`.

    `alone_as` is the process's own name, where no other may be at work.
    """
    _keep_others_off(connection, alone_as)
    found = schema.revision(connection)
    if found is not None and found >= step.revision:
        return False
    if found == FIRST and not _stamped(connection):
        revisions.create(connection)
        connection.execute(insert(revisions).values(version_num=FIRST))
    # The unit's transaction is alembic's too: it neither begins nor commits one of its own.
    assert connection.in_transaction()
    command.upgrade(_config(connection), step.revision)
    if step.revision > FIRST:
        connection.execute(update(programs).values(oldest=step.oldest))
    return True


def _step(script: Any) -> Step:
    return Step(script.down_revision, script.revision, script.module.oldest, script.doc)


def _config(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", FOLDER.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _stamped(connection: Connection) -> bool:
    return bool(connection.dialect.has_table(connection, revisions.name))


def _keep_others_off(connection: Connection, alone_as: str | None) -> None:
    """Have nobody else migrate until this unit's end; nor begin to use the tables, if need be."""
    if connection.dialect.name != "postgresql":
        return
    from storage.postgres import present

    connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))
    if alone_as is not None:
        schema.keep_still(connection)
        if present(connection) - {alone_as}:
            raise InUse
