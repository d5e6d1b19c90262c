"""The commands that deal with the record as evidence: verify, erase, rotate-keys."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot import evidence
from bot.refusals import REFUSALS, refuse, settings_or_refuse
from petitions.events import Why
from storage.erasing import Unreadable
from storage.verifying import Checked


def verify(
    database: Annotated[
        Path | None, typer.Option(help="A copy of the database, instead of the bot's own.")
    ] = None,
    public_key: Annotated[
        Path | None, typer.Option(help="The public half of the seal key, instead of the key.")
    ] = None,
) -> None:
    """Say whether the record is as it was told: entries, seals and the rows made from them."""
    settings = settings_or_refuse()
    try:
        checked, faults = evidence.verify(settings, database, public_key, typer.echo)
    except REFUSALS as error:
        refuse(error)
    tell_checked(checked, faults)
    raise typer.Exit(1 if faults else 0)


def tell_checked(checked: Checked, faults: int) -> None:
    """How much of the record was checked, and how much of it is not as it was told."""
    typer.echo(f"petitions: {checked.petitions} ({checked.erased} erased)")
    typer.echo(f"entries: {checked.entries} ({checked.unsealed} not yet sealed)")
    typer.echo(f"seals: {checked.seals}")
    typer.echo(f"faults: {faults}")


def erase(
    number: Annotated[str, typer.Argument(help="The tracking number.")],
    why: Annotated[
        Why, typer.Option(help="The petitioner's request, an authority's order, or its time.")
    ] = "request",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> None:
    """Erase for good what a petitioner entrusted to us; that it was erased stays on the record."""
    settings = settings_or_refuse()
    if not yes:
        typer.confirm(f"Erase the content of {number}? Nobody can bring it back.", abort=True)
    try:
        done = asyncio.run(evidence.erase(settings, number, why))
    except (*REFUSALS, ValueError, LookupError, Unreadable) as error:
        refuse(error)
    typer.echo("erased" if done else "erased before")


def dossier(
    number: Annotated[str, typer.Argument(help="The tracking number.")],
    out: Annotated[
        Path | None, typer.Option(help="The file; NUMBER.pdf where it is not given.")
    ] = None,
    language: Annotated[str, typer.Option(help="The dossier's language.")] = "zh_Hans",
) -> None:
    """Write a petition's whole case (卷宗) as PDF; that it was written goes on the record."""
    from bot.dossier import write_dossier

    settings = settings_or_refuse()
    try:
        path = asyncio.run(write_dossier(settings, number, out, language))
    except (*REFUSALS, ValueError, LookupError, OSError) as error:
        refuse(error)
    typer.echo(path)


def rotate_keys() -> None:
    """Seal with the first of FIELD_KEYS what the others sealed, so that they can be dropped."""
    settings = settings_or_refuse()
    try:
        rotated = asyncio.run(evidence.rotate(settings))
    except REFUSALS as error:
        refuse(error)
    for place in rotated.shut:
        typer.echo(f"{place}: sealed under none of the keys, or changed since")
    typer.echo(f"sealed with the first key: {rotated.changed}")
    if rotated.shut:
        typer.echo(f"not opened: {len(rotated.shut)}; keep the other keys until this is cleared up")
        raise typer.Exit(1)
    typer.echo("the other keys are needed no longer")
