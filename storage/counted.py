"""How are the spans of a petition kept? As its record tells of them, only what changed written."""

from functools import cache

from sqlalchemy import delete, insert, update

from storage.prepared import Prepared
from storage.projection import Counted
from storage.tables import spans
from storage.unit import Unit


def write(unit: Unit, petition_id: str, before: Counted, after: Counted) -> None:
    """Turn the rows as they were into the rows as they are."""
    this = spans.c.petition_id == petition_id
    for was, now in zip(before, after, strict=False):
        changed = {name: value for name, value in now.items() if was[name] != value}
        if changed:
            unit.run(update(spans).where(this, spans.c.n == now["n"]).values(changed))
    for row in after[len(before) :]:
        unit.run(_adding(), {"petition_id": petition_id, **row})
    if len(after) < len(before):
        unit.run(delete(spans).where(this, spans.c.n > len(after)))


@cache
def _adding() -> Prepared:
    return Prepared(insert(spans))
