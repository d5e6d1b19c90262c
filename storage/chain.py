"""How is an entry of the record kept? Sealed, committed to with a secret salt, and chained.

Each link takes up the one before, the commitment to what the entry says, who made it when and
what kind it is, and the petition's row as the entry left it. So a change shows, and erasing the
content leaves the chain true. The content names its place in the chain before it is sealed: it
is good nowhere else, and nobody without its key can add an entry.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import insert

from petitions.events import read_event, write_event
from petitions.record import Entry, Party
from storage.canonical import canonical, stored
from storage.prepared import Prepared
from storage.tables import entries
from storage.unit import Unit
from storage.vault import Erased

SALT_BYTES = 16
LINK_BYTES = 32
NOTHING = bytes(LINK_BYTES)
"""What stands for the link before the first."""
OFFICE_SEALED = frozenset({"erased"})
"""Kinds whose content is under the office's keys: it outlives the petition's."""
PERSONAL = frozenset({"petitioner"})
"""Parties whose id the chain leaves out: it is erased with the content."""
HEAD = ("petition_id", "seq", "kind", "version", "at", "by_kind", "by_id", "by_unit")


@dataclass(frozen=True, slots=True)
class Content:
    """What is sealed of an entry: salt, place in the chain, and the event as JSON."""

    salt: bytes
    place: bytes
    event: bytes

    def __bytes__(self) -> bytes:
        return self.salt + self.place + self.event

    @classmethod
    def parse(cls, plain: bytes) -> "Content":
        """The parts of an opened body."""
        end = SALT_BYTES + LINK_BYTES
        return cls(plain[:SALT_BYTES], plain[SALT_BYTES:end], plain[end:])

    def commitment(self) -> bytes:
        """What binds the entry to this content, and tells nothing of it."""
        return hashlib.sha256(bytes(self)).digest()


def write(
    unit: Unit, petition_id: str, key_id: str, entry: Entry, before: bytes, projected: bytes
) -> None:
    """Add an entry after the one whose link is `before`; it left row and ties as `projected`."""
    by = entry.by
    head = {
        "petition_id": petition_id,
        "seq": entry.seq,
        "kind": entry.event.kind,
        "version": entry.event.version,
        "at": entry.at,
        "by_kind": by.kind,
        "by_id": by.id,
        "by_unit": by.unit,
    }
    salt = secrets.token_bytes(SALT_BYTES)
    content = Content(salt, place(before, head, projected), write_event(entry.event))
    commitment = content.commitment()
    row = {
        **head,
        "body": unit.seal(bytes(content), key_for(entry.event.kind, key_id)),
        "commitment": commitment,
        "projected": projected,
        "chain": link(before, commitment, head, projected),
    }
    unit.run(_adding(), row)


@cache
def _adding() -> Prepared:
    return Prepared(insert(entries))


def link(before: bytes, commitment: bytes, head: Mapping[str, Any], projected: bytes) -> bytes:
    """The link of an entry to the one before; this form is for ever."""
    return hashlib.sha256(before + commitment + _told(head) + projected).digest()


def place(before: bytes, head: Mapping[str, Any], projected: bytes) -> bytes:
    """Where an entry stands, and what is said of it beside its content."""
    return hashlib.sha256(before + _told(head) + projected).digest()


def _told(head: Mapping[str, Any]) -> bytes:
    """The head as the chain tells of it."""
    personal = head["by_kind"] in PERSONAL
    return canonical([None if personal and n == "by_id" else stored(head[n]) for n in HEAD])


def key_for(kind: str, key_id: str) -> str | None:
    """The key an entry of this kind is under: the petition's, or None for the office's."""
    return None if kind in OFFICE_SEALED else key_id


def read(unit: Unit, key_id: str, row: Any) -> Entry:
    """The entry of this row, in today's shape."""
    event = read_event(row.kind, row.version, fields(unit, key_for(row.kind, key_id), row.body))
    return Entry(row.seq, row.at, Party(row.by_kind, row.by_id, row.by_unit), event)


def fields(unit: Unit, key_id: str | None, body: bytes | None) -> dict[str, Any]:
    """What an entry says, as it was stored, whatever today's shape. Raises `vault.Erased`."""
    if body is None:
        raise Erased("its content")
    found: dict[str, Any] = json.loads(Content.parse(unit.open(body, key_id)).event)
    return found
