"""A crowd at work: citizens who file one petition after another, officers who take each in hand.

Everyone does each thing once, and waits as long as it takes for what must follow.
"""

import asyncio
import os
import random
import re
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from acceptance.conftest import City
from acceptance.walks import ZH

from emulator import Person, Seen
from petitions.numbers import read, show

NUMERALS = str.maketrans("0123456789", "零一二三四五六七八九")
"""A name with a number in it is none."""
PATIENCE = 600.0 if os.environ.get("MINSHENG_TORTURE") else 120.0
OFFICERS = {2001: "李建国", 2002: "周敏"}
"""Who works at the unit that the petitions go to."""


class Acting(Protocol):
    """A person, or somebody who makes trouble before each thing they do."""

    id: int

    async def type(self, text: str) -> object: ...
    async def tap(self, label: str, message: int | None = None) -> object: ...
    async def photo(self) -> object: ...
    async def expect(self, wanted: str, *, timeout: float) -> Seen: ...  # noqa: ASYNC109
    async def sees(self) -> list[Seen]: ...


@dataclass
class Filed:
    """What somebody typed into one petition, and what they were shown."""

    by: int
    typed: dict[str, str]
    number: str = ""
    receipt: str = ""
    review: str = ""


@dataclass
class Crowd:
    """What everybody did."""

    city: City
    rest: float = 0.0
    """For so many seconds, on average, a citizen thinks before the next answer."""
    filed: list[Filed] = field(default_factory=list)
    over: bool = False
    work: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    worked: list[str] = field(default_factory=list)

    async def live(self, citizens: int, hands: int, until: Awaitable[None]) -> None:
        """So many citizens file and officers work, until this is through and all is finished."""
        made = [await self.city.citizen(10_001 + n) for n in range(citizens)]
        filing = [asyncio.create_task(self._files(person)) for person in made]
        handling = [asyncio.create_task(self._handles(n)) for n in range(hands)]
        ending = asyncio.ensure_future(until)
        try:
            await _first_error(ending, (*filing, *handling))
            self.over = True
            await asyncio.gather(*filing)
            await _first_error(asyncio.create_task(self.work.join()), handling)
        finally:
            for task in (ending, *filing, *handling):
                task.cancel()
            await asyncio.gather(ending, *filing, *handling, return_exceptions=True)

    async def think(self) -> None:
        """Nobody thinks any more once it is over."""
        if self.rest and not self.over:
            await asyncio.sleep(random.expovariate(1 / self.rest))

    async def _files(self, person: Person) -> None:
        while True:
            await Citizen(person, self).file()
            if self.over:
                return

    async def _handles(self, hand: int) -> None:
        who = list(OFFICERS)[hand % len(OFFICERS)]
        # A hand of one's own: what a person waits for begins with what they did last.
        person = Person(self.city.client, {"id": who, "first_name": OFFICERS[who]})
        while True:
            number = await self.work.get()
            await _take_and_accept(person, self.city, show(number), OFFICERS[who])
            self.worked.append(number)
            self.work.task_done()


async def _first_error(awaited: asyncio.Task[None], others: Iterable[asyncio.Task[None]]) -> None:
    """Wait for the one, and hear at once of an error of the others."""
    waiting = {awaited, *others}
    while not awaited.done():
        ended, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in ended:
            task.result()
    awaited.result()


async def _take_and_accept(person: Person, city: City, number: str, name: str) -> None:
    group = city.zhujian

    def card(label: str, *, there: bool = True) -> object:
        return lambda seen: number in seen.text and (seen.data(label) is not None) is there

    person.mark = 0  # the card may have come while another was worked on
    fresh = await person.expect(card("认领"), chat=group, timeout=PATIENCE)
    await person.tap("认领", chat=group, message=fresh)
    taken = await person.expect(card("受理"), chat=group, timeout=PATIENCE)
    assert name in taken.text
    await person.tap("受理", chat=group, message=taken)
    await person.expect(card("受理", there=False), chat=group, timeout=PATIENCE)


class Citizen:
    """Files petitions that are like no other."""

    def __init__(self, person: Acting, crowd: Crowd) -> None:
        self._person = person
        self._crowd = crowd

    async def file(self) -> Filed:
        """One petition, from /new to its number; it is the officers' work then."""
        filed = self._begun()
        who, typed = self._person, filed.typed
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
        review = await self._then(who.tap(ZH.publish), ZH.steps_asked["review"])
        filed.review = review.text
        shown = await self._then(who.tap(ZH.submit), ZH.submitted)
        filed.number = read(shown_number(shown))
        filed.receipt = re.search(r"(?:[A-Z0-9]{4}-){4}[A-Z0-9]{4}", shown.text)[0]
        self._crowd.work.put_nowait(filed.number)
        return filed

    def _begun(self) -> Filed:
        who, serial = self._person.id, len(self._crowd.filed) + 1
        mark = f"{who} {serial}"
        filed = Filed(
            who,
            {
                "title": f"路灯不亮 {mark}",
                "facts": f"第一段经过 {mark}",
                "more facts": f"第二段经过 {mark}",
                "request": f"请修好路灯 {mark}",
                "address": f"幸福路 {mark} 号",
                "name": f"陈{mark.translate(NUMERALS)}",
                "phone": f"138{serial:08d}",
                "earlier": f"二〇二五年信访 {mark}",
                "tried": f"去年打过官司 {mark}",
            },
        )
        self._crowd.filed.append(filed)
        return filed

    async def _then(self, deed: Awaitable[object], follows: str) -> Seen:
        await deed
        seen = await self._person.expect(follows, timeout=PATIENCE)
        await self._crowd.think()
        return seen

    async def _tap_first(self, at: str, follows: str) -> None:
        shown = [m for m in await self._person.sees() if at in m.text][-1]
        deed = self._person.tap(shown.buttons[0][0][1], message=shown.id)
        await self._then(deed, follows)


def shown_number(shown: Seen) -> str:
    """The number on the screen."""
    found = re.search(r"\d{6}-\d{8}-\d{5}-\d", shown.text)
    assert found, shown.text
    return found[0]
