"""What is sealed, and what is not yet? A seal signs the links of the entries that are new.

Each seal takes up the signature of the one before. What it costs grows with what is new: an
index holds the entries that wait, and a seal covers at most `LARGEST` of them.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, insert, select, tuple_, update

from storage.canonical import canonical, stored
from storage.merging import order
from storage.tables import entries, seals
from storage.unit import Unit

LARGEST = 5_000


@dataclass(frozen=True, slots=True)
class Mark:
    """A seal as the log beside the key names it: its number and its signature."""

    id: int
    signature: bytes


NONE = Mark(0, b"")
"""What stands for the seal before the first."""


def newest(unit: Unit) -> Mark:
    """The last seal, or `NONE`."""
    row = unit.run(select(seals).order_by(seals.c.id.desc()).limit(1)).first()
    return Mark(row.id, row.signature) if row else NONE


def since(unit: Unit, seal_id: int, limit: int = 1000) -> list[Mark]:
    """The seals after this one, in order, at most so many."""
    wanted = select(seals.c.id, seals.c.signature).where(seals.c.id > seal_id)
    return [Mark(*row) for row in unit.run(wanted.order_by(seals.c.id).limit(limit))]


def seal(unit: Unit, key: Ed25519PrivateKey, before: Mark, limit: int = LARGEST) -> Mark | None:
    """Seal what is new, at most so many entries, after the seal `before`.

    None: nothing is new, or another process made the seal that follows `before`.
    """
    number = before.id + 1
    rows = _cover(unit, number, limit)
    if not rows:
        return None
    values: dict[str, Any] = {
        "id": number,
        "count": len(rows),
        "digest": digest(rows),
        "previous": before.signature,
        "at": unit.now,
    }
    signature = key.sign(message(values))
    unit.run(insert(seals).values(**values, signature=signature))
    return Mark(number, signature)


def _cover(unit: Unit, number: int, limit: int) -> list[Any]:
    """Put what is new under the seal of this number; its rows in the seal's order.

    One statement: what is added beside it is new still, and not covered unread.
    """
    if unit.run(select(seals.c.id).where(seals.c.id == number)).first() is not None:
        return []
    new = entries.c.seal_id.is_(None)
    place = (entries.c.petition_id, entries.c.seq)
    first = select(*place).where(new).order_by(*place).limit(limit)
    mark = update(entries).where(new, tuple_(*place).in_(first)).values(seal_id=number)
    rows = unit.run(mark.returning(*place, entries.c.chain)).all()
    return sorted(rows, key=lambda row: (order(row.petition_id), order(row.seq)))


def digest(rows: Iterable[Any]) -> bytes:
    """The digest of (petition, number of the entry, its link), row by row, in that order."""
    made = hashlib.sha256()
    for petition_id, seq, chain in rows:
        made.update(canonical([petition_id, seq, chain]) + b"\n")
    return made.digest()


def message(seal: Mapping[str, Any]) -> bytes:
    """What the signature of a seal is over; this form is for ever."""
    told = [stored(seal[name]) for name in ("id", "count", "digest", "previous", "at")]
    return canonical(["minsheng seal", 1, *told])


def unsealed(unit: Unit) -> int:
    """How many entries are not sealed yet."""
    waiting = select(func.count()).select_from(entries).where(entries.c.seal_id.is_(None))
    return int(unit.run(waiting).scalar())
