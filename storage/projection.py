"""What does a petition's row say after an entry, and which digest stands for it?

The row, and its ties to whoever is involved in it, are projected from the record; each entry
keeps the digest of both as it left them, so that they can be checked when the content is gone.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Row

from petitions.access import ties
from petitions.concerned import inquirers
from petitions.deadlines import Deadline
from petitions.record import Petition, State
from storage.canonical import canonical, stored
from storage.tables import petitions

FIXED = ("id", "bot_id", "code_digest", "petitioner_id", "key_id")
"""Columns that no entry tells of: given when the petition is registered, the same ever after."""

Ties = set[tuple[str, str]]
"""(kind, who) of everybody who is involved in the case beside its unit, or shielded from it."""


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


def digest_after(fixed: Mapping[str, Any], petition: Petition) -> bytes:
    """The digest of row and ties as they stand after the petition's newest entry."""
    return digest({**fixed, **project(petition)}, ties_of(petition))


def digest(row: Mapping[str, Any], ties: Iterable[tuple[str, str]]) -> bytes:
    """The digest of a whole row and its ties.

    What is empty is left out: a column that comes later and is empty changes no old digest.
    """
    values = {column.key: stored(row[column.key]) for column in petitions.columns}
    told = {name: value for name, value in values.items() if value is not None}
    tied = sorted((list(tie) for tie in ties), key=canonical)
    return hashlib.sha256(canonical({"row": told, "ties": tied})).digest()
