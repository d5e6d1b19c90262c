"""Bad input: every step of every form × whatever can arrive there → what is said, nothing lost.

`TABLE` holds the exact key of every message sent in answer. A row that the step rightly takes
is `Taken` and says what became of it; every other row leaves the draft exactly as it was.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
from acceptance.conftest import City
from acceptance.scenes import WHOLE, ask, begin, case, draft, keys, newest, tap, until

from dialogs.registry import FORMS
from emulator import Person
from storage import drafts
from storage.drafts import Draft

in_town = pytest.mark.asyncio(loop_scope="module")

MARKUP = "<b>&"
WRONG_ID = "110105194912310021"  # its check character would be X
WRONG_NUMBER = "990100-20260302-00001-0"


class Town(City):
    """A city for many rows; each row has a person, and so a chat and a draft, of its own."""

    petition = ""
    last_id = 3000

    async def at(self, place: "Place", *, known: bool = False) -> "Row":
        """Somebody whose open draft is at this place; `known` to the bot from before."""
        self.last_id += 1
        person = await self.client.person(self.last_id, "陈秀英")
        if known:
            await person.type("/help")
            await person.expect("怎么用")
        subject = self.petition if place.form not in ("filing", "lookup") else None
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

    async def keys(self) -> list[str]:
        """Wait until the person has an answer, and say by which keys."""
        await self.person.expect(lambda seen: True)
        return keys(self.town, self.person.id, self.mark)

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
}
NEEDS_A_PAST = ("whitespace", "10,000 characters", "dice", "edited message")


@dataclass(frozen=True)
class Taken:
    """The step takes this: what is said, and the step's answer then."""

    keys: str
    answer: Any


Expected = dict[str, str | Taken]

ALWAYS: Expected = {
    "sticker": "unexpected.sticker",
    "voice": "unexpected.voice",
    "dice": "unexpected.other",
    "poll": "unexpected.poll",
    "contact": "unexpected.contact",
    "place pin": "unexpected.location",
    "60 MB file": "unexpected.file",
    "edited message": "unexpected.edited",
    "unknown command": "command.unknown",
    "/start": "start.welcome",
    "link to nothing": "start.unknown_link start.welcome",
}
KEPT: Expected = {
    "/start": "start.welcome draft.unfinished",
    "link to nothing": "start.unknown_link start.welcome draft.unfinished",
}
TEXTS = ("whitespace", "10,000 characters", "only emoji", "only a link", "markup", "forwarded")
TAPPED: Expected = ALWAYS | dict.fromkeys(TEXTS, "choice.please_tap")
FAULTS: Expected = {
    "whitespace": "text.empty",
    "10,000 characters": "text.too_long",
    "only emoji": "text.no_words",
    "only a link": "text.only_link",
}


def line(following: str, shape: Callable[[str], Any] = str) -> Expected:
    """A step that takes a text and goes on."""
    taken = {"markup": MARKUP, "forwarded": "水一直漏"}
    return ALWAYS | FAULTS | {n: Taken(following, shape(text)) for n, text in taken.items()}


def checked(wrong: str) -> Expected:
    """A step that takes a text of one shape only."""
    return ALWAYS | FAULTS | {"markup": wrong, "forwarded": wrong}


GATHERED = line("text.gathered", lambda text: [text])
FILES: Expected = (
    ALWAYS
    | dict.fromkeys(TEXTS, "files.no_text")
    | {
        "voice": Taken("files.kept", 1),
        "60 MB file": "files.too_big",
        "sticker": "files.wrong_kind",
        "dice": "files.wrong_kind",
        "poll": "files.wrong_kind",
        "contact": "files.wrong_kind",
        "place pin": "files.wrong_kind",
    }
)


def detail(following: str) -> Expected:
    """What exactly, after a yes."""
    return line(following, lambda text: {"yes": True, "detail": text})


PIN = [30.2741, 120.1551]
YES = {"yes": True}
REPLY = {"outcome": "explained", "text": ["经查，已修好。"], "basis": "《条例》第三条"}


def filing(step: str, expected: Expected, **answers: Any) -> tuple[Place, Expected]:
    """A row of the filing form, which is kept when /start is typed."""
    return Place("filing", step, answers), ALWAYS | expected | KEPT


TABLE: dict[str, tuple[Place, Expected]] = {
    "purpose": filing("purpose", TAPPED),
    "confidential": filing("confidential", TAPPED, purpose="accusation"),
    "consent": filing("consent", TAPPED),
    "title": filing("title", line("filing.facts.ask")),
    "facts": filing("facts", GATHERED),
    "request": filing("request", GATHERED),
    "category": filing("category", TAPPED, title="水管", facts=["漏水"], request=["修"]),
    "place": filing(
        "place",
        TAPPED | {"place pin": Taken("filing.place.district_of_pin", {"point": PIN})},
    ),
    "address": filing(
        "place",
        line("filing.files.ask", lambda text: {"district": "jiangbei", "address": text})
        | {"place pin": Taken("filing.files.ask", {"district": "jiangbei", "point": PIN})},
        place={"district": "jiangbei"},
    ),
    "files": filing("files", FILES),
    "name": filing("name", line("filing.phone.ask")),
    "phone": filing(
        "phone",
        dict.fromkeys((*TEXTS, "phone 12345"), "phone.wrong")
        | {"contact": Taken("form.noted filing.id_number.ask", "+8613812345678")},
    ),
    "id_number": filing(
        "id_number", checked("id_number.wrong") | {"wrong ID number": "id_number.wrong"}
    ),
    "earlier": filing("earlier", TAPPED),
    "earlier, which": filing("earlier", detail("filing.tried.ask"), earlier=YES),
    "tried": filing("tried", TAPPED),
    "tried, what": filing("tried", detail("filing.affected.ask"), tried=YES),
    "affected": filing("affected", TAPPED),
    "publish": filing("publish", TAPPED),
    "review": filing("review", TAPPED, **WHOLE),
    "supplement text": (Place("supplement", "text"), GATHERED),
    "supplement files": (Place("supplement", "files", {"text": ["三号楼"]}), FILES),
    "lookup number": (
        Place("lookup", "number"),
        checked("lookup.no_number") | {"wrong petition number": "lookup.one_digit"},
    ),
    "lookup code": (
        Place("lookup", "code", {"number": "990100202603020000100"}),
        checked("lookup.no_code"),
    ),
    "survey office": (Place("survey", "office"), TAPPED),
    "survey unit": (Place("survey", "unit", {"office": "bad"}), TAPPED),
    "survey reason": (
        Place("survey", "reason", {"office": "bad", "unit": "bad"}),
        line("survey.comment.ask"),
    ),
    "survey comment": (
        Place("survey", "comment", {"office": "good", "unit": "good"}),
        ALWAYS | FAULTS,
    ),
    "question to the petitioner": (Place("asking", "text"), GATHERED),
    "question, preview": (Place("asking", "preview", {"text": ["哪一栋楼？"]}), TAPPED),
    "outcome": (Place("replying", "outcome"), TAPPED),
    "reply": (
        Place("replying", "text", {"outcome": "explained"}),
        GATHERED | {"10,000 characters": Taken("text.gathered", ["漏水" * 5000])},
    ),
    "basis": (Place("replying", "basis", REPLY), line("replying.files.ask")),
    "reply files": (Place("replying", "files", REPLY), FILES),
    "reply, preview": (Place("replying", "preview", REPLY | {"files": None}), TAPPED),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """One running bot for the whole table."""
    town = Town(tmp_path_factory.mktemp("town"))
    await town.open()
    await town.start()
    town.petition = (await case(town, await town.citizen())).id
    yield town
    await town.close()


def test_every_step_of_every_form_is_in_the_table():
    steps = {(form.name, step.name) for form in FORMS.values() for step in form.steps}
    assert {(place.form, place.step) for place, _ in TABLE.values()} == steps


@in_town
@pytest.mark.parametrize("name", TABLE)
async def test_bad_input_is_answered_and_nothing_changes(town, name):
    place, expected = TABLE[name]
    async with asyncio.TaskGroup() as group:
        rows = {
            what: group.create_task(_try(town, place, what, told))
            for what, told in expected.items()
        }
    assert {what: row.result() for what, row in rows.items()} == {
        what: (told.keys if isinstance(told, Taken) else told, "as it should be")
        for what, told in expected.items()
    }


async def _try(town: Town, place: Place, what: str, told: str | Taken) -> tuple[str, object]:
    """What was said, and what became of the draft."""
    row = await town.at(place, known=what in NEEDS_A_PAST)
    await INPUTS[what](row)
    said = " ".join(await row.keys())
    after = await row.after()
    current = await town.app.desk.look(
        lambda unit: drafts.current_id(unit, row.person.id, row.person.id)
    )
    if current != after.id:
        return said, "the chat is not at the draft any more"
    if isinstance(told, str):
        return said, "as it should be" if after == row.before else (row.before, after)
    answer = after.answers.pop(place.step)
    others = {k: v for k, v in row.before.answers.items() if k != place.step}
    right = answer == told.answer if told.answer != 1 else len(answer) == 1
    right = right and after.answers == others
    return said, "as it should be" if right else (answer, after.answers)


@in_town
async def test_what_the_messenger_cuts_in_two_is_gathered_as_far_as_it_fits(town):
    row = await town.at(TABLE["facts"][0])
    await row.person.type("水" * 4096)
    await row.person.expect("共 4096 字")
    await row.person.type("水" * 4096)
    told = await row.person.expect("4096 个字")
    assert "1904" in told.text  # how much still fits
    assert keys(town, row.person.id) == ["text.gathered", "text.too_long"]
    assert (await row.after()).answers == {"facts": ["水" * 4096]}
    await row.person.tap("完成")
    await row.person.expect("希望怎么解决")


@in_town
@pytest.mark.parametrize("singly", [True, False], ids=["singly", "albums"])
async def test_fifteen_photos_ten_are_taken_and_five_are_not(town, singly):
    row = await town.at(TABLE["files"][0])
    if singly:
        for _ in range(15):
            await row.person.photo()
    else:
        await row.person.album(10)
        await row.person.album(5)
    await _count(town, row, 15)
    assert keys(town, row.person.id) == ["files.kept"] * 10 + ["files.too_many"] * 5
    assert len(set((await row.after()).answers["files"])) == 10
    # Ten in a row are one note that counts up; of an album's five, one word is enough.
    notes = [m.text for m in await row.person.sees() if m.from_bot]
    assert sum("10 个附件" in note for note in notes) == 1
    assert sum("最多 10 个" in note and "没有收" in note for note in notes) == (5 if singly else 1)
    await row.person.tap("完成")
    await row.person.expect("您的姓名")


@in_town
@pytest.mark.parametrize("open_form", [True, False], ids=["in a form", "in no form"])
async def test_an_album_where_none_is_wanted_gets_one_answer(town, open_form):
    row = await town.at(TABLE["title"][0])
    if not open_form:
        await row.person.type("/new")
        await row.person.expect("未提交")
        await row.person.tap("删除")
        await row.person.expect("已删除")
    before, mark = await row.after(), newest(town, row.person.id)
    await row.person.album(10)
    await _count(town, row, 10, mark)
    key = "unexpected.file" if open_form else "talk.menu"
    assert keys(town, row.person.id, mark) == [key] * 10
    seen = [m for m in await row.person.sees() if m.from_bot and m.seq > row.person.mark]
    assert len(seen) == 1
    assert await row.after() == before


@in_town
async def test_markup_arrives_as_it_was_typed(town):
    said = {"yes": True, "detail": MARKUP}
    answers = dict.fromkeys(("title", "name"), MARKUP)
    answers |= {"facts": [MARKUP], "request": [MARKUP], "earlier": said, "tried": said}
    answers |= {"place": {"district": "jiangbei", "address": MARKUP}}
    row = await town.at(Place("filing", "review", WHOLE | answers))
    chen, li, group = row.person, town.li, town.zhujian
    await chen.type("/start")
    await chen.expect("未提交")
    await chen.tap("继续填写")
    review = await chen.expect("请核对")
    for label in ("标题", "经过", "请求"):
        assert f"{label}：{MARKUP}" in review.text
    for label, before in (("地点", "江北区"), ("以前反映过", "反映过"), ("法律途径", "有过")):
        assert f"{label}：{before} {MARKUP}" in review.text
    await chen.tap("提交")
    await chen.expect("提交成功")

    await li.type("/start")
    await li.expect("云江市信访局")
    card = await li.expect("无人认领", chat=group)
    for label, told in (("认领", "李建国"), ("受理", "办理中")):
        await li.tap(label, chat=group)
        await li.expect(told, chat=group)
    await li.tap("查看详情", chat=group)
    details = await li.expect("您的查看已记录")
    await li.expect(lambda seen: seen.text == f"请求\n{MARKUP}")
    await li.expect(lambda seen: seen.text == f"经过\n{MARKUP}")
    assert details.text.count(MARKUP) == 5  # title, address, name, earlier, tried
    assert details.text.split("\n")[2] == MARKUP
    assert card.text.count(MARKUP) == 0

    await li.tap("请补充材料", chat=group)
    await li.expect("请写下需要信访人补充什么")
    await li.type(MARKUP)
    await tap(li, "完成")
    await tap(li, "发送")
    asked = await chen.expect("请您补充")
    assert asked.text.endswith(f"\n{MARKUP}")
    await chen.tap("补充材料")
    await chen.expect("请写下要补充的内容")
    await chen.type(MARKUP)
    await tap(chen, "完成")
    await tap(chen, "跳过")
    await chen.expect("已收到您的补充材料")

    await li.expect("信访人补充了材料", chat=group)
    await li.tap("答复", chat=group)
    await tap(li, "支持")
    await li.expect("请写答复意见")
    await li.type(MARKUP)
    await tap(li, "完成")
    await li.expect("依据是什么")
    await li.type(MARKUP)
    await tap(li, "跳过")
    await li.expect("信访人会看到上面的答复")
    assert MARKUP in [m.text for m in await li.sees()]
    await li.tap("发出答复")
    basis = await chen.expect("申请复查")
    assert basis.text.startswith(f"依据：{MARKUP}\n")
    assert [m.text for m in await chen.sees() if m.from_bot].count(MARKUP) == 1
    await chen.tap("查看进度")
    shown = await chen.expect("状态：已答复")
    assert shown.text.startswith(f"{MARKUP}\n")
    await chen.type("/my")
    listed = await chen.expect("点下面的按钮看进度")
    assert f"\n{MARKUP}\n编号" in listed.text
    assert listed.buttons[0][0][0] == f"已答复 · {MARKUP}"


async def _count(town: Town, row: Row, count: int, mark: int = 0) -> None:
    """Wait until so many answers were put and each is through."""
    query = "SELECT count(*) FROM outbox WHERE chat_id = ? AND id > ? AND state = 'sent'"
    await until(town, lambda: ask(town, query, row.person.id, mark) == [(count,)])
