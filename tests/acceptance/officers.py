"""What officers do, as they do it: a case some way along, a button, the answers, what is said."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from acceptance.conftest import City
from acceptance.scenes import ask, case, tap, until

from dialogs import telling
from dialogs.taps import CaseTap
from emulator import Person
from emulator.client import Group
from petitions import commands as do
from petitions.access import DESK, actor_of
from petitions.record import Petition
from storage import outbox, record

ELSEWHERE = "labour.wages"
"""A category that no unit of the sample office lists: such a case stays at the petition office."""
LI, ZHOU, ZHAO, SUN, QIAN, HE, WU = 2001, 2002, 2003, 2004, 2005, 2006, 2010
CHEN = 1001
REASON = ("经核对职责分工，作如下说明。",)

Scene = Callable[[City, Person], Awaitable[Petition]]
Step = tuple[str, str, str]
"""What is asked, how it is answered (tap, type, write), and with what."""


@dataclass(frozen=True)
class Walk:
    """One move from its button to the end."""

    button: str
    scene: Scene
    steps: tuple[Step, ...]
    sent: str
    kind: str
    who: str = "li"
    group: str = "zhujian"
    told: tuple[str, ...] = ()  # what the petitioner then reads
    card: str = ""  # what the group's card then says
    line: str = ""  # what the group is told beside its card
    line_in: str = ""  # in this other group
    previewed: bool = False
    behind_more: bool = False


async def happen(city: City, petition: Petition, by: int | None, *commands: do.Command) -> Petition:
    """Have this person (None: the desk) do this to the case; whoever is to be told is told."""
    house = city.app.house
    who = DESK if by is None else actor_of(by, house.office)

    def work(unit: Any) -> Petition:
        made = record.load(unit, petition.id, lock=True)
        for command in commands:
            made, parcels = telling.act(unit, house, made, command, who)
            outbox.put(unit, parcels)
        return made

    return await city.app.desk.unit(work)


def scene(*stages: tuple[int, *tuple[do.Command, ...]], **answers: Any) -> Scene:
    """A case to which these people did these things, each in turn."""

    async def make(city: City, person: Person) -> Petition:
        made = await case(city, person, **answers)
        for by, *commands in stages:
            made = await happen(city, made, by, *commands)
        return made

    return make


async def settled(city: City) -> None:
    """Everything that was to be said has been sent, so that no card is older than its case."""
    query = "SELECT count(*) FROM outbox WHERE state = 'waiting'"
    await until(city, lambda: ask(city, query) == [(0,)])


async def known(*people: Person) -> None:
    """They have opened the bot in private, so it may write to them."""
    for person in people:
        await person.type("/start")
        await person.expect("云江市信访局")


async def open_more(person: Person, group: Group | None, has: str = "关联另一件") -> None:
    """All that this officer can do with the case, listed in private."""
    await tap(person, "更多", chat=group)
    await person.expect(lambda seen: seen.data(has) is not None)


async def begin(city: City, walk: Walk) -> Person:
    """Press the move's button on the card, or behind 更多; the officer who did."""
    person, group = getattr(city, walk.who), getattr(city, walk.group)
    await settled(city)
    if walk.behind_more:
        await open_more(person, group, walk.button)
        await person.tap(walk.button)
    else:
        await tap(person, walk.button, chat=group)
    return person


async def answer(person: Person, step: Step) -> None:
    """Wait for the question and answer it."""
    asked, how, what = step
    await person.expect(asked)
    if how == "tap":
        await person.tap(what)
        return
    await person.type(what)
    if how == "write":
        await person.expect("已记下第")
        await person.tap("完成")


async def forged(
    person: Person, petition: Petition, act: str, chat: Any = None, version: int | None = None
) -> str:
    """Press a button that was never shown to this person there; the bot's answer."""
    version = petition.version if version is None else version
    data = CaseTap(petition=petition.id, version=version, act=act).pack()
    shown = await person.type("/help", chat)
    keyboard = [[{"text": "forged", "callback_data": data}]]
    shown.raw["reply_markup"] = {"inline_keyboard": keyboard}
    return str(await person.tap("forged", chat=chat, message=shown))
