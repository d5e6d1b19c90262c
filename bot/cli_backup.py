"""The command that copies everything: backup."""

import asyncio

import typer

from bot.backup import back_up
from bot.refusals import REFUSALS, refuse, settings_or_refuse
from storage.copying import CopyError


def backup() -> None:
    """Copy the database and the attachments to BACKUP_FOLDER now; the keys are not in it."""
    settings = settings_or_refuse()
    try:
        copy = asyncio.run(back_up(settings))
    except (*REFUSALS, CopyError) as error:
        refuse(error)
    typer.echo(copy.folder)
