"""The commands that deal with the database as a whole: migrate, copy-database.

What they import is heavy, so it is imported when they are given.
"""

import asyncio
from typing import Annotated

import typer

from bot.cli_record import tell_checked
from bot.refusals import REFUSALS, refuse, settings_or_refuse


def migrate(
    plan: Annotated[
        bool, typer.Option("--plan", help="Say what would be done, and do nothing.")
    ] = False,
) -> None:
    """Bring the tables of the database to what this program needs, one revision after the other."""
    settings = settings_or_refuse()
    from bot.migrating import migrate as bring

    try:
        asyncio.run(bring(settings, typer.echo, only_tell=plan))
    except REFUSALS as error:
        refuse(error)


def copy_database(
    to: Annotated[str, typer.Option(help="The empty PostgreSQL database: postgresql://…")],
    anew: Annotated[
        bool, typer.Option("--anew", help="Throw away a copy that was cut off, and begin again.")
    ] = False,
) -> None:
    """Copy everything from SQLite to PostgreSQL, count it and verify it; the bot is stopped."""
    settings = settings_or_refuse()
    from bot.moving import copy_database as copy

    try:
        moved = asyncio.run(copy(settings, to, typer.echo, anew=anew))
    except REFUSALS as error:
        refuse(error)
    tell_checked(moved.checked, moved.faults)
    typer.echo("copied; DATABASE_URL is to name it now, and the SQLite file to be put aside")
    raise typer.Exit(1 if moved.faults else 0)
