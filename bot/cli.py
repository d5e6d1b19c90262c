"""The commands: demo, run, and what an operator needs beside them."""

import asyncio
import secrets
import signal
from pathlib import Path
from typing import Annotated, NoReturn

import structlog
import typer
from cryptography.fernet import Fernet

from bot import logs
from bot.app import App
from bot.settings import Settings, SettingsError, load_settings
from petitions.office import OfficeError
from storage.database import Unavailable
from storage.schema import OtherSchema
from storage.vault import WrongKey

cli = typer.Typer(
    help="Minsheng (民声): the petition desk in a messenger.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
REFUSALS = (SettingsError, OfficeError, WrongKey, OtherSchema, Unavailable)
ABOUT: dict[type[Exception], str] = {
    OfficeError: "OFFICE_FILE: ",
    WrongKey: "FIELD_KEYS: ",
    OtherSchema: "DATABASE_URL: ",
    Unavailable: "DATABASE_URL: ",
}
"""Which setting a refusal is about, where it does not say so itself."""


def main() -> None:
    """The console command `minsheng`."""
    cli()


@cli.command()
def run() -> None:
    """Run the bot against the messenger; settings come from the environment."""
    settings = _settings()
    logs.configure(settings.log_level, json=settings.log_json)
    logs.guard()
    try:
        asyncio.run(_serve(settings))
    except REFUSALS as error:
        _refuse(error)
    except Exception as error:
        # A traceback would quote values; this names the places alone.
        structlog.get_logger(__name__).critical("bot.crashed", error=logs.places(error))
        raise typer.Exit(1) from None


@cli.command()
def demo(
    port: Annotated[int, typer.Option(help="Where the page is served.")] = 8090,
    folder: Annotated[Path, typer.Option(help="Where the demo keeps everything.")] = Path(
        "data/demo"
    ),
) -> None:
    """Try the product: a messenger, a citizen and a staff group on one page."""
    from bot.demo import serve_demo

    logs.configure("WARNING", json=False)
    logs.guard()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        asyncio.run(serve_demo(port, folder))
    except REFUSALS as error:
        _refuse(error)


@cli.command("new-key")
def new_key() -> None:
    """Print a new key for FIELD_KEYS."""
    typer.echo(Fernet.generate_key().decode())


@cli.command("bind-code")
def bind_code(
    unit: Annotated[str, typer.Argument(help="The unit's id in the office file.")],
) -> None:
    """Print a code that makes a group the unit's, once: type /bind CODE in that group."""
    from bot import tools

    code = secrets.token_hex(4)
    try:
        asyncio.run(tools.store_bind_code(_settings(), unit, code))
    except REFUSALS as error:
        _refuse(error)
    typer.echo(code)


@cli.command("verify-receipt")
def verify_receipt(
    number: Annotated[str, typer.Argument(help="The tracking number.")],
    receipt: Annotated[str, typer.Argument(help="The receipt the petitioner was given.")],
) -> None:
    """Say whether a receipt is the one of what was submitted under this number."""
    from bot import tools

    try:
        genuine = asyncio.run(tools.check_receipt(_settings(), number, receipt))
    except (*REFUSALS, ValueError, LookupError) as error:
        _refuse(error)
    typer.echo("genuine" if genuine else "NOT genuine")
    raise typer.Exit(0 if genuine else 1)


async def _serve(settings: Settings) -> None:
    """Start, run until told to end, stop. The start too can be ended: it may wait for long."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    told = asyncio.create_task(stop.wait())
    app = App(settings)
    start = asyncio.create_task(app.start())
    await asyncio.wait((start, told), return_when=asyncio.FIRST_COMPLETED)
    if not start.done():
        start.cancel()
        await asyncio.wait((start,))
    if start.cancelled():
        return
    await start
    await told
    await app.stop()


def _settings() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        _refuse(error)


def _refuse(error: Exception) -> NoReturn:
    """Say what is wrong in plain words, without a traceback."""
    about = ABOUT.get(type(error), "")
    typer.echo(f"minsheng: {about}{error}", err=True)
    raise typer.Exit(2)
