"""In which order is everything looked at? Each check rests on what was seen before it."""

import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from functools import partial

from bot.clock import clock_of
from bot.collector import collector_at_rest
from bot.doctor import copies, days, machine, people, queues, sealing, server, token, units
from bot.doctor.eyes import Eyes
from bot.doctor.finding import Check, Finding, blind, well
from bot.loading import calendar_of, load_house, load_office
from bot.settings import Settings, SettingsError, load_settings
from petitions.deadlines import local_date
from petitions.office import Office, OfficeError
from storage import schema
from storage.database import Unavailable
from storage.schema import OtherSchema
from storage.unit import Unit
from storage.vault import WrongKey

SETTINGS, OFFICE, DATABASE, KEYS = "settings", "office file", "database", "keys"


async def visit() -> AsyncIterator[Finding]:
    """Everything that was found, in the order in which it was looked at."""
    try:
        settings = load_settings()
    except SettingsError as error:
        for line in str(error).splitlines():
            yield blind(SETTINGS, line, "put it right; the README has a table of all settings")
        return
    yield well(SETTINGS, "they can be read")
    for each in (*machine.folder(settings), *machine.disk(settings), *machine.moved(settings)):
        yield each
    office: Office | None = None
    try:
        office = load_office(settings.office_file)
        load_house(office, "")
    except OfficeError as error:
        for line in str(error).splitlines():
            yield blind(OFFICE, line, "put it right: docs/reference/office.md has every key")
    else:
        for each in _office(settings, office):
            yield each
    chats: dict[str, int] = {}
    async for each in _database(settings, office, chats):
        yield each
    with collector_at_rest():  # aiogram, which nothing before this needs
        from bot.doctor import messenger
    async for each in messenger.asked(settings, chats):
        yield each


def _office(settings: Settings, office: Office) -> Iterator[Finding]:
    yield well(OFFICE, f"{settings.office_file} can be read")
    yield from people.roles(office)
    today = local_date(clock_of(settings)(), office.tz)
    yield from days.known(today, calendar_of(office))


async def _database(
    settings: Settings, office: Office | None, chats: dict[str, int]
) -> AsyncIterator[Finding]:
    """What the database says, as far as it can be reached and read; the groups go to `chats`."""
    if not (settings.postgres_url or settings.sqlite_file.exists()):
        yield blind(DATABASE, f"{settings.sqlite_file} is not there", "the first start makes it")
        return
    try:
        eyes = Eyes(settings)
    except WrongKey as error:
        yield blind(KEYS, str(error), "put FIELD_KEYS right; minsheng new-key shows what one is")
        return
    try:
        async for each in _seen(eyes, settings):
            yield each
        if office is not None:
            chats |= await eyes.look(partial(units.chats, office=office))
            for each in await eyes.look(partial(_fits, office=office)):
                yield each
    except Unavailable as error:
        do = "is its server running, its disk well, and DATABASE_URL right?"
        yield blind(DATABASE, f"it does not answer: {error}", do)
    except OtherSchema as error:
        do = "run the version of the program that made it, or bring its tables up to this one's"
        yield blind(DATABASE, str(error), do)
    except WrongKey as error:
        do = "put the keys back that it was sealed with: back-up-and-restore.md, Keys"
        yield blind(KEYS, str(error), do)
    finally:
        await eyes.close()


async def _seen(eyes: Eyes, settings: Settings) -> AsyncIterator[Finding]:
    """What can be said of it without the office file."""
    log = sealing.logged(settings.seal_key)
    if settings.postgres_url:
        for each in await eyes.look(_all(server.keeps)):
            yield each
        before = time.time()  # now that it is connected: that may take long
        theirs = await eyes.look(Unit.real_time)
        for each in machine.apart(theirs, before, time.time()):
            yield each
    await eyes.look(lambda unit: schema.check(unit.connection))
    yield well(DATABASE, "it answers, and its tables are this program's")
    await eyes.look(lambda unit: unit.vault.try_keys(unit.connection))
    yield well(KEYS, "FIELD_KEYS opens it")
    sealed = partial(sealing.sealed, key_file=settings.seal_key, log=log)
    for check in (token.fits, sealed, partial(copies.copied, settings=settings), queues.stand):
        for each in await eyes.look(_all(check)):
            yield each


def _all(check: Check) -> Callable[[Unit], list[Finding]]:
    """The whole check in one look: what is found later would be of another moment."""
    return lambda unit: list(check(unit))


def _fits(unit: Unit, office: Office) -> list[Finding]:
    """The office file against what is stored."""
    found: Iterable[Iterable[Finding]] = (
        units.units(unit, office),
        units.groups(unit, office),
        people.reached(unit, office),
        days.provisional(unit),
    )
    return [each for some in found for each in some]
