"""How far is a case's record chained and sealed? What a dossier says of it: hashes and dates."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storage.tables import entries, seals
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Evidence:
    """The newest link of the chain, as hex, and the newest seal that covers a part of it."""

    entries: int
    head: str
    seal: int | None
    sealed_at: datetime | None


def evidence_of(unit: Unit, petition_id: str) -> Evidence:
    """What can be checked of this case with `minsheng verify`."""
    rows = unit.run(
        select(entries.c.chain, entries.c.seal_id)
        .where(entries.c.petition_id == petition_id)
        .order_by(entries.c.seq)
    ).all()
    seal = max((row.seal_id for row in rows if row.seal_id is not None), default=None)
    at = unit.run(select(seals.c.at).where(seals.c.id == seal)).scalar() if seal else None
    return Evidence(len(rows), rows[-1].chain.hex(), seal, at)
