"""How do the office's keys come to be changed? What the others sealed is sealed with the first.

The petitions' keys are wrapped anew, what they seal stays as it is. Page by page, each in a
unit of its own: what a crash cut off is simply begun again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, ColumnElement, select, tuple_, update

from storage.chain import OFFICE_SEALED
from storage.tables import entries, inbox, keys, outbox
from storage.unit import Unit
from storage.vault import WrongKey

LIMIT = 500


@dataclass(frozen=True, slots=True)
class Holding:
    """A column with what is sealed under the office's own keys, and in which of its rows."""

    column: Column[Any]
    where: Sequence[ColumnElement[bool]] = ()

    def __str__(self) -> str:
        return f"{self.column.table.name}.{self.column.name}"


HOLDINGS = (
    Holding(keys.c.wrapped),
    Holding(inbox.c.payload),
    Holding(inbox.c.error),
    Holding(outbox.c.payload, [outbox.c.key_id.is_(None)]),
    Holding(outbox.c.shown, [outbox.c.key_id.is_(None)]),
    Holding(entries.c.body, [entries.c.kind.in_(OFFICE_SEALED)]),
)


@dataclass(slots=True)
class Page:
    """What became of a page: where to go on, how many were changed, which could not be opened."""

    after: tuple[Any, ...] | None
    changed: int = 0
    shut: list[str] = field(default_factory=list)


def rotate(unit: Unit, holding: Holding, after: tuple[Any, ...] | None, limit: int = LIMIT) -> Page:
    """Seal a page of rows with the first key; the page after it begins after `Page.after`."""
    column = holding.column
    primary = list(column.table.primary_key.columns)
    where = [column.is_not(None), *holding.where]
    if after is not None:
        where.append(tuple_(*primary) > after)
    wanted = select(*primary, column).where(*where).order_by(*primary).limit(limit)
    rows = unit.run(wanted.with_for_update()).all()  # what is done meanwhile is not brought back
    page = Page(tuple(rows[-1][:-1]) if len(rows) == limit else None)
    for *place, sealed in rows:
        this = [each == value for each, value in zip(primary, place, strict=True)]
        try:
            renewed = unit.vault.renew(sealed) if sealed else None
        except WrongKey:
            page.shut.append(f"{holding} {' '.join(map(str, place))}")
            continue
        if renewed is not None:
            unit.run(update(column.table).where(*this).values({column: renewed}))
            page.changed += 1
    return page
