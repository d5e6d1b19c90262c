"""The commands: demo, run, and what an operator needs beside them."""

import asyncio
import secrets
import signal
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from cryptography.fernet import Fernet

from bot import logs
from bot.app import App
from bot.settings import Settings, SettingsError, load_settings
from petitions.office import OfficeError
from storage.vault import WrongKey

cli = typer.Typer(
    help="Minsheng (民声): the petition desk in a messenger.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
REFUSALS = (SettingsError, OfficeError, WrongKey)


def main() -> None:
    """The console command `minsheng`."""
    cli()


@cli.command()
def run() -> None:
    """Run the bot against the messenger; settings come from the environment."""
    settings = _settings()
    logs.configure(settings.log_level, json=settings.log_json)
    asyncio.run(_serve(settings))


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
    try:
        app = App(settings)
        await app.start()
    except REFUSALS as error:
        _refuse(error)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await stop.wait()
    await app.stop()


def _settings() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        _refuse(error)


def _refuse(error: Exception) -> NoReturn:
    """Say what is wrong in plain words, without a traceback."""
    typer.echo(f"minsheng: {error}", err=True)
    raise typer.Exit(2)
