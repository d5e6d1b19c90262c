"""The commands that deal with the database as a whole: migrate, copy-database.

What they import is heavy, so it is imported when they are given.
"""

import asyncio
from typing import Annotated

import typer

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
