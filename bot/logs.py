"""What may be logged? Events and ids; never what a person typed, at any level.

Other libraries' debug and info records can quote requests and texts, so they are heard from
their warnings on only, and a traceback is logged as places in the code without values.
"""

import logging
import sys
import threading
import traceback
import warnings
from typing import Any, TextIO

import structlog

log = structlog.get_logger(__name__)


class _Plain(logging.Formatter):
    """Other libraries' warnings: who and where, without arguments that may quote a person."""

    def format(self, record: logging.LogRecord) -> str:
        event = {"logger": record.name, "level": record.levelname.lower()}
        place = f"{record.module}:{record.lineno}"
        if record.exc_info and record.exc_info[0]:
            event["error"] = record.exc_info[0].__name__
        return " ".join(f"{k}={v}" for k, v in (event | {"place": place}).items())


def configure(level: str = "INFO", *, json: bool = True, stream: TextIO | None = None) -> None:
    """Set up logging for the process."""
    out = stream or sys.stderr
    handler = logging.StreamHandler(out)
    handler.setFormatter(_Plain())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    # A tick that finds the last one still at work is left out, which is as it should be.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )


def guard() -> None:
    """Python's own words about warnings and lost exceptions quote values too: places instead.

    aiogram, for one, warns of an update of an unknown kind with all that is in it.
    """

    def warned(
        message: Warning | str,  # noqa: ARG001 - it is what may quote somebody
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,  # noqa: ARG001
        line: str | None = None,  # noqa: ARG001
    ) -> None:
        log.warning("python.warning", kind=category.__name__, place=f"{_module(filename)}:{lineno}")

    def lost(args: Any) -> None:
        error = args.exc_value
        log.error("python.lost", error=places(error) if error else args.exc_type.__name__)

    warnings.showwarning = warned
    threading.excepthook = lost
    sys.unraisablehook = lost


def places(error: BaseException) -> str:
    """The error's type and where it came through: enough to find it, nothing it quotes."""
    frames = traceback.extract_tb(error.__traceback__)
    path = " > ".join(f"{_module(f.filename)}:{f.lineno}:{f.name}" for f in frames[-6:])
    return f"{type(error).__name__} at {path}"


def _module(filename: str) -> str:
    return "/".join(filename.split("/")[-2:])
