"""Whatever can arrive at a step of a form, and the people of a town at whose steps it arrives."""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from acceptance.conftest import City
from acceptance.scenes import REPLIED, begin, case, draft, keys, newest

from dialogs.taps import FormTap
from emulator import Person
from petitions import numbers
from petitions.record import Petition
from storage.drafts import Draft

MARKUP = "<b>&"
WRONG_ID = "110105194912310021"  # its check character would be X
WRONG_NUMBER = "990100-20260302-00001-0"
NUMBER_OF_NOTHING = numbers.show(numbers.make("990100", dt.date(2026, 3, 2), 4711))


class Town(City):
    """A city for many rows; each row has a person, and so a chat and a draft, of its own."""

    last_id = 3000

    async def people(self) -> None:
        """Somebody with three cases, one of them decided, and somebody else with one."""
        chen, wang = await self.citizen(), await self.citizen(1002)
        self.own = await case(self, chen)
        self.again = await case(self, chen)
        self.replied = await case(self, chen, *REPLIED)
        self.others = await case(self, wang)

    async def at(self, place: "Place", *, known: bool = False) -> "Row":
        """Somebody whose open draft is at this place; `known` to the bot from before."""
        self.last_id += 1
        person = await self.client.person(self.last_id, "陈秀英")
        if known:
            await person.type("/help")
            await person.expect("怎么用")
        about = {"filing": None, "lookup": None, "appeal": self.replied}.get(place.form, self.own)
        subject = about.id if about else None
        before = await begin(
            self, person, place.form, place.step, answers=place.answers, subject=subject
        )
        return Row(self, place, person, before, newest(self, person.id))


@dataclass(frozen=True)
class Place:
    """Where a form stands: its step, and the answers so far."""

    form: str
    step: str
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Row:
    """One row of the table being tried."""

    town: Town
    place: Place
    person: Person
    before: Draft
    mark: int
    toast: str = ""

    async def keys(self) -> list[str]:
        """Wait until the person has an answer, and say by which keys."""
        await self.person.expect(lambda seen: True)
        stale = self.town.app.house.words.label("form.stale_tap", "zh_Hans")
        above = ["form.stale_tap" if self.toast == stale else self.toast] if self.toast else []
        return above + keys(self.town, self.person.id, self.mark)

    async def after(self) -> Draft:
        return await draft(self.town, self.before.id)

    async def raw(self, **content: object) -> None:
        """Something no person could type, or that the emulator's people do not send."""
        self.person.mark = (await self.town.client.state())["seq"]
        user = {"id": self.person.id, "is_bot": False, "first_name": "陈", "language_code": "zh"}
        chat = {"id": self.person.id, "type": "private", "first_name": "陈"}
        message = {"message_id": 900, "date": 1772416800, "chat": chat, "from": user}
        await self.town.client.raw({"message": message | content})

    async def edit(self) -> None:
        """Change a message of one's own, said before."""
        await self.person.edit((await self.person.sees())[0], "我改一下")

    async def press(self, version: int, act: str) -> None:
        """Press a button of this form as it was shown, or might have been, at this version."""
        pressed = FormTap(draft=self.before.id, version=version, act=act, arg="nothing_such")
        shown = (await self.person.sees())[0]
        keyboard = [[{"text": "pressed", "callback_data": pressed.pack()}]]
        shown.raw["reply_markup"] = {"inline_keyboard": keyboard}
        self.toast = await self.person.tap("pressed", message=shown) or ""

    async def number_of(self, petition: Petition) -> None:
        """Type the number of a case."""
        await self.person.type(numbers.show(petition.number))


VIDEO_NOTE = {"file_id": "N1", "file_unique_id": "N2", "length": 240, "duration": 3}
Act = Callable[[Row], Awaitable[object]]
INPUTS: dict[str, Act] = {
    "whitespace": lambda row: row.raw(text=" \n\t\u3000"),
    "10,000 characters": lambda row: row.raw(text="漏水" * 5000),
    "only emoji": lambda row: row.person.type("😡😡🙏"),
    "only a link": lambda row: row.person.type("https://example.org/a"),
    "markup": lambda row: row.person.type(MARKUP),
    "forwarded": lambda row: row.person.forward("水一直漏", "邻居"),
    "sticker": lambda row: row.person.sticker(),
    "voice": lambda row: row.person.voice(),
    "dice": lambda row: row.raw(dice={"emoji": "🎲", "value": 3}),
    "poll": lambda row: row.person.poll(),
    "contact": lambda row: row.person.contact("+8613812345678"),
    "place pin": lambda row: row.person.location(),
    "60 MB file": lambda row: row.person.document("现场.mp4", 60 * 1024 * 1024),
    "edited message": lambda row: row.edit(),
    "unknown command": lambda row: row.person.type("/wenti"),
    "/start": lambda row: row.person.type("/start"),
    "link to nothing": lambda row: row.person.type("/start nothing_here"),
    "phone 12345": lambda row: row.person.type("12345"),
    "wrong ID number": lambda row: row.person.type(WRONG_ID),
    "wrong petition number": lambda row: row.person.type(WRONG_NUMBER),
    "number of nothing": lambda row: row.person.type(NUMBER_OF_NOTHING),
    "number of this case": lambda row: row.number_of(row.town.own),
    "number of another's case": lambda row: row.number_of(row.town.others),
    "number of the same person's": lambda row: row.number_of(row.town.again),
    "no days": lambda row: row.person.type("0 天"),
    "a date": lambda row: row.person.type("3月30日"),
    "old button": lambda row: row.press(row.before.version - 1, "submit"),
    "made-up button": lambda row: row.press(row.before.version, "pick"),
}
BUTTONS = ("old button", "made-up button")
NEEDS_A_PAST = ("whitespace", "10,000 characters", "dice", "edited message", *BUTTONS)


@dataclass(frozen=True)
class Taken:
    """The step takes this: what is said, and the step's answer then."""

    keys: str
    answer: Any
