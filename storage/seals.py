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
    """Seal what is new, at most so many entries, after the seal `before`; None: nothing is new."""
    columns = (entries.c.petition_id, entries.c.seq, entries.c.chain)
    new = entries.c.seal_id.is_(None)
    order = (entries.c.petition_id, entries.c.seq)
    rows = unit.run(select(*columns).where(new).order_by(*order).limit(limit)).all()
    if not rows:
        return None
    values: dict[str, Any] = {
        "id": before.id + 1,
        "count": len(rows),
        "digest": digest(rows),
        "previous": before.signature,
        "at": unit.now,
    }
    signature = key.sign(message(values))
    unit.run(insert(seals).values(**values, signature=signature))
    last = tuple_(*(rows[-1][:2]))
    unit.run(update(entries).where(new, tuple_(*order) <= last).values(seal_id=values["id"]))
    return Mark(values["id"], signature)


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
