"""kill -9 at any moment: nothing acknowledged is lost, nothing happens twice."""

import asyncio
import os
import random
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest
from acceptance.conftest import City
from acceptance.programs import Forge, Program, environment, until
from acceptance.walks import ZH, file_petition, to_step

from bot import evidence
from bot.opening import open_desk
from emulator import Person, Seen
from petitions.events import Registered
from petitions.numbers import read, show
from storage import record

KILLS = 200 if os.environ.get("MINSHENG_TORTURE") else 15
CITIZENS = 4
PATIENCE = 120.0


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
    torture = Torture()
    await Stubborn(chen, torture).file()
    assert chen.kills == 25
    await victim.city.li.expect(show(torture.filed[0].number), chat=victim.city.zhujian)
    await victim.drained()
    await victim.kill()
    await _nothing_lost_nothing_twice(victim, torture.filed)


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
    number = _number(shown)
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


# The torture: citizens file side by side while the bot is killed again and again.


@dataclass
class Filed:
    """What somebody typed into one petition, and what they were shown."""

    typed: dict[str, str]
    number: str = ""
    receipt: str = ""


@dataclass
class Torture:
    """What everybody did."""

    filed: list[Filed] = field(default_factory=list)
    over: bool = False


class Stubborn:
    """Does each thing once, and waits as long as it takes for what must follow."""

    def __init__(self, person: Person | Frail, torture: Torture) -> None:
        self._person = person
        self._torture = torture

    async def live(self) -> None:
        """File petitions until the torture is over."""
        while not self._torture.over:
            await self.file()

    async def file(self) -> None:
        who, serial = self._person, len(self._torture.filed) + 1
        mark = f"{who.id} {serial}"
        filed = Filed(
            {
                "title": f"路灯不亮 {mark}",
                "facts": f"第一段经过 {mark}",
                "more facts": f"第二段经过 {mark}",
                "request": f"请修好路灯 {mark}",
                "address": f"幸福路 {mark} 号",
                "name": f"陈{mark}",
                "phone": f"138{who.id:04d}{serial:04d}",
                "earlier": f"二〇二五年信访 {mark}",
                "tried": f"去年打过官司 {mark}",
            }
        )
        self._torture.filed.append(filed)
        typed = filed.typed
        await self._then(who.type("/new"), "1/10")
        await self._then(who.tap(ZH.request), ZH.steps_asked["consent"])
        await self._then(who.tap(ZH.agree), ZH.steps_asked["title"])
        await self._then(who.type(typed["title"]), ZH.steps_asked["facts"])
        await self._then(who.type(typed["facts"]), "已记下第 1 段")
        await self._then(who.type(typed["more facts"]), "已记下第 2 段")
        await self._then(who.tap(ZH.done), ZH.steps_asked["request"])
        await self._then(who.type(typed["request"]), ZH.noted)
        await self._then(who.tap(ZH.done), ZH.steps_asked["category"])
        await self._tap_first(ZH.steps_asked["category"], ZH.steps_asked["branch"])
        await self._tap_first(ZH.steps_asked["branch"], ZH.steps_asked["place"])
        await self._then(who.tap("江北区"), ZH.steps_asked["address"])
        await self._then(who.type(typed["address"]), ZH.steps_asked["files"])
        await self._then(who.photo(), "1 个附件")
        await self._then(who.tap(ZH.done), ZH.steps_asked["name"])
        await self._then(who.type(typed["name"]), ZH.steps_asked["phone"])
        await self._then(who.type(typed["phone"]), ZH.steps_asked["id_number"])
        await self._then(who.tap(ZH.skip), ZH.steps_asked["earlier"])
        await self._then(who.tap("反映过"), "以前的编号")
        await self._then(who.type(typed["earlier"]), ZH.steps_asked["tried"])
        await self._then(who.tap("有过"), "哪个机关")
        await self._then(who.type(typed["tried"]), ZH.steps_asked["affected"])
        await self._then(who.tap(ZH.only_me), ZH.steps_asked["publish"])
        await self._then(who.tap(ZH.publish), ZH.steps_asked["review"])
        shown = await self._then(who.tap(ZH.submit), ZH.submitted)
        filed.number = read(_number(shown))
        filed.receipt = re.search(r"(?:[A-Z0-9]{4}-){4}[A-Z0-9]{4}", shown.text)[0]

    async def _then(self, deed: Awaitable[object], follows: str) -> Seen:
        await deed
        return await self._person.expect(follows, timeout=PATIENCE)

    async def _tap_first(self, at: str, follows: str) -> None:
        shown = [m for m in await self._person.sees() if at in m.text][-1]
        deed = self._person.tap(shown.buttons[0][0][1], message=shown.id)
        await self._then(deed, follows)


def _number(shown: Seen) -> str:
    found = re.search(r"\d{6}-\d{8}-\d{5}-\d", shown.text)
    assert found, shown.text
    return found[0]


class Arrivals:
    """Tells when an update arrives for the bot."""

    def __init__(self, city: City) -> None:
        self._came = asyncio.Event()
        queue = next(iter(city.emulator.world.queues.values()))
        add = queue.add_raw

        def add_raw(update: dict[str, Any]) -> int:
            self._came.set()
            return add(update)

        queue.add_raw = add_raw

    async def next(self) -> None:
        self._came.clear()
        await self._came.wait()


@pytest.mark.torture
async def test_torture(victim):
    city, torture = victim.city, Torture()
    chance = random.Random(20260302)
    arrivals = Arrivals(city)
    people = [Stubborn(await city.citizen(1001 + i), torture) for i in range(CITIZENS)]
    living = [asyncio.create_task(person.live()) for person in people]
    await _kill_again_and_again(victim, arrivals, chance.random)
    torture.over = True
    await asyncio.gather(*living)
    await victim.drained()
    await victim.kill()
    await _nothing_lost_nothing_twice(victim, torture.filed)


async def _kill_again_and_again(
    victim: Victim, arrivals: Arrivals, chance: Callable[[], float]
) -> None:
    for _ in range(KILLS):
        await arrivals.next()
        await asyncio.sleep(chance() * 0.05)  # the moment of the kill
        await victim.kill()
        program = await victim.start()
        await program.writes("bot.started")


async def _nothing_lost_nothing_twice(victim: Victim, filed: list[Filed]) -> None:
    numbers = [number for (number,) in victim.rows("SELECT number FROM petitions")]
    assert sorted(numbers) == sorted(each.number for each in filed)
    assert victim.count("inbox", "state <> 'done'") == 0
    assert victim.count("drafts", "state = 'open'") == 0
    faults: list[str] = []
    evidence.verify(victim.city.settings(), None, None, faults.append)
    assert faults == []
    desk = await open_desk(victim.city.settings())
    try:
        for each in filed:
            found = await desk.look(lambda unit, each=each: record.by_number(unit, each.number))
            _as_typed(found[0].entries[0].event, each)
    finally:
        await desk.database.close()


def _as_typed(event: Registered, filed: Filed) -> None:
    typed, kept = filed.typed, event.filing
    assert kept.title == typed["title"]
    assert kept.facts == (typed["facts"], typed["more facts"])
    assert kept.request == (typed["request"],)
    assert kept.address == typed["address"]
    assert kept.name == typed["name"]
    assert kept.phone == "+86" + typed["phone"]
    assert kept.earlier == typed["earlier"]
    assert kept.tried == typed["tried"]
    assert len(kept.files) == 1
