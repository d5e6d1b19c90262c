"""Scenes that tests begin in: a form half filled in, a case some way along; and what was put."""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import asyncpg
from acceptance.conftest import City

from dialogs import telling
from dialogs.citizen.submitting import filing_of
from emulator import Person
from petitions import commands as do
from petitions import numbers
from petitions.access import actor_of
from petitions.deadlines import local_date
from petitions.events import Outcome
from petitions.lifecycle import register
from petitions.record import Party, Petition
from storage import drafts, outbox, record, serials
from storage.drafts import Draft
from storage.unit import Unit

CODE = "ACEF-3467"
WHOLE: Mapping[str, Any] = {
    "purpose": "request",
    "consent": "agree",
    "title": "小区水管爆裂",
    "facts": ["水一直漏"],
    "request": ["请修好"],
    "category": "urban",
    "place": {"district": "jiangbei", "address": "幸福路 8 号"},
    "files": None,
    "name": "陈秀英",
    "phone": "+8613812345678",
    "id_number": None,
    "earlier": {"yes": False},
    "tried": {"yes": False},
    "affected": "me",
    "publish": "keep",
}
REPLY = do.Reply(Outcome.EXPLAINED, ("经查，水管已修好。",), "《物业管理条例》第三十五条")
REPLIED = (do.Take(), do.Accept(), REPLY)


def ask(city: City, query: str, *values: object) -> list[tuple[Any, ...]]:
    """Read the database beside the running bot; `?` is a value, `?1` the first."""
    if city.database_url:
        with ThreadPoolExecutor(1) as beside:  # so that whoever asks need not wait for a loop
            return beside.submit(asyncio.run, _asked(city.database_url, query, values)).result()
    path = city.folder / "data" / "minsheng.sqlite3"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return connection.execute(query, values).fetchall()


async def _asked(url: str, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(url)
    try:
        for number in range(1, len(values) + 1):
            query = query.replace(f"?{number}", f"${number}").replace("?", f"${number}", 1)
        return [tuple(row) for row in await connection.fetch(query, *values)]
    finally:
        await connection.close()


def keys(city: City, chat: int, after: int = 0) -> list[str]:
    """The keys of what was put into this chat's outbox after that row."""
    query = "SELECT key FROM outbox WHERE chat_id = ? AND id > ? ORDER BY id"
    return [row[0] for row in ask(city, query, chat, after)]


def newest(city: City, chat: int) -> int:
    """The id of the newest row of this chat's outbox."""
    query = "SELECT coalesce(max(id), 0) FROM outbox WHERE chat_id = ?"
    return int(ask(city, query, chat)[0][0])


async def until(city: City, true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until this is so, looking again whenever something happens."""
    async with asyncio.timeout(seconds):
        while not true():
            await city.client.wait((await city.client.state())["seq"], 0.05)


async def tap(person: Person, label: str, chat: Any = None) -> str | None:
    """Press a button as soon as it is there."""
    await person.expect(lambda seen: seen.data(label) is not None, chat=chat)
    return await person.tap(label, chat=chat)


async def begin(city: City, person: Person, form: str, step: str, **how: Any) -> Draft:
    """Have this person in the middle of a form."""
    answers = dict(how.pop("answers", {}))

    def work(unit: Unit) -> Draft:
        made = drafts.begin(unit, person.id, person.id, form, step, answers=answers, **how)
        made = made.at(step)  # a version of its own, as after some questions
        drafts.save(unit, made)
        return made

    return await draft(city, (await city.app.desk.unit(work)).id)


async def draft(city: City, draft_id: str) -> Draft:
    """The draft as it is now."""
    found = await city.app.desk.look(lambda unit: drafts.load(unit, draft_id))
    assert found is not None
    return found


async def current(city: City, person: Person) -> Draft | None:
    """The form this person is at."""
    return await city.app.desk.look(lambda unit: drafts.current(unit, person.id, person.id))


async def at_review(city: City, person: Person, **answers: Any) -> None:
    """Have the person look at the review card of a petition that is all filled in."""
    await begin(city, person, "filing", "review", answers=WHOLE | answers)
    await person.type("/start")
    await tap(person, "继续填写")
    await person.expect("请核对")


async def case(
    city: City, person: Person, *commands: do.Command, by: int = 2001, **answers: Any
) -> Petition:
    """A case of this person that has come so far; cards and notices go out as always."""
    house = city.app.house

    def work(unit: Unit) -> Petition:
        day = local_date(unit.now, house.office.tz)
        number = numbers.make(house.office.region, day, serials.take(unit, day))
        command = do.Register(filing_of(WHOLE | answers), number, "00" * 16)
        event = register(command, unit.now, house.rules)
        key_id = unit.vault.new_key(unit.connection)
        digest = unit.digest("code", number, CODE)
        petitioner = Party("petitioner", person.id)
        made = record.register(unit, event, person.id, petitioner, key_id, digest)
        parcels = telling.follow(unit, house, made)
        for command in commands:
            made, more = telling.act(unit, house, made, command, actor_of(by, house.office))
            parcels += more
        outbox.put(unit, parcels)
        return made

    await person.type("/help")
    await person.expect("怎么用")
    return await city.app.desk.unit(work)


async def as_it_stands(city: City, petition: Petition) -> Petition:
    """The case now."""
    return await city.app.desk.look(lambda unit: record.load(unit, petition.id))


def kinds(petition: Petition) -> list[str]:
    """What happened in this case, in order."""
    return [entry.event.kind for entry in petition.entries]


async def goes_on(
    city: City, petition: Petition, *commands: do.Command, by: int = 2001
) -> Petition:
    """Let the case go on; cards and notices go out as always."""
    house = city.app.house

    def work(unit: Unit) -> Petition:
        made = record.load(unit, petition.id)
        for command in commands:
            made, more = telling.act(unit, house, made, command, actor_of(by, house.office))
            outbox.put(unit, more)
        return made

    return await city.app.desk.unit(work)
