"""How is a parcel kept in a row of the outbox, and read again?"""

import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from storage.messages import Parcel
from storage.unit import Unit
from storage.vault import Erased

LEASE_SECONDS = 60.0
"""How long a dead process keeps what it had in hand; a living one renews it."""
LONGEST_HOLD = 86_400.0
"""No message is held back longer at one time, whatever the messenger asked for."""
LONG_WAITS = ("asked to wait", "pace")
"""Why a message can be held back for longer than a minute."""


@dataclass(frozen=True, slots=True)
class Row:
    """A claimed row: the parcel, how often it was tried, how many parts are through."""

    id: int
    parcel: Parcel
    attempts: int
    progress: int
    lost: bool = False  # begun by a process that died since
    since: float = field(default_factory=time.monotonic, compare=False)


def write(unit: Unit, parcel: Parcel, *, lease: bool) -> dict[str, object]:
    """The row of a new parcel; with a lease it is this process's to send at once."""
    return {
        "bot_id": unit.bot_id,
        "chat_id": parcel.chat_id,
        "key": parcel.key,
        "petition_id": parcel.petition_id,
        "slot": parcel.slot,
        "rank": parcel.goes,
        "lasting": parcel.lasting,
        "state": "waiting",
        "due_at": unit.now + timedelta(seconds=parcel.delay_seconds),
        "hold_until": unit.real_time() + LEASE_SECONDS if lease else 0.0,
        "owner": unit.process if lease else None,
        "begun": lease,  # it is sent at once, and nothing is written before that
        "unknown": 0,
        "attempts": 1 if lease else 0,
        "progress": 0,
        **_sealed(unit, parcel),
    }


def _sealed(unit: Unit, parcel: Parcel) -> dict[str, object]:
    """The payload and its key: the office's for what follows from erasing the parcel's own."""
    body = parcel.model_dump_json(exclude_defaults=True).encode()
    try:
        return {"key_id": parcel.key_id, "payload": unit.seal(body, parcel.key_id)}
    except Erased:
        return {"key_id": None, "payload": unit.seal(body)}


def read(unit: Unit, row: Any) -> Row:
    """The row as it is claimed; key and chat may be others since. Raises `vault.Erased`."""
    parcel = Parcel.model_validate_json(unit.open(row.payload, row.key_id))
    now = {"chat_id": row.chat_id, "key_id": row.key_id}
    tried = row.attempts + 1
    return Row(row.id, parcel.model_copy(update=now), tried, row.progress, lost=row.begun)
