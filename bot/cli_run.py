"""The commands that run the bot: `run` against the messenger, `demo` against our own."""

import asyncio
from pathlib import Path
from typing import Annotated

import structlog
import typer

from bot import logs, loops
from bot.collector import collector_at_rest
from bot.refusals import REFUSALS, refuse, settings_or_refuse


def run() -> None:
    """Run the bot against the messenger; settings come from the environment."""
    settings = settings_or_refuse()
    with collector_at_rest():
        from bot.serving import serve

    logs.configure(settings.log_level, json=settings.log_json)
    logs.guard()
    try:
        loops.run(serve(settings))
    except REFUSALS as error:
        refuse(error)
    except Exception as error:
        # A traceback would quote values; this names the places alone.
        structlog.get_logger(__name__).critical("bot.crashed", error=logs.places(error))
        raise typer.Exit(1) from None


def demo(
    port: Annotated[int, typer.Option(help="Where the page is served.")] = 8090,
    folder: Annotated[Path, typer.Option(help="Where the demo keeps everything.")] = Path(
        "data/demo"
    ),
) -> None:
    """Try the product: a messenger, a citizen and a staff group on one page."""
    with collector_at_rest():
        from bot.demo import serve_demo

    logs.configure("WARNING", json=False)
    logs.guard()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        asyncio.run(serve_demo(port, folder))
    except REFUSALS as error:
        refuse(error)
