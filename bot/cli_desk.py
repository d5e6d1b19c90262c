"""The commands for whoever keeps the desk: a key, a code for a group, a receipt looked at."""

import asyncio
import secrets
from typing import Annotated

import typer
from cryptography.fernet import Fernet

from bot.collector import collector_at_rest
from bot.refusals import REFUSALS, refuse, settings_or_refuse


def new_key() -> None:
    """Print a new key for FIELD_KEYS."""
    typer.echo(Fernet.generate_key().decode())


def bind_code(
    unit: Annotated[str, typer.Argument(help="The unit's id in the office file.")],
) -> None:
    """Print a code that makes a group the unit's, once: type /bind CODE in that group."""
    settings = settings_or_refuse()
    with collector_at_rest():
        from bot import tools

    code = secrets.token_hex(4)
    try:
        asyncio.run(tools.store_bind_code(settings, unit, code))
    except REFUSALS as error:
        refuse(error)
    typer.echo(code)


def verify_receipt(
    number: Annotated[str, typer.Argument(help="The tracking number.")],
    receipt: Annotated[str, typer.Argument(help="The receipt the petitioner was given.")],
) -> None:
    """Say whether a receipt is the one of what was submitted under this number."""
    settings = settings_or_refuse()
    with collector_at_rest():
        from bot import tools

    try:
        genuine = asyncio.run(tools.check_receipt(settings, number, receipt))
    except (*REFUSALS, ValueError, LookupError) as error:
        refuse(error)
    typer.echo("genuine" if genuine else "NOT genuine")
    raise typer.Exit(0 if genuine else 1)
