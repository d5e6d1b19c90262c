"""How is a picture drawn without a danger to the desk? By a process of its own, one at a time."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import Lock

from documents.charts import typeface
from documents.charts.canvas import WIDTH, Canvas, Text, write_canvas

ROOT = Path(__file__).parents[2]
LONGEST_SECONDS = 120.0
TALLEST = 10_000 - WIDTH
"""The messenger takes a photo whose width and height are 10,000 together, or less."""
_turn = Lock()  # each takes all it can of a core, and a hundred megabytes


class NoGlyph(ValueError):
    """A text that the font cannot show; nothing is drawn with a hole in it."""


class NotDrawn(RuntimeError):
    """The process that draws has ended without a picture."""


def to_png(canvas: Canvas) -> bytes:
    """The picture as PNG. To be called off the event loop. Raises `NoGlyph`, `NotDrawn`.

    Raises `ValueError` when it is too high.
    """
    if canvas.y > TALLEST:
        raise ValueError(f"a picture {canvas.y:.0f} pixels high is more than the messenger takes")
    for mark in canvas.marks:
        if isinstance(mark, Text):
            check(mark.text)
    return _elsewhere(json.dumps(write_canvas(canvas)).encode())


def _elsewhere(asked: bytes) -> bytes:
    """Have the process draw it."""
    command = [sys.executable, "-m", "documents.charts.child"]
    with _turn:
        done = subprocess.run(  # noqa: S603 - our own module
            command,
            input=asked,
            capture_output=True,
            env=_environment(),
            timeout=LONGEST_SECONDS,
            check=False,
        )
    if done.returncode or not done.stdout:
        # Its last words could quote a name from the office file; that it failed is enough.
        raise NotDrawn(f"the process that draws ended with {done.returncode}")
    return done.stdout


def check(text: str) -> None:
    """See that every character can be shown. Raises `NoGlyph`."""
    missing = {c for c in text if ord(c) not in typeface.covered()}
    if missing:
        raise NoGlyph(f"no glyph for {', '.join(f'U+{ord(c):04X}' for c in sorted(missing))}")


def _environment() -> dict[str, str]:
    """What the process needs: this very code, and where matplotlib may keep what it learnt."""
    kept = Path(tempfile.gettempdir()) / f"minsheng-charts-{os.getuid()}"
    kept.mkdir(mode=0o700, exist_ok=True)
    ours = kept.stat().st_uid == os.getuid()  # not somebody else's of the same name
    home = {"MPLCONFIGDIR": str(kept)} if ours else {}
    return {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT), **home}
