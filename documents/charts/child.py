"""The process that draws one picture: marks as JSON on its input, a PNG on its output.

Matplotlib keeps fonts that must not be touched by two threads, not even when one of them lets go
of them; a whole desk ended because of it. Here it has a process to itself, which gives its memory
back as well.
"""

import json
import sys

from documents.charts.canvas import read_canvas
from documents.charts.render import to_png


def main() -> None:
    """Read, draw, write."""
    sys.stdout.buffer.write(drawn(sys.stdin.buffer.read()))


def drawn(asked: bytes) -> bytes:
    """The picture of these marks."""
    return to_png(read_canvas(json.loads(asked)))


if __name__ == "__main__":
    main()
