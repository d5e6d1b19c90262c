"""What does one atomic unit work with?

A unit is a plain function over a `Unit`, run from beginning to end inside one transaction.
It cannot await, so nothing inside it can wait for the network.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, func, literal, select

from storage.prepared import Prepared
from storage.vault import Vault

T = TypeVar("T")
_CLOCK = Prepared(select(func.extract("epoch", func.clock_timestamp()).label("now")))


@dataclass(frozen=True, slots=True)
class Unit:
    """One transaction: its connection, the vault, which bot it serves and what time it is.

    `process` names who holds the leases that this unit takes. One that does not write cannot
    lock either.
    """

    connection: Connection
    vault: Vault
    bot_id: int
    now: datetime
    process: str = ""
    writes: bool = True

    def run(self, statement: Any, rows: Any = None) -> Any:
        """Execute a statement, or one with many rows."""
        if isinstance(statement, Prepared):
            return statement.run(self.connection, rows)
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

    def insist(self) -> None:
        """Let the commit wait until all that this unit has read is durable, as if it had written.

        A commit that the synchronous standby did not confirm in time is seen by all that come
        after it; one of these that only read it would promise what the primary alone has.
        """
        if self.connection.dialect.name == "postgresql":
            # A message to nobody, in the log that the standby follows.
            self.run(select(func.pg_logical_emit_message(literal(True), "minsheng", "")))

    def real_time(self) -> float:
        """Seconds of real time, for leases: never the movable clock.

        Where several machines share a database it is the database's, whose clock they share.
        """
        if self.connection.dialect.name == "postgresql":
            return float(self.run(_CLOCK).scalar())
        return time.time()
