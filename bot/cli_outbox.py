"""The commands for messages that do not arrive: seen, brought back, called off."""

import asyncio
from collections.abc import Coroutine, Sequence
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar

import typer

from bot import outlet
from bot.outbox_lines import Line, as_json, as_list, as_table, line
from bot.refusals import REFUSALS, refuse, settings_or_refuse
from storage.returning import Cause


class State(StrEnum):
    """What a message may be asked for by; the first three are still to be sent."""

    WAITING = "waiting"
    DEFERRED = "deferred"
    UNKNOWN = "unknown"
    SENT = "sent"
    BLOCKED = "blocked"
    GONE = "gone"
    FAILED = "failed"
    SKIPPED = "skipped"


T = TypeVar("T")

LARGEST = 2**63 - 1  # that a database has a number for
Ids = Annotated[
    list[int], typer.Argument(help="The messages' ids, as `list` shows them.", max=LARGEST)
]
Json = Annotated[bool, typer.Option("--json", help="One object a line, for other programs.")]
Chats = Annotated[bool, typer.Option("--chats", help="Show the messenger's ids of chats too.")]
Since = Annotated[
    str | None, typer.Option(help="Ended since this day or moment, in the office's zone.")
]

outbox = typer.Typer(
    help="What waits to be sent, and what did not arrive. Works beside a running bot.",
    no_args_is_help=True,
)


@outbox.command("list")
def list_(
    state: Annotated[
        list[State] | None, typer.Option(help="Only these; what waits where nothing is said.")
    ] = None,
    petition: Annotated[str | None, typer.Option(help="Of this tracking number alone.")] = None,
    since: Since = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    chats: Chats = False,
    json: Json = False,
) -> None:
    """List messages: id, state, why, which notice, of which petition, when. Never what they say."""
    settings = settings_or_refuse()
    wanted = state or ([] if petition else [State.WAITING, State.DEFERRED])
    try:
        zone = outlet.zone_of(settings)
        moment = outlet.moment(since, zone) if since else None
        found = asyncio.run(outlet.find(settings, wanted, petition, moment, limit + 1))
    except (*REFUSALS, ValueError, LookupError) as error:
        refuse(error)
    _print([line(message, zone, chats=chats) for message in found[:limit]], json=json)
    if len(found) > limit:
        typer.echo(f"there are more than these {limit}: --limit shows more", err=True)


@outbox.command()
def show(
    id: Annotated[int, typer.Argument(help="The message's id.", max=LARGEST)],
    chats: Chats = False,
    json: Json = False,
) -> None:
    """Show all that is known of one message, but not what it says."""
    settings = settings_or_refuse()
    try:
        zone = outlet.zone_of(settings)
        told = line(asyncio.run(outlet.one(settings, id)), zone, chats=chats)
    except (*REFUSALS, LookupError) as error:
        refuse(error)
    typer.echo(as_json([told]) if json else as_list(told))


@outbox.command()
def counts(json: Json = False) -> None:
    """Count what waits and what did not arrive, by state and reason."""
    settings = settings_or_refuse()
    found = _run(outlet.counts(settings))
    lines = [{"state": state, "reason": why, "count": count} for state, why, count in found]
    _print(lines, json=json)


@outbox.command()
def retry(
    ids: Annotated[list[int] | None, typer.Argument(help="The messages' ids.", max=LARGEST)] = None,
    state: Annotated[
        Literal["failed", "gone", "blocked"] | None,
        typer.Option(help="All that ended so, instead of ids; with --since."),
    ] = None,
    since: Since = None,
    json: Json = False,
) -> None:
    """Send again what failed, was blocked, or whose chat was gone; the bot takes it at once."""
    settings = settings_or_refuse()
    if bool(ids) == bool(state) or bool(state) != bool(since):
        refuse(ValueError("retry: give ids, or --state with --since"))
    try:
        chosen = list(ids or ())
        if state and since:
            moment = outlet.moment(since, outlet.zone_of(settings))
            chosen = asyncio.run(outlet.ended(settings, state, moment))
        done = asyncio.run(outlet.retry(settings, chosen))
    except (*REFUSALS, ValueError) as error:
        refuse(error)
    _tell(done, "waits again", json=json)


@outbox.command()
def cancel(
    ids: Ids,
    reason: Annotated[Cause, typer.Option(help="Why; kept with the message.")],
    even_required: Annotated[
        bool, typer.Option("--even-required", help="Even what the petitioner must be told.")
    ] = False,
    json: Json = False,
) -> None:
    """Call off what waits to be sent; what is being sent at this moment still goes."""
    settings = settings_or_refuse()
    _tell(
        _run(outlet.cancel(settings, ids, reason, even_required=even_required)),
        "called off",
        json=json,
    )


def _run(work: Coroutine[Any, Any, T]) -> T:
    try:
        return asyncio.run(work)
    except REFUSALS as error:
        refuse(error)


def _tell(done: Sequence[outlet.Done], word: str, *, json: bool) -> None:
    """Of each message what was done, or why not; exit code 1 where one was not."""
    lines: list[Line] = [{"id": id, "done": why is None, "why": why} for id, why in done]
    if json:
        _print(lines, json=True)
    else:
        for id, why in done:
            typer.echo(f"{id}: {why or word}")
    raise typer.Exit(1 if any(why for _, why in done) else 0)


def _print(lines: Sequence[Line], *, json: bool) -> None:
    if lines:
        typer.echo(as_json(lines) if json else as_table(lines))
    elif not json:
        typer.echo("none")
