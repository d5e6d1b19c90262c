"""kill -9 at any moment: nothing acknowledged is lost, nothing happens twice."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Awaitable
from contextlib import closing
from typing import Any

import pytest
from acceptance.conftest import City
from acceptance.crowds import Citizen, Crowd, shown_number
from acceptance.judging import numbers_and_record
from acceptance.programs import Forge, Program, environment, until
from acceptance.walks import ZH, file_petition, to_step

from bot.opening import open_desk
from emulator import Person
from petitions.numbers import show
from storage import inbox
from storage.inbox import Arrival


class Victim:
    """The bot's process, which can be killed and started as often as one likes."""

    def __init__(self, city: City, forge: Forge) -> None:
        self.city = city
        self.forge = forge
        self.program: Program | None = None

    async def start(self) -> Program:
        env = environment(self.city.settings())
        self.program = await self.forge.start(env)
        return self.program

    async def kill(self) -> None:
        if self.program is not None:
            await self.program.kill()
            assert self.program.code == -9, self.program.err
            assert "Traceback" not in self.program.err
            self.program = None

    def rows(self, query: str) -> list[Any]:
        """What the database says, read beside the program."""
        with closing(sqlite3.connect(self.city.settings().sqlite_file)) as connection:
            return connection.execute(query).fetchall()

    def count(self, table: str, where: str = "1") -> int:
        return int(self.rows(f"SELECT count(*) FROM {table} WHERE {where}")[0][0])

    async def drained(self) -> None:
        """Wait until nothing is left to handle, to send or to fetch."""
        await until(lambda: not self.count("inbox", "state = 'new'"), "inbox empty")
        await until(lambda: not self.count("outbox", "state = 'waiting'"), "outbox empty")
        await until(lambda: not self.count("files", "state = 'wanted'"), "files fetched")


@pytest.fixture
async def victim(quiet_city: City, forge: Forge) -> AsyncIterator[Victim]:
    made = Victim(quiet_city, forge)
    await made.start()
    yield made
    await made.kill()


class Frail:
    """Somebody who has the bot killed before each thing they do."""

    def __init__(self, person: Person, victim: Victim, *, while_dead: bool) -> None:
        self._person = person
        self._victim = victim
        self._while_dead = while_dead
        self.id = person.id
        self.expect = person.expect
        self.sees = person.sees
        self.kills = 0

    async def type(self, text: str) -> None:
        await self._do(self._person.type(text))

    async def tap(self, label: str, message: int | None = None) -> None:
        await self._do(self._person.tap(label, message=message))

    async def photo(self) -> None:
        await self._do(self._person.photo())

    async def _do(self, deed: Awaitable[object]) -> None:
        await self._victim.kill()
        self.kills += 1
        if self._while_dead:
            await asyncio.gather(self._victim.start(), deed)
        else:
            await self._victim.start()
            await deed


@pytest.mark.parametrize("while_dead", [False, True], ids=["then acts", "acts meanwhile"])
async def test_the_whole_form_with_a_kill_before_every_step(victim, while_dead):
    chen = Frail(await victim.city.citizen(), victim, while_dead=while_dead)
    filed = await Citizen(chen, Crowd(victim.city)).file()
    assert chen.kills == 25
    await victim.city.li.expect(show(filed.number), chat=victim.city.zhujian)
    await victim.drained()
    await victim.kill()
    await numbers_and_record(victim.city, [filed])


FAULTS = ["timeout", "drop_before", "drop_after", "500", "502", "429"]


async def refused(victim: Victim, kind: str, deed: Awaitable[object]) -> None:
    """Do it while the messenger takes no message, and kill when the first was not taken."""
    client, rules = victim.city.client, victim.city.emulator.world.faults.rules
    for method in ("sendMessage", "editMessageText"):
        await client.fault(method, kind, times=1000)
    await deed
    await until(lambda: sum(rule.times for rule in rules) < 2000, "a message tried")
    await victim.kill()
    await client.no_faults()
    await victim.start()


@pytest.mark.parametrize("kind", FAULTS)
async def test_killed_after_the_commit_the_question_still_comes(victim, kind):
    chen = await victim.city.citizen()
    await to_step(chen, ZH, "title")
    await refused(victim, kind, chen.type(ZH.title))
    await chen.expect(ZH.steps_asked["facts"])
    await victim.drained()
    assert [m.text for m in await chen.sees() if m.text == ZH.title] == [ZH.title]


async def test_killed_after_submitting_the_number_still_comes_and_the_card_too(victim):
    chen = await victim.city.citizen()
    await to_step(chen, ZH, "review")
    await refused(victim, "drop_before", chen.tap(ZH.submit))
    shown = await chen.expect(ZH.submitted)
    number = shown_number(shown)
    await victim.city.li.expect(number, chat=victim.city.zhujian)
    await victim.drained()
    assert victim.count("petitions") == 1


async def test_killed_after_accepting_the_notice_still_comes(victim):
    city = victim.city
    chen = await city.citizen()
    number, _, _ = await file_petition(chen)
    await city.li.expect(number, chat=city.zhujian)
    await city.li.tap("认领", chat=city.zhujian)
    await city.li.expect("李建国", chat=city.zhujian)
    await refused(victim, "500", city.li.tap("受理", chat=city.zhujian))
    await chen.expect(ZH.accepted)
    await victim.drained()
    assert victim.count("entries", "kind = 'accepted'") == 1
    assert len([m for m in await chen.sees() if ZH.accepted in m.text]) == 1


async def test_killed_as_somebody_comes_back_they_are_told_once_what_they_missed(victim):
    city = victim.city
    chen, li, group = await city.citizen(), city.li, city.zhujian
    number, _, _ = await file_petition(chen)
    await li.expect(number, chat=group)
    await li.tap("认领", chat=group)
    await li.expect("李建国", chat=group)
    await victim.drained()
    await chen.block()
    await li.expect("📵", chat=group)
    await li.tap("受理", chat=group)
    await until(lambda: victim.count("outbox", "state = 'blocked'"), "the notice refused")
    await victim.drained()
    await refused(victim, "drop_before", chen.unblock())
    await chen.expect("您不在的时候")
    await victim.drained()
    await victim.kill()
    await victim.start()
    await chen.type("/start")
    await chen.expect(ZH.file)
    await victim.drained()
    assert len([m for m in await chen.sees() if "您不在的时候" in m.text]) == 1
    card = await li.last(chat=group)
    assert card is not None
    assert "📵" not in card.text


async def test_what_a_kill_left_comes_before_what_follows(victim):
    """The question that was not sent, then the note on the answer given without it."""
    chen, client = await victim.city.citizen(), victim.city.client
    await to_step(chen, ZH, "title")
    await client.fault("sendMessage", "drop_before", times=1000)
    rules = victim.city.emulator.world.faults.rules
    await chen.type(ZH.title)
    await until(lambda: rules[0].times < 1000, "a message tried")
    await victim.kill()
    await chen.type("水管一直在漏。")
    await client.no_faults()
    await victim.start()
    note = await chen.expect(ZH.noted)
    question = await chen.expect(ZH.steps_asked["facts"])
    assert question.id < note.id


async def test_killed_while_the_messenger_is_down(victim):
    chen = await victim.city.citizen()
    await to_step(chen, ZH, "title")
    await victim.city.client.down()
    await chen.type(ZH.title)
    await victim.kill()
    program = await victim.start()
    await program.writes("messenger.away")
    await victim.city.client.down(False)
    await chen.expect(ZH.steps_asked["facts"])


async def test_an_attachment_whose_fetching_a_kill_cut_off_is_fetched(victim):
    chen = await victim.city.citizen()
    await to_step(chen, ZH, "files")
    await victim.city.client.fault("getFile", "timeout")
    rules = victim.city.emulator.world.faults.rules
    await chen.album(3)
    await until(lambda: not rules, "fetching begun")
    await victim.kill()
    await victim.start()
    await until(lambda: victim.count("files", "state = 'kept'") == 3, "files fetched")


async def test_what_may_have_killed_it_is_counted_before_it_is_tried_again(victim):
    """And what only waited behind it is not: however often it has waited, it is no poison."""
    people = [await victim.city.citizen(user) for user in (1001, 1002, 1003)]
    for person in people:
        await person.type("/start")
        await person.expect(ZH.file)
    await victim.drained()
    await victim.kill()
    desk = await open_desk(victim.city.settings())  # the process that dies with these in hand
    left = [_says(10 * person.id + n, person.id) for person in people for n in (1, 2)]
    await desk.unit(lambda unit: inbox.store(unit, left))
    await desk.database.close()
    await victim.start()
    await victim.drained()
    tries = dict(victim.rows("SELECT update_id, attempts FROM inbox WHERE update_id < 100000"))
    assert tries == {a.update_id: 2 if a.update_id % 10 == 1 else 1 for a in left}
    for person in people:
        assert len([seen for seen in await person.sees() if "怎么用" in seen.text]) == 2


def _says(number: int, user: int) -> Arrival:
    who = {"id": user, "first_name": "陈秀英"}
    message = {"message_id": number, "date": 1772400000, "text": "/help"}
    message |= {"chat": {**who, "type": "private"}, "from": {**who, "is_bot": False}}
    return Arrival(number, user, json.dumps({"update_id": number, "message": message}).encode())
