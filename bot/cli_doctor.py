"""The command that looks at everything that can be wrong: doctor."""

import asyncio
import json
from typing import Annotated

import typer

from bot.doctor.finding import Finding, Level, exit_code
from bot.doctor.visit import visit

SAID = {Level.WELL: "well", Level.NOTE: "note", Level.CARE: "CARE", Level.BLIND: "BLIND"}


def doctor(
    as_json: Annotated[
        bool, typer.Option("--json", help="One object a line, for other programs.")
    ] = False,
) -> None:
    """Say what is wrong and what to do about it. Changes nothing. Works beside a running bot."""

    async def look() -> list[Finding]:
        found = []
        async for each in visit():
            _say(each, as_json=as_json)
            found.append(each)
        return found

    raise typer.Exit(exit_code(asyncio.run(look())))


def _say(finding: Finding, *, as_json: bool) -> None:
    """Bytes: a terminal's encoding may lack the signs."""
    if as_json:
        line = json.dumps(finding.as_dict(), ensure_ascii=False)
    else:
        line = f"{SAID[finding.level]:5}  {finding.check}: {finding.says}"
        if finding.do:
            line += f"\n       → {finding.do}"
    typer.echo(line.encode())
