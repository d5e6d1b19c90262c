"""The process that draws pictures: marks as JSON on its input, PNGs on its output, one by one.

Matplotlib keeps fonts that must not be touched by two threads, not even when one of them lets go
of them; a whole desk ended because of it. Here it has a process to itself, which gives its memory
back as well. Each side says first how many bytes follow; a picture of none could not be drawn.
"""

import json
import sys
from typing import IO

from documents.charts.canvas import read_canvas
from documents.charts.render import to_png

HEAD = 4


def main() -> None:
    """Draw what is asked for, until nothing is any more."""
    asks, answers = sys.stdin.buffer, sys.stdout.buffer
    while (asked := read(asks)) is not None:
        write(answers, drawn(asked))


def drawn(asked: bytes) -> bytes:
    """The picture of these marks."""
    return to_png(read_canvas(json.loads(asked)))


def write(stream: IO[bytes], body: bytes) -> None:
    """Send so many bytes, and how many they are."""
    stream.write(len(body).to_bytes(HEAD, "big") + body)
    stream.flush()


def read(stream: IO[bytes]) -> bytes | None:
    """What was sent; None when the other side has ended, or ended in the middle of it."""
    head = stream.read(HEAD)
    size = int.from_bytes(head, "big")
    body = stream.read(size) if len(head) == HEAD else b""
    return body if len(head) == HEAD and len(body) == size else None


if __name__ == "__main__":
    main()
