"""The commands that ask the rules alone: by when must it be done, and what is it about?

They need no settings and keep nothing. What they write is UTF-8, whatever the terminal says.
"""

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.loading import calendar_of, load_catalogue, load_office, load_profile
from bot.refusals import refuse
from petitions.deadlines import Calendar, Deadline, deadlines_after
from petitions.guess import Guesser
from petitions.office import OfficeError
from petitions.profiles import Profile

SHORTEST_TITLE, LONGEST_TITLE = 4, 50
"""Characters of what may be a title, where a blank and not a tab follows it."""

GOES_ON = "，,、：:；;。！!"
"""No title ends so; a greeting and a sentence do."""

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, for other programs.")]


class AskedWrong(ValueError):
    """What was asked cannot be answered; the message says what would be."""


def deadline(
    event: Annotated[str, typer.Option(help="What happened, as the profile calls it.")],
    on: Annotated[str, typer.Option(help="The day it happened: YYYY-MM-DD.")],
    profile: Annotated[
        str, typer.Option(help="The procedure. Default: the office's, else national.")
    ] = "",
    office: Annotated[
        Path | None, typer.Option(help="An office file, for its profile and working days.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Print every deadline that an event of a day starts."""
    try:
        known = load_office(office) if office else None
        procedure = load_profile(profile or (known.profile if known else "national"))
        calendar = calendar_of(known) if known else Calendar()
        found = _deadlines(procedure, event, _day(on), calendar)
    except OfficeError as error:
        # Not `OFFICE_FILE`, as elsewhere: the option named the file, or the profile.
        refuse(AskedWrong(error))
    except AskedWrong as error:
        refuse(error)
    if as_json:
        _say(json.dumps([_object(each) for each in found], ensure_ascii=False))
    else:
        _say("\n".join(_table(found)))


def classify(as_json: Json = False) -> None:
    """Read messages, one a line, and print the three likeliest fields of each, best first."""
    catalogue = load_catalogue()
    guesser = Guesser(catalogue)
    for line in sys.stdin.buffer:
        title, text = title_and_text(line.decode("utf-8-sig", "replace").strip("\r\n"))
        names = [catalogue.name(id, "zh") for id in guesser.top(title, text)]
        _say(json.dumps(names, ensure_ascii=False) if as_json else "\t".join(names))


def title_and_text(line: str) -> tuple[str, str]:
    """A message's title and text: parted by a tab, else by a blank after what may be a title.

    The first sentence of a lone text is no title: it often only greets, or tells who writes.
    """
    title, tab, text = line.partition("\t")
    if not tab:
        title, _, text = line.strip().partition(" ")
        if not text or not _may_be_a_title(title):
            return "", line
    return title, text


def _may_be_a_title(piece: str) -> bool:
    return (
        not piece.isascii()
        and SHORTEST_TITLE <= len(piece) <= LONGEST_TITLE
        and piece[-1] not in GOES_ON
    )


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:  # other ways of writing a day are easily misread
        raise AskedWrong(f"--on: {text!r} is no day; write it as 2026-02-10")
    return day


def _deadlines(profile: Profile, event: str, on: date, calendar: Calendar) -> list[Deadline]:
    limits = profile.limits.get(event)
    if limits is None:
        raise AskedWrong(f"--event: {event!r} starts no clock; these do: {_events(profile)}")
    if any(limit.prolongs for limit in limits):
        raise AskedWrong(
            f"--event: {event!r} prolongs a deadline that runs, from its last day; "
            f"these start one: {_events(profile)}"
        )
    try:
        return deadlines_after(profile, event, on, calendar)
    except OverflowError:
        raise AskedWrong(f"--on: {on} is too late to count from") from None


def _events(profile: Profile) -> str:
    """The events that start a clock on their own."""
    started = (e for e, limits in profile.limits.items() if not any(x.prolongs for x in limits))
    return ", ".join(started)


def _object(each: Deadline) -> dict[str, object]:
    return {
        "name": each.name,
        "due": each.due.isoformat(),
        "kind": each.kind.value,
        "clause": each.clause,
        "provisional": each.provisional,
    }


def _table(found: list[Deadline]) -> Iterator[str]:
    wide = max(len(each.name) for each in found)
    for each in found:
        mark = "  provisional" if each.provisional else ""
        yield f"{each.name:{wide}}  {each.due}  {each.kind.value:8}  {each.clause}{mark}"


def _say(text: str) -> None:
    """A line on standard output, at once. Bytes: a terminal's encoding may lack the signs."""
    typer.echo(text.encode())
