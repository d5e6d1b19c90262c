"""Hands that work a case as people do: press what the screen shows, fill in what is asked.

Everything goes through the emulator over HTTP; labels are looked up by their key, so that a
better word for a button breaks no life.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from acceptance.conftest import City

from dialogs.forms import category, choice, detail, files, listed, place, preview, review, text
from dialogs.registry import FORMS
from emulator import Person
from petitions import numbers
from petitions.record import Petition
from storage import record

SKIP = object()
BY_ID = {"inquiring.result": "result"}
"""Lists whose answer other questions hang on, so that it is given by its id; and its labels."""


class Hands:
    """One person's hands on one case; `chat` is their unit's group, None for a petitioner."""

    def __init__(self, city: City, person: Person, chat: Any = None) -> None:
        self.city = city
        self.person = person
        self.chat = chat
        self.before: Callable[[], Awaitable[None]] | None = None

    async def pause(self) -> None:
        """Before each press and each answer: whatever this test has happen in between."""
        if self.before is not None:
            await self.before()

    def word(self, key: str, **facts: Any) -> str:
        """What the screen says for this key."""
        return self.city.app.house.words.label(key, "zh_Hans", **facts)

    async def now(self, petition: Petition) -> Petition:
        """The case as it stands."""
        return await self.city.app.desk.look(lambda unit: record.load(unit, petition.id))

    async def press(self, petition: Petition, act: str) -> str | None:
        """Press the act's button: on the card in the group, or behind 更多; the toast."""
        label, number = self.word(f"act.{act}"), numbers.show(petition.number)
        await self.pause()
        card = await self._card(number, petition)
        if card.data(label) is not None:
            return await self.person.tap(label, chat=self.chat, message=card)
        told = await self.person.tap(self.word("act.more"), chat=self.chat, message=card)
        if told is not None and told != self.word("acted.see_private"):
            return told
        wanted = self.word(f"act.{act}")
        shown = await self.person.expect(lambda seen: seen.data(wanted) is not None)
        await self.pause()
        return await self.person.tap(wanted, message=shown)

    async def _card(self, number: str, petition: Petition) -> Any:
        """The group's card, once it shows the case as it stands."""
        version = (await self.now(petition)).version

        def fresh(seen: Any) -> bool:
            rows = seen.raw.get("reply_markup", {}).get("inline_keyboard", [])
            data = [b.get("callback_data", "") for row in rows for b in row]
            return seen.text.startswith(number) and any(f":{version}:" in d for d in data)

        self.person.mark = 0  # the card may have come before whatever this person did last
        return await self.person.expect(fresh, chat=self.chat)

    async def fill(self, name: str, /, **answers: Any) -> None:
        """Fill in a form to its end; what is not given is skipped."""
        form = FORMS[name]
        given: dict[str, Any] = {}
        for step in form.steps:
            if not step.when(given):
                continue
            key = f"{name}.{step.name}"
            answer = answers.get(step.name, SKIP)
            await self._asked(key, step)
            await self.pause()
            await self._answer(key, step, answer)
            given[step.name] = None if answer is SKIP else answer

    async def _asked(self, key: str, step: Any) -> None:
        """Wait until the question stands on the screen: its own button or its own words."""
        if isinstance(step.kind, review.Review | preview.Preview):
            label = self.word(f"{key}.submit")
            await self.person.expect(lambda seen: seen.data(label) is not None)
            return
        template = self.city.app.house.words._template(f"{key}.ask", "zh_Hans", {})
        words = max(re.split(r"<[^>]*>|\{[^}]*\}|\n", template), key=len).strip()
        await self.person.expect(words)

    async def _answer(self, key: str, step: Any, answer: Any) -> None:
        person, kind = self.person, step.kind
        if isinstance(kind, review.Review | preview.Preview):
            await person.tap(self.word(f"{key}.submit"))
        elif answer is SKIP:
            await person.tap(self.word("form.skip"))
        elif isinstance(kind, choice.Choice):
            await person.tap(self.word(f"{key}.{answer}"))
        elif isinstance(kind, text.Gathered):
            await person.type(answer)
            await person.expect("已记下第 1 段")
            await person.tap(self.word("form.done"))
        elif isinstance(kind, listed.Listed):
            named = f"{BY_ID[key]}.{answer}" if key in BY_ID else None
            await self._choose(self.word(named) if named else answer, many=kind.many)
        elif isinstance(kind, files.Files):
            await person.photo()
            await person.expect("1 个附件")
            await person.tap(self.word("form.done"))
        elif isinstance(kind, category.CategoryStep):
            await self._category(answer)
        elif isinstance(kind, place.Place):
            district, address = answer
            await person.tap(district)
            await person.expect("什么地方")
            await person.type(address)
        elif isinstance(kind, detail.Detail):
            await self._detail(key, answer)
        else:
            await person.type(str(answer))

    async def _choose(self, answer: Any, *, many: bool) -> None:
        for label in [answer] if isinstance(answer, str) else answer:
            await self.person.tap(label)
            if many:
                await self.person.expect(
                    lambda seen, label=label: seen.data(f"✅ {label}") is not None
                )
        if many:
            await self.person.tap(self.word("form.done"))

    async def _category(self, leaf: str) -> None:
        """Through the whole tree: its root, then the leaf."""
        catalogue = self.city.app.house.catalogue
        root = catalogue.parent(leaf)
        await self.person.tap(self.word("category.all"))
        for each in (root.id, leaf):
            name = catalogue.name(each, "zh_Hans")
            shown = await self.person.expect(lambda seen, name=name: seen.data(name) is not None)
            await self.person.tap(name, message=shown)

    async def _detail(self, key: str, answer: str | bool) -> None:
        """No, or yes and what exactly."""
        await self.person.tap(self.word(f"{key}.yes" if answer else f"{key}.no"))
        if answer:
            await self.person.expect(
                lambda seen: seen.data(self.word("detail.unknown")) is not None
            )
            await self.person.type(str(answer))
