"""What survives a restart? One table of JSON rows and one of file contents.

The world lives in memory; the store only follows it, so that a killed process finds
everything again. SQLite without waiting for the disk is enough: we survive the death
of the process, not of the machine.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS rows (
    kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS contents (id TEXT PRIMARY KEY, content BLOB NOT NULL);
"""


class Store:
    """Rows by (kind, key). With no folder every call is a no-op but for file contents."""

    def __init__(self, folder: Path | None) -> None:
        self._db: sqlite3.Connection | None = None
        self._contents: dict[str, bytes] = {}
        if folder is None:
            return
        folder.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(folder / "emulator.sqlite", isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.executescript(_SCHEMA)

    def put(self, kind: str, key: str | int, body: Any) -> None:
        """Write a row; it is durable after the next :meth:`commit`."""
        if (db := self._begin()) is not None:
            text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
            db.execute("INSERT OR REPLACE INTO rows VALUES (?, ?, ?)", (kind, str(key), text))

    def drop(self, kind: str, key: str | int) -> None:
        """Remove a row."""
        if (db := self._begin()) is not None:
            db.execute("DELETE FROM rows WHERE kind = ? AND key = ?", (kind, str(key)))

    def rows(self, kind: str) -> Iterator[tuple[str, Any]]:
        """Every (key, body) of a kind."""
        if self._db is not None:
            for key, text in self._db.execute("SELECT key, body FROM rows WHERE kind = ?", (kind,)):
                yield key, json.loads(text)

    def put_content(self, file_id: str, content: bytes) -> None:
        """Keep a file's bytes."""
        if (db := self._begin()) is not None:
            db.execute("INSERT OR REPLACE INTO contents VALUES (?, ?)", (file_id, content))
        else:
            self._contents[file_id] = content

    def content(self, file_id: str) -> bytes | None:
        """A file's bytes, or None if only its size was ever known."""
        if self._db is None:
            return self._contents.get(file_id)
        row = self._db.execute("SELECT content FROM contents WHERE id = ?", (file_id,)).fetchone()
        return None if row is None else bytes(row[0])

    def commit(self) -> None:
        """Make everything written so far outlive the process."""
        if self._db is not None and self._db.in_transaction:
            self._db.execute("COMMIT")

    def close(self) -> None:
        """Commit and let go of the file."""
        if self._db is not None:
            self.commit()
            self._db.close()
            self._db = None

    def _begin(self) -> sqlite3.Connection | None:
        if self._db is not None and not self._db.in_transaction:
            self._db.execute("BEGIN")
        return self._db
