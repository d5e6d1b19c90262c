"""How is an entry of the record kept? Sealed, committed to with a secret salt, and chained.

Each link takes up the one before, the commitment to what the entry says, and who made it when.
A change shows; erasing the content leaves the chain true.
"""

import hashlib
import json
import secrets
from datetime import UTC
from typing import Any

from sqlalchemy import insert

from petitions.events import read_event, write_event
from petitions.record import Entry, Party
from storage.tables import entries
from storage.unit import Unit

SALT_BYTES = 16


def write(unit: Unit, petition_id: str, key_id: str, entry: Entry, before: bytes) -> None:
    """Add an entry after the one whose link is `before` (none: empty)."""
    salt = secrets.token_bytes(SALT_BYTES)
    event = write_event(entry.event)
    commitment = hashlib.sha256(salt + event).digest()
    unit.run(
        insert(entries).values(
            petition_id=petition_id,
            seq=entry.seq,
            kind=entry.event.kind,
            version=entry.event.version,
            at=entry.at,
            by_kind=entry.by.kind,
            by_id=entry.by.id,
            by_unit=entry.by.unit,
            body=unit.seal(salt + event, key_id),
            commitment=commitment,
            chain=hashlib.sha256(before + commitment + _head(petition_id, entry)).digest(),
        )
    )


def _head(petition_id: str, entry: Entry) -> bytes:
    """What the chain says of an entry beside its content; this form is for ever."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    by = entry.by
    return json.dumps([petition_id, entry.seq, at, by.kind, by.id, by.unit]).encode()


def read(unit: Unit, key_id: str, row: Any) -> Entry:
    """The entry of this row, in today's shape."""
    event = read_event(row.kind, row.version, fields(unit, key_id, row.body))
    return Entry(row.seq, row.at, Party(row.by_kind, row.by_id, row.by_unit), event)


def fields(unit: Unit, key_id: str, body: bytes) -> dict[str, Any]:
    """What an entry says, as it was stored, whatever today's shape."""
    found: dict[str, Any] = json.loads(unit.open(body, key_id)[SALT_BYTES:])
    return found
