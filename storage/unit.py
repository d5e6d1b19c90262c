"""What does one atomic unit work with?

A unit is a plain function over a `Unit`, run from beginning to end inside one transaction.
It cannot await, so nothing inside it can wait for the network.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection

from storage.vault import Vault

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unit:
    """One transaction: its connection, the vault, which bot it serves and what time it is.

    One that does not write cannot lock either.
    """

    connection: Connection
    vault: Vault
    bot_id: int
    now: datetime
    writes: bool = True

    def run(self, statement: Any, rows: Any = None) -> Any:
        """Execute a statement, or one with many rows."""
        return self.connection.execute(statement, rows)

    def seal(self, plain: bytes, key_id: str | None = None) -> bytes:
        """Encrypt under the petition's key, or the office's."""
        return self.vault.seal(self.connection, key_id, plain)

    def open(self, sealed: bytes, key_id: str | None = None) -> bytes:
        """Decrypt what `seal` made. Raises `vault.Erased` when the key was destroyed."""
        return self.vault.open(self.connection, key_id, sealed)

    def digest(self, *parts: str) -> str:
        """A keyed digest for look-ups."""
        return self.vault.digest(self.connection, *parts)

    def real_time(self) -> float:
        """Seconds of real time, for leases: never the movable clock."""
        return time.time()
