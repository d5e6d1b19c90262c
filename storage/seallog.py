"""Which seals were made, as a file outside the database remembers?

Whoever cuts the last seals and their entries off the database leaves no trace in it; this file
still names them. A seal is committed first and logged then: a crash in between leaves the log
behind, which the next start makes good. It is never ahead of an honest database.
"""

import base64
import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from storage.seals import NONE, Mark

LOCK = ".seals.lock"
TAIL = 4096
"""More bytes than the longest line."""


class BadLog(Exception):
    """The log of seals is not as it was written, or cannot be read."""


class SealLog:
    """The file `seals.log`: a line a seal, its number and its signature."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def beside(cls, key_file: Path) -> "SealLog":
        """The log of the seals made with the key in this file."""
        return cls(key_file.with_name("seals.log"))

    @contextmanager
    def held(self, *, wait: bool = False) -> Iterator[bool]:
        """Whether no other process beside this log seals until this is left. Raises `OSError`.

        The database alone would say who was first, but two would write to one log.
        """
        with self.path.with_name(LOCK).open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
            else:
                yield True

    def size(self) -> int | None:
        """How long it is now, in bytes; None where there is none. Raises `BadLog`."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return None
        except OSError as error:
            raise BadLog(f"{self.path}: {error.strerror}") from None

    def begin(self) -> None:
        """Have an empty log where there is none. Raises `OSError`."""
        self.path.touch(0o644)

    def last(self) -> Mark:
        """The newest seal the log names, or `NONE`. Raises `BadLog`."""
        if not self.size():
            return NONE
        with self._open() as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - TAIL))
            whole, _, _ = file.read().rpartition(b"\n")
        line = whole.rpartition(b"\n")[2]
        return self._parse(line) if line else NONE

    def marks(self, size: int) -> Iterator[Mark]:
        """Every seal it names in its first so many bytes, in order. Raises `BadLog`."""
        with self._open() as file:
            for line in file:
                size -= len(line)
                if size < 0 or not line.endswith(b"\n"):
                    return  # written since; or cut off by a crash
                yield self._parse(line[:-1])

    def append(self, marks: Sequence[Mark]) -> None:
        """Add these seals; they are on disk when this returns. Raises `OSError`."""
        lines = (f"{m.id} {base64.b64encode(m.signature).decode()}\n" for m in marks)
        with self.path.open("a+b") as file:
            _drop_torn_line(file)
            file.write("".join(lines).encode())
            file.flush()
            os.fsync(file.fileno())

    def _open(self) -> IO[bytes]:
        try:
            return self.path.open("rb")
        except OSError as error:
            raise BadLog(f"{self.path}: {error.strerror}") from None

    def _parse(self, line: bytes) -> Mark:
        try:
            number, signature = line.decode("ascii").split(" ")
            return Mark(int(number), base64.b64decode(signature, validate=True))
        except ValueError:
            raise BadLog(f"{self.path}: a line is not as it was written") from None


def _drop_torn_line(file: IO[bytes]) -> None:
    """What a crash cut off in the middle is written anew."""
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - TAIL)
    file.seek(start)
    tail = file.read()
    file.truncate(start + tail.rfind(b"\n") + 1)
