"""How does what was erased leave the file beside the database too?

The database overwrites what it deletes, but its write-ahead file still holds older pages.
"""

import sqlite3
from contextlib import closing
from pathlib import Path


def empty_wal(path: Path, seconds: float = 5.0) -> bool:
    """Empty the write-ahead file; False when somebody was at work for so many seconds."""
    with closing(sqlite3.connect(path, timeout=seconds)) as connection:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
