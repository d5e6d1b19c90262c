"""When was everything copied last? For whoever watches over the desk."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from storage.tables import backups
from storage.unit import Unit

KEPT = 100


@dataclass(frozen=True, slots=True)
class Noted:
    """A copy that was made (then it has a name and a size), or an attempt that failed."""

    at: datetime
    name: str | None
    bytes: int | None
    error: str | None


def note(unit: Unit, name: str, size: int) -> None:
    """A copy was made."""
    _write(unit, name=name, bytes=size)


def failed(unit: Unit, error: str) -> None:
    """None could be made; `error` is the kind of error."""
    _write(unit, error=error)


def last(unit: Unit, *, made: bool = True) -> Noted | None:
    """The newest copy; with `made` false the newest attempt, whatever came of it."""
    wanted = select(backups).order_by(backups.c.id.desc()).limit(1)
    row = unit.run(wanted.where(backups.c.name.is_not(None)) if made else wanted).first()
    return Noted(row.at, row.name, row.bytes, row.error) if row else None


def _write(unit: Unit, **values: object) -> None:
    made = unit.run(insert(backups).values(at=unit.now, **values)).inserted_primary_key[0]
    unit.run(delete(backups).where(backups.c.id <= made - KEPT))
