"""How is a picture drawn without a danger to the desk? By a process of its own, one at a time."""

import atexit
import json
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from threading import Lock, Timer

from documents.charts import child, typeface
from documents.charts.canvas import WIDTH, Canvas, Text, write_canvas

ROOT = Path(__file__).parents[2]
LONGEST_SECONDS = 120.0
TALLEST = 10_000 - WIDTH
"""The messenger takes a photo whose width and height are 10,000 together, or less."""
IDLE_SECONDS = 30.0


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
    return _PAINTER.draw(asked)


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


class Painter:
    """The process that draws: started for the first picture, gone when none was asked for a while.

    Several pictures come together, as on a Monday, and starting it takes longer than drawing.
    """

    def __init__(self) -> None:
        self._turn = Lock()  # it takes all it can of a core, and a hundred megabytes
        self._process: subprocess.Popen[bytes] | None = None
        self._idle: Timer | None = None

    def draw(self, asked: bytes) -> bytes:
        """The picture, as PNG. Raises `NotDrawn`."""
        with self._turn:
            process = self._running()
            late = Timer(LONGEST_SECONDS, process.kill)
            late.start()
            try:
                assert process.stdin is not None
                assert process.stdout is not None
                child.write(process.stdin, asked)
                made = child.read(process.stdout)
            except OSError:
                made = None  # it ended before it had read all of it
            finally:
                late.cancel()
            if made is None:
                # Its last words could quote a name from the office file; that it failed is enough.
                raise NotDrawn(f"the process that draws ended with {self._end()}")
            self._rest()
            return made

    def close(self) -> None:
        """Let it go."""
        with self._turn:
            self._end()

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._idle is not None:
            self._idle.cancel()
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", child.__name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            )
        return self._process

    def _rest(self) -> None:
        self._idle = Timer(IDLE_SECONDS, self.close)
        self._idle.daemon = True
        self._idle.start()

    def _end(self) -> int | None:
        process, self._process = self._process, None
        if process is None:
            return None
        process.kill()
        for pipe in filter(None, (process.stdin, process.stdout)):
            with suppress(BrokenPipeError):  # what it had not read yet
                pipe.close()
        return process.wait()


_PAINTER = Painter()
atexit.register(_PAINTER.close)
