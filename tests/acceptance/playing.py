"""Playing a life: every line by the hands of who does it, every promise looked at after it."""

import datetime as dt
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

from acceptance.conftest import City
from acceptance.hands import Hands
from acceptance.life import CLOCK, PETITIONER, Life, Line, Other
from acceptance.officers import forged, known
from acceptance.petitioner import Petitioner
from acceptance.scenes import ask, case, until
from acceptance.watching import Watch

from dialogs.staff.acts import ACTS, Written
from petitions import numbers
from petitions.record import Petition
from storage import record

CHEN = 1001
NUMBER = re.compile(r"\d{6}-\d{8}-\d{5}-\d")


Event = Callable[[], Awaitable[None]]


class Play:
    """One life in one city.

    `between` happens between every two lines, `before` before every press and every answer.
    """

    def __init__(
        self, city: City, between: Event | None = None, before: Event | None = None
    ) -> None:
        self.city = city
        self.between = between
        self.before = before
        self.cases: dict[str, str] = {}
        self.name = ""

    async def play(self, life: Life) -> list[Petition]:
        """Every line in order; the cases as they stand at the end."""
        if life.also_at:
            await self._serve(life.also_at)
        chen = await self.city.citizen(CHEN)
        self.chen = self._hands(Petitioner(self.city, chen))
        names = {line.who for line in life.lines} - {PETITIONER, CLOCK}
        await known(*(getattr(self.city, name) for name in sorted(names)))
        self.watch = Watch(self.city, self.chen)
        for number, line in enumerate(life.lines, 1):
            try:
                await self._line(line)
                if self.between is not None:
                    await self.between()
            except Exception as error:
                error.add_note(f"line {number} of the life: {line.who} {line.act}")
                raise
        last = await self._now()
        assert self.watch.state(last) == life.end
        return [await self._load(i) for i in self.cases.values()]

    async def _serve(self, also_at: tuple[tuple[str, str], ...]) -> None:
        """These people serve in these units besides, and sit in their groups."""
        city = self.city
        office = city.office_file.read_text("utf-8")
        for who, unit in also_at:
            person = getattr(city, who)
            begins = office.index("people = [", office.index(f'id = "{unit}"')) + len("people = [")
            name = city.app.house.office.officer(person.id).name
            added = f'{{ id = {person.id}, name = {{ zh = "{name.zh}", en = "{name.en}" }} }}, '
            office = office[:begins] + added + office[begins:]
            await city.client.member(getattr(city, unit), person, "member")
        city.office_file = city.folder / "office.toml"
        city.office_file.write_text(office, "utf-8")
        await city.restart()

    async def _line(self, line: Line) -> None:
        before = await self._entries()
        await self.watch.begin()
        if line.case:
            self.name = line.case
        await self._do(line)
        wanted = len(line.kinds) + sum(before.values())
        try:
            await until(self.city, lambda: self._written() >= wanted)
        except TimeoutError:
            raise AssertionError(f"{line.kinds} did not come on the record") from None
        await settled(self.city)
        petition = await self._now()
        new = [e.event.kind for e in petition.entries[before.get(petition.id, 0) :]]
        assert tuple(new) == line.kinds, f"on the record: {new}"
        await self.watch.look(line, petition)

    async def _do(self, line: Line) -> None:
        answers = {name: self._answer(value) for name, value in line.answers.items()}
        if line.act == "turn_to":
            return
        if line.act == "later":
            await self.city.later(**answers)
        elif line.act == "filed":
            made = await case(self.city, self.chen.person, **answers)
            self.cases[self.name] = made.id
        elif line.act == "files":
            await self._files(**answers)
        elif line.refused:
            await self._refused(line)
        elif line.who == PETITIONER:
            await self.chen.does(await self._now(), line.act, **answers)
        else:
            await self._officer(line, answers)

    def _answer(self, value: Any) -> Any:
        if isinstance(value, Other):
            query = "SELECT number FROM petitions WHERE id = ?"
            return numbers.show(ask(self.city, query, self.cases[value.name])[0][0])
        return value

    async def _files(self, **answers: Any) -> None:
        shown = await self.chen.files(**answers)
        number = NUMBER.search(shown.text)
        assert number is not None
        query = "SELECT id FROM petitions WHERE number = ?"
        self.cases[self.name] = ask(self.city, query, numbers.read(number[0]))[0][0]

    async def _officer(self, line: Line, answers: dict[str, Any]) -> None:
        petition, person = await self._now(), getattr(self.city, line.who)
        hands = self._hands(Hands(self.city, person, self._group(petition, person.id)))
        if self._beside(petition, person.id):
            await self._look_into(hands, petition, line.act)
        else:
            await hands.press(petition, line.act)
        act = ACTS.get(line.act)
        if line.act == "reassign":
            await hands.pause()
            await person.expect("改派给谁", chat=hands.chat)
            await person.tap(answers["to"], chat=hands.chat)
        elif isinstance(act, Written):
            await hands.fill(act.form.name, **answers)

    def _beside(self, petition: Petition, person: int) -> bool:
        """Whether this person's unit has no card of the case: a supervisor's, or another's."""
        posts = self.city.app.house.office.posts_of(person)
        return not {petition.unit, *petition.assisting} & {*posts}

    async def _look_into(self, hands: Hands, petition: Petition, act: str) -> None:
        """From the line of a low rating: in the supervisors' group, else in private."""
        inquiry = petition.inquiry
        supervises = hands.person.id in {
            p.id for p in self.city.app.house.office.unit("ducha").people
        }
        chat, label = self.city.ducha if supervises else None, hands.word(f"act.{act}")
        await hands.pause()
        if act in ("rating", "take_inquiry"):
            await hands.person.tap(label, chat=chat)
            return
        assert inquiry is not None
        await hands.person.tap(hands.word("act.card"), chat=chat)
        number = numbers.show(petition.number)
        shown = await hands.person.expect(
            lambda seen: seen.text.startswith(number) and seen.data(label) is not None
        )
        await hands.pause()
        await hands.person.tap(label, message=shown)

    async def _refused(self, line: Line) -> None:
        """The button as it would be, pressed by who may not, or when it may not be."""
        petition = await self._now()
        if line.who == PETITIONER:
            person, chat = self.chen.person, None
        else:
            person = getattr(self.city, line.who)
            chat = self._group(petition, person.id)
        toast = await forged(person, petition, line.act, chat)
        assert line.refused in toast, f"the answer was: {toast}"

    def _group(self, petition: Petition, person: int) -> Any:
        """The group where this person works on the case: its unit's, or their own unit's."""
        posts = self.city.app.house.office.posts_of(person)
        wanted = (petition.unit, *petition.assisting, *posts)
        return getattr(self.city, next(unit for unit in wanted if unit in posts))

    def _hands(self, hands: Any) -> Any:
        hands.before = self.before
        return hands

    async def _now(self) -> Petition:
        return await self._load(self.cases[self.name])

    async def _load(self, petition_id: str) -> Petition:
        return await self.city.app.desk.look(lambda unit: record.load(unit, petition_id))

    def _written(self) -> int:
        return int(ask(self.city, "SELECT count(*) FROM entries")[0][0])

    async def _entries(self) -> dict[str, int]:
        query = "SELECT petition_id, count(*) FROM entries GROUP BY petition_id"
        return dict(ask(self.city, query))


async def settled(city: City, seconds: float = 20) -> None:
    """All that came has been handled, all that fell due was done, all that was said is sent."""
    waiting = (
        "SELECT 'inbox', state, chat_id FROM inbox WHERE state = 'new'"
        " UNION ALL SELECT key, state, due_at - ?1 FROM outbox"
        " WHERE state = 'waiting' AND due_at <= ?1"
        " UNION ALL SELECT kind, subject, due_at FROM due WHERE done_at IS NULL AND due_at <= ?1"
    )
    end = time.monotonic() + seconds
    while True:
        state = await city.client.state()
        now = int(dt.datetime.fromisoformat(state["now"]).timestamp() * 1_000_000)
        left = ask(city, waiting, now)
        if not state["pending"] and not left:
            return
        assert time.monotonic() < end, f"{state['pending']} updates, and still waiting: {left}"
        await city.client.wait(state["seq"], 0.05)
