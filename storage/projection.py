"""What does a petition's row say after an entry, and which digest stands for it?

The row, its ties to whoever is involved in it, and the spans it is counted by are projected from
the record; each entry keeps the digest of all as it left them, so that they can be checked when
the content is gone.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Row

from petitions.access import ties
from petitions.concerned import inquirers
from petitions.deadlines import Deadline
from petitions.record import Petition, State
from petitions.spans import spans
from storage.canonical import canonical, stored
from storage.tables import petitions
from storage.tables import spans as span_table

FIXED = ("id", "bot_id", "code_digest", "petitioner_id", "key_id")
"""Columns that no entry tells of: given when the petition is registered, the same ever after."""

Ties = set[tuple[str, str]]
"""(kind, who) of everybody who is involved in the case beside its unit, or shielded from it."""


Counted = list[dict[str, Any]]
"""The rows of a petition's spans in their order, without its id."""
ABOUT = ("purpose", "category", "district")
SPAN_COLUMNS = tuple(column.key for column in span_table.columns if column.key != "petition_id")


def project(petition: Petition) -> dict[str, Any]:
    """Every column but the fixed ones, as the record says they are."""
    filing = petition.filing
    asked = [s.deadline for s in petition.supervisions]
    return {
        "number": petition.number,
        "purpose": filing.purpose,
        "category": filing.category,
        "district": filing.district,
        "unit_id": petition.unit,
        "holder_id": petition.holder,
        "state": petition.state,
        "version": petition.version,
        "length": len(petition.entries),
        "registered_at": petition.registered_at,
        "updated_at": petition.entries[-1].at,
        "due_on": _first(petition.duties),
        "answer_by": _first(asked),
        "inquirer_id": next(iter(inquirers(petition)), None),
        "unsure_on": _first(d for d in (*petition.deadlines, *asked) if d.provisional),
    }


def _first(deadlines: Iterable[Deadline]) -> str | None:
    """The soonest last day, as the column holds it."""
    return min((d.due.isoformat() for d in deadlines), default=None)


def ties_of(petition: Petition) -> Ties:
    """Who is involved or shielded, as the record says; nobody once the content is gone."""
    return set() if petition.state is State.ERASED else set(ties(petition))


def fixed_of(row: Row[Any]) -> dict[str, Any]:
    """The fixed columns of this row."""
    return {name: getattr(row, name) for name in FIXED}


def spans_of(petition: Petition, bot_id: int) -> Counted:
    """What the figures count of it, as the record says; also once the content is gone."""
    return [
        {
            "n": n,
            "bot_id": bot_id,
            "kind": span.kind,
            "since_on": span.since.isoformat(),
            "due_on": span.due and span.due.isoformat(),
            "done_on": span.done and span.done.isoformat(),
            "counted_on": span.counted and span.counted.isoformat(),
            "unit_id": span.unit,
            "how": span.how,
            "days": span.days,
            **dict(zip(ABOUT, span.filing or (None, None, None), strict=True)),
        }
        for n, span in enumerate(spans(petition), 1)
    ]


def digest_after(fixed: Mapping[str, Any], petition: Petition) -> bytes:
    """The digest of row, ties and spans as they stand after the petition's newest entry."""
    row = {**fixed, **project(petition)}
    return digest(row, ties_of(petition), spans_of(petition, fixed["bot_id"]))


def digest(
    row: Mapping[str, Any], ties: Iterable[tuple[str, str]], counted: Iterable[Mapping[str, Any]]
) -> bytes:
    """The digest of a whole row, its ties and its spans.

    What is empty is left out: a column that comes later and is empty changes no old digest.
    """
    tied = sorted((list(tie) for tie in ties), key=canonical)
    spanned = [_told(span, SPAN_COLUMNS) for span in counted]
    told = {"row": _told(row, [c.key for c in petitions.columns]), "ties": tied, "spans": spanned}
    return hashlib.sha256(canonical(told)).digest()


def _told(row: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """What stands in these columns of the row, as it is stored."""
    values = {name: stored(row[name]) for name in names}
    return {name: value for name, value in values.items() if value is not None}
