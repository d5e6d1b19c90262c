"""What may be logged? Events and ids; never what a person typed, at any level.

Other libraries' debug and info records can quote requests and texts, so they are heard from
their warnings on only, and a traceback is logged as places in the code without values.
"""

import logging
import sys
import traceback
from typing import TextIO

import structlog


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


def places(error: BaseException) -> str:
    """The error's type and where it came through: enough to find it, nothing it quotes."""
    frames = traceback.extract_tb(error.__traceback__)
    path = " > ".join(f"{_module(f.filename)}:{f.lineno}:{f.name}" for f in frames[-6:])
    return f"{type(error).__name__} at {path}"


def _module(filename: str) -> str:
    return "/".join(filename.split("/")[-2:])
