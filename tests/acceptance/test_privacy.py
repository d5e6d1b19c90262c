"""No personal data in groups, logs, errors, callback data, plain columns or files.

Everything a person can type, send or be called has a value of its own. All of it goes through
the bot, on good ways and bad ones, and is then looked for everywhere it must not be.
"""

import io
import json
import logging
import re
import signal
import sqlite3
from collections.abc import Awaitable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import structlog
from acceptance.conftest import City
from acceptance.markers import Markers, forms, texts
from acceptance.programs import Forge, Program, environment, until
from acceptance.test_kill import Victim
from acceptance.walks import ZH, file_petition, to_step
from aiogram.types import Message
from sqlalchemy import insert
from stdnum.iso7064 import mod_11_2

from bot import logs
from emulator import Person, Seen, samples
from storage import tables

CITIZEN, OTHER = 7135246801, 7135246802
GROUPS = (-5001, -5002, -5003, -5004)

IDS = {
    ("conversations", "chat_id"),
    ("conversations", "person_id"),
    ("drafts", "chat_id"),
    ("drafts", "person_id"),
    ("entries", "by_id"),
    ("files", "chat_id"),
    ("inbox", "chat_id"),
    ("outbox", "chat_id"),
    ("people", "user_id"),
    ("petitions", "petitioner_id"),
    ("posts", "chat_id"),
    ("throttle", "subject"),
}
"""The only plain columns that name a person: by the messenger's id."""


class House:
    """The bot as a process, everything it has written so far, and its people."""

    def __init__(self, city: City, forge: Forge) -> None:
        self.city = city
        self.forge = forge
        self.settings = city.settings()
        self.mark = Markers(20260302)
        self.written = ""
        self.program: Program | None = None

    async def start(self) -> None:
        self.program = await self.forge.start(environment(self.settings, LOG_LEVEL="DEBUG"))
        await self.program.writes("bot.started")

    async def end(self, number: int) -> None:
        """End the program, and keep what it wrote."""
        assert self.program is not None
        self.program.signal(number)
        code = await self.program.ends()
        assert code == (0 if number == signal.SIGTERM else -number)
        self.written += self.program.out + self.program.err

    async def people(self) -> None:
        """The citizens, whose profiles are marked too."""
        for user, who in ((CITIZEN, "citizen"), (OTHER, "other")):
            await self.city.client.post(
                "people",
                id=user,
                first_name=self.mark(f"{who}'s first name"),
                last_name=self.mark(f"{who}'s last name"),
                username=self.mark.word(f"{who}'s username"),
                language_code="zh-hans",
            )
        self.chen = await self.city.client.person(CITIZEN)
        self.other = await self.city.client.person(OTHER)

    async def sends(self, person: Person, **content: object) -> None:
        """Something a `Person` has no word for."""
        raw = await self.city.client.post("send", **{"from": person.id}, **content)
        person.mark = raw["seq"]

    async def settled(self) -> None:
        """Wait until everything is handled, sent and fetched."""
        victim = Victim(self.city, self.forge)
        await victim.drained()


async def then(deed: Awaitable[object], person: Person, follows: Any, **where: Any) -> Seen:
    await deed
    return await person.expect(follows, timeout=30, **where)


# Good ways.


async def files_marked(house: House) -> str:
    """File a petition in which every field is marked; its number."""
    mark, chen = house.mark, house.chen
    asked = ZH.steps_asked
    await then(chen.type("/new"), chen, "1/10")
    await then(chen.tap(ZH.request), chen, asked["consent"])
    await then(chen.tap(ZH.agree), chen, asked["title"])
    await then(chen.type(f"小区水管漏水 {mark('title')}"), chen, asked["facts"])
    await then(chen.type(f"水管爆裂漏水，物业不管 {mark('facts')}"), chen, ZH.noted)
    forwarded = chen.forward(mark("forwarded text"), mark("forwarded-from name"))
    await then(forwarded, chen, "已记下第 2 段")
    await then(chen.tap(ZH.done), chen, asked["request"])
    await then(chen.type(mark("request")), chen, ZH.noted)
    await then(chen.tap(ZH.done), chen, asked["category"])
    await then(chen.tap("都不是"), chen, "全部分类")
    await then(chen.tap("城乡建设"), chen, asked["branch"])
    await then(chen.tap("供水供电"), chen, asked["place"])
    await then(chen.tap("江北区"), chen, asked["address"])
    await then(chen.type(mark("address")), chen, asked["files"])
    await sends_files(house, chen)
    await then(chen.tap(ZH.done), chen, asked["name"])
    await then(chen.type(mark("name")), chen, asked["phone"])
    await then(contact(house), chen, asked["id_number"])
    body = mark.digits("ID number", "11010119900307", 17)
    number = body + mod_11_2.calc_check_digit(body)
    mark.keep("ID number", number)
    await then(chen.type(number), chen, asked["earlier"])
    await then(chen.tap("反映过"), chen, "以前的编号")
    await then(chen.type(mark("earlier")), chen, asked["tried"])
    await then(chen.tap("有过"), chen, "哪个机关")
    await then(chen.type(mark("tried")), chen, asked["affected"])
    await then(chen.tap(ZH.only_me), chen, asked["publish"])
    await then(chen.tap(ZH.publish), chen, asked["review"])
    # The place again, by a pin.
    await then(chen.tap("✏️ 地点"), chen, "什么地方")
    await then(pinned(house), chen, asked["review"])
    shown = await then(chen.tap(ZH.submit), chen, ZH.submitted)
    code = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b(?!-)", shown.text)[0]
    receipt = re.search(r"(?:[A-Z0-9]{4}-){4}[A-Z0-9]{4}", shown.text)[0]
    mark.keep("query code", code, code.replace("-", ""))
    mark.keep("receipt", receipt, receipt.replace("-", ""))
    return re.search(r"\d{6}-\d{8}-\d{5}-\d", shown.text)[0]


async def sends_files(house: House, person: Person) -> None:
    mark = house.mark
    photo = samples.jpeg() + mark("photo bytes").encode()
    await then(person.photo(photo, caption=mark("photo caption")), person, "1 个附件")
    await then(
        person.document(
            f"{mark('file name')}.txt",
            mark("file bytes").encode() * 50,
            caption=mark("file caption"),
        ),
        person,
        "2 个附件",
    )
    await then(person.voice(b"OggS" + mark("voice bytes").encode()), person, "3 个附件")


async def contact(house: House) -> None:
    mark = house.mark
    number = mark.digits("phone", "138", 11)
    mark.keep("phone", f"+86{number}", f"{number[:3]} {number[3:7]} {number[7:]}")
    await house.sends(
        house.chen,
        contact={
            "phone_number": f"+86{number}",
            "first_name": mark("contact's name"),
            "last_name": mark("contact's last name"),
            "user_id": house.chen.id,
        },
    )


async def pinned(house: House) -> None:
    latitude = float(house.mark.digits("latitude", "30.1234", 9).rstrip("0"))
    longitude = float(house.mark.digits("longitude", "120.1234", 10).rstrip("0"))
    house.mark.keep("latitude", str(latitude))
    house.mark.keep("longitude", str(longitude))
    await house.chen.location(latitude, longitude)


async def worked(house: House, number: str) -> None:
    """The officers' side, with what they type marked; what the citizen adds; the rating."""
    mark, city, chen, li = house.mark, house.city, house.chen, house.city.li
    group = city.zhujian
    await li.expect(number, chat=group)
    await li.type(mark("said in the group"), chat=group)
    await li.type(f"/bind {mark.word('bind code')}", chat=group)
    await li.expect("绑定码", chat=group, timeout=30)
    await then(li.tap("认领", chat=group), li, "李建国", chat=group)
    await then(li.tap("受理", chat=group), chen, ZH.accepted)
    await then(li.type("/start"), li, "云江市信访局")
    await li.tap("查看详情", chat=group)
    details = await li.expect("您的查看已记录", timeout=30)
    for field in ("title", "address", "name", "phone", "ID number", "earlier", "tried"):
        assert house.mark.values[field][0] in details.text, field

    await then(li.tap("请补充材料", chat=group), li, "请写下需要信访人补充什么")
    await then(li.type(mark("staff's question")), li, ZH.noted)
    await then(li.tap("完成"), li, "信访人会看到上面的内容")
    await then(li.tap("发送"), chen, mark.values["staff's question"][0])
    await then(chen.tap(ZH.send_more), chen, ZH.what_to_add)
    await then(chen.type(mark("supplement")), chen, ZH.noted)
    await then(chen.tap(ZH.done), chen, ZH.files_to_add)
    caption = mark("supplement caption")
    await then(chen.photo(caption=caption), chen, "1 个附件")
    await then(chen.tap(ZH.done), chen, ZH.added)
    await li.expect("信访人补充了材料", chat=group, timeout=30)

    await replied(house)
    await taken_back_from_who_blocked_the_bot(house)
    await replied(house)


async def rated(house: House) -> None:
    """Another petition, raised for the first time and so rated: why, and what came of it."""
    mark, city, chen, li = house.mark, house.city, house.chen, house.city.li
    group = city.zhujian
    number, _, _ = await file_petition(chen)
    await li.expect(number, chat=group, timeout=30)
    await then(li.tap("认领", chat=group), li, "李建国", chat=group)
    accepted = li.tap("受理", chat=group)
    await then(accepted, li, lambda seen: seen.data("答复") is not None, chat=group)
    await chen.expect(ZH.accepted, timeout=30)
    await replied(house)
    await city.later(days=1, minutes=1)
    await chen.expect(ZH.survey, timeout=30)
    await then(chen.tap(ZH.good), chen, ZH.question2)
    await then(chen.tap(ZH.bad), chen, ZH.why)
    await then(chen.type(mark("survey reason")), chen, ZH.anything_else)
    await then(chen.type(mark("survey comment")), chen, ZH.thanks)
    await city.zhao.expect(number, chat=city.ducha, timeout=30)
    await looked_into(house)


async def looked_into(house: House) -> None:
    """A supervisor takes it, reads why, has the unit do more, and writes to the petitioner."""
    mark, city, zhao = house.mark, house.city, house.city.zhao
    await then(zhao.type("/start"), zhao, "云江市信访局")
    await then(zhao.tap("我来核查", chat=city.ducha), zhao, "承办人：")
    shown = await then(zhao.tap("查看原因"), zhao, "您的查看已记录")
    for said in ("survey reason", "survey comment"):
        assert mark.values[said][0] in shown.text
    await then(zhao.tap("填写核查结果"), zhao, "核查下来怎么样")
    await then(zhao.tap("督促继续办理"), zhao, "用什么方式")
    await then(zhao.tap("发函"), zhao, "要承办单位做什么")
    await then(zhao.type(mark("what the unit is to do")), zhao, ZH.noted)
    await then(zhao.tap("完成"), zhao, "几个工作日内")
    await then(zhao.type("5"), zhao, "请写给信访人")
    await then(zhao.type(mark("what came of it")), zhao, ZH.noted)
    await then(zhao.tap("完成"), zhao, "请核对核查结果")
    await then(zhao.tap("发出"), house.chen, mark.values["what came of it"][0])
    await city.li.expect("督办", chat=city.zhujian, timeout=30)


async def replied(house: House) -> None:
    """The written reply, with a file."""
    mark, chen, li, group = house.mark, house.chen, house.city.li, house.city.zhujian
    await then(li.tap("答复", chat=group), li, "办理结果是")
    await then(li.tap("支持"), li, "请写答复意见")
    await then(li.type(mark("reply")), li, ZH.noted)
    await then(li.tap("完成"), li, "依据是什么")
    basis = mark("basis")
    await then(li.type(basis), li, "有要附上的文件吗")
    reply = li.document(f"{mark('reply file')}.pdf", mark("reply file bytes").encode())
    await then(reply, li, "1 个附件")
    await then(li.tap("完成"), li, "信访人会看到上面的答复")
    await then(li.tap("发出答复"), chen, basis)
    await li.expect("已答复", chat=group, timeout=30)


async def taken_back_from_who_blocked_the_bot(house: House) -> None:
    """A notice for somebody who blocked the bot (403)."""
    city, log = house.city, house.city.emulator.log
    await house.chen.block()
    await then(city.li.tap("撤销", chat=city.zhujian), city.li, "办理中", chat=city.zhujian)
    refused = lambda: [e for e in log if e["status"] == 403 and e["chat_id"] == CITIZEN]  # noqa: E731
    await until(refused, "the notice refused")
    victim = Victim(city, house.forge)
    await until(lambda: victim.count("outbox", "state = 'blocked'"), "that it is known")
    await then(house.chen.unblock(), house.chen, "您不在的时候")


async def set_up(house: House) -> None:
    """The settings, with a place typed that is none, and one that is."""
    mark, other = house.mark, house.other
    await then(other.type("/settings"), other, "⚙️ 设置")
    await then(other.tap("免打扰时间"), other, "什么时候不要打扰您")
    await then(other.tap("不设，随时发"), other, "免打扰：不设")
    await then(other.tap("关闭通知"), other, "通知：关")
    await then(other.tap("时区"), other, "您那里用什么时间")
    await then(other.tap("输入城市或时差"), other, "请输入您那里的城市")
    await then(other.type(mark("place typed")), other, "没有认出这个地方")
    await then(other.type("东京"), other, "时区：东京时间")


async def looked_up(house: House, number: str) -> None:
    """Number and code asked for by another: nonsense, wrong ones, the right ones."""
    mark, other = house.mark, house.other
    code = mark.values["query code"][0]
    await then(other.type("/status"), other, ZH.which_number)
    await then(other.type(mark("look-up text")), other, "没有认出编号")
    await then(other.type(number), other, ZH.which_code)
    await then(other.type(mark("look-up code")), other, "查询码是 8 位")
    wrong = "ACEF-ACEF"
    mark.keep("wrong query code", wrong, wrong.replace("-", ""))
    await then(other.type(wrong), other, "没有查到")
    await then(other.type("/status"), other, ZH.which_number)
    await then(other.type(number), other, ZH.which_code)
    shown = await then(other.type(code.lower()), other, "已答复")
    assert not mark.found(shown.text.encode()), "a stranger with the code sees no personal data"


async def said_at_the_wrong_place(house: House) -> None:
    """What fits nowhere: unknown words, refused answers, edits, kinds nobody asked for."""
    mark, other, asked = house.mark, house.other, ZH.steps_asked
    await then(other.type(mark("unknown text")), other, "没有完全明白")
    await then(other.type(f"/start {mark.word('link')}"), other, ZH.file)
    await then(other.type(f"/{mark.word('unknown command')}"), other, "")
    edited = await other.type("先写一句")
    await other.expect("没有完全明白")
    await then(other.edit(edited, mark("edited text")), other, "")
    await then(other.poll(mark("poll question"), [mark("poll option"), "b"]), other, "")
    await then(
        other.document(f"{mark('unasked file')}.txt", b"x", mark("unasked caption")), other, ""
    )
    await then(other.type("/new"), other, "1/10")
    await then(other.type(mark("typed instead of a tap")), other, "")
    await then(other.tap(ZH.request), other, asked["consent"])
    await then(other.tap(ZH.agree), other, asked["title"])
    await then(other.type(mark("too long a title") * 20), other, "")
    await then(other.type(f"标题 {mark('draft title')}"), other, asked["facts"])
    await then(other.type(mark("draft facts")), other, ZH.noted)
    await then(other.type("/cancel"), other, "")


# Bad ways.


async def refused_by_the_messenger(house: House) -> None:
    """Every refusal and fault of the Bot API while marked texts are on their way."""
    client, other, mark = house.city.client, house.other, house.mark
    await then(other.type("/new"), other, "")
    await then(other.tap("继续填写"), other, "")
    for kind in ("429", "500", "502", "drop_before", "drop_after"):
        for method in ("sendMessage", "editMessageText", "getUpdates"):
            await client.fault(method, kind, times=1)
        await other.type(mark(f"said during {kind}"))
        await other.expect("已记下第", timeout=60)
        await client.no_faults()
    await client.fault("answerCallbackQuery", "500")
    await client.fault("getFile", "500")
    await then(other.tap(ZH.done), other, ZH.steps_asked["request"])
    await client.down()
    await other.type(mark("said while down"))
    await client.down(False)
    await other.expect(ZH.noted, timeout=60)


async def poisoned(house: House) -> None:
    """Updates that cannot be read or handled, each quoting somebody."""
    mark, client = house.mark, house.city.client
    chat = {"id": CITIZEN, "type": "private", "first_name": mark("poison chat name")}
    sender = {"id": CITIZEN, "is_bot": False, "first_name": mark("poison first name")}
    message = {"message_id": 1, "date": 1772400000, "chat": chat}
    query = {"id": "1", "from": sender, "chat_instance": "1", "message": message}
    for update in (
        {"message": {**message, "from": sender, "text": [mark("poison of a wrong shape")]}},
        {"message": {**message, "text": mark("poison of nobody")}},
        {"new_kind": {"chat": chat, "text": mark("unknown kind")}},
        {"callback_query": {**query, "data": mark("unknown button")}},
        {"callback_query": {**query, "data": f"f:{mark.word('draft')}:1:pick:{mark.word('arg')}"}},
        {"callback_query": {**query, "data": f"c:{mark.word('petition')}:1:take:"}},
        {"callback_query": {**query, "data": f"c:x:{mark.word('version')}:take:"}},
        {"callback_query": {**query, "data": f"m:{mark.word('menu')}:"}},
    ):
        await client.raw(update)
    await house.chen.expect("抱歉", timeout=30)


async def killed(house: House) -> None:
    """kill -9 with a marked text on its way, and what lies about then."""
    client = house.city.client
    await client.fault("sendMessage", "timeout", times=100)
    rules = house.city.emulator.world.faults.rules
    await house.other.type(house.mark("said before a kill"))
    await until(lambda: rules[0].times < 100, "a message on its way")
    await house.end(signal.SIGKILL)
    look_in_files(house)
    await client.no_faults()
    await house.start()


# The search.


def look_in_files(house: House) -> None:
    """Every file under the data folder, names included."""
    folder = house.settings.data_folder
    paths = [path for path in folder.rglob("*") if path.is_file()]
    assert {"minsheng.sqlite3", "files"} <= {path.name for path in folder.iterdir()}
    for path in paths:
        found = house.mark.found(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
        assert not found, f"{path.name}: {texts(found)}"


def look_in_tables(house: House) -> None:
    """Every column of every table; ids of persons stand where they are known to, only."""
    named = set()
    for (table, column), hay in columns(house.settings.sqlite_file).items():
        found = house.mark.found(hay)
        assert not found, f"{table}.{column}: {texts(found)}"
        if str(CITIZEN).encode() in hay or str(OTHER).encode() in hay:
            named.add((table, column))
    assert named == IDS


def columns(path: Path) -> dict[tuple[str, str], bytes]:
    """Each column's values, one after another."""
    found: dict[tuple[str, str], bytes] = {}
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in tables.fetchall():
            rows = connection.execute(f'SELECT * FROM "{table}"')
            values = list(zip(*rows, strict=True))
            for (name, *_), column in zip(rows.description, values, strict=bool(values)):
                found[table, name] = b"\0".join(map(raw, column))
    assert len({table for table, _ in found}) >= 12
    return found


def raw(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def look_in_logs(house: House) -> None:
    """Every line the program wrote, which are many, at every level."""
    found = house.mark.found(house.written.encode())
    assert not found, texts(found)
    for line in house.written.splitlines():
        assert "Traceback" not in line
    for event in ("update.failed", "update.set_aside", "outbox.refused", "polling.waits"):
        assert event in house.written, event


async def look_in_groups(house: House) -> None:
    """What the bot shows in groups, and everything it ever asked to be shown there."""
    for group, viewer in zip(GROUPS, (2001, 2001, 2003, 2004), strict=True):
        screen = await house.city.client.messages(group, viewer)
        shown = [raw for raw in screen["messages"] if raw["from"]["is_bot"]]
        nothing(house, shown)
    asked = [entry for entry in house.city.emulator.log if (entry["chat_id"] or 0) < 0]
    assert len(asked) >= 10
    for entry in asked:
        assert not any(str(v).endswith("…") for v in entry["params"].values()), "cut short"
        nothing(house, entry["params"])


def look_in_buttons(house: House) -> None:
    """What buttons carry, and what presses are answered, everywhere."""
    entries = list(house.city.emulator.log)
    carried = [data for entry in entries for data in callback_data(entry["params"])]
    answers = [e["params"] for e in entries if e["method"] == "answerCallbackQuery"]
    assert len(carried) > 100
    assert len(answers) > 30
    nothing(house, carried)
    nothing(house, answers)


def callback_data(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["callback_data"]] if "callback_data" in value else []
        return own + [data for part in value.values() for data in callback_data(part)]
    if isinstance(value, list):
        return [data for part in value for data in callback_data(part)]
    return []


def nothing(house: House, value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False)
    found = house.mark.found(text.encode("utf-8", "surrogatepass"))
    assert not found, f"{texts(found)}: {text[:300]}"


async def test_nothing_of_a_person_is_where_it_must_not_be(quiet_city, forge):
    house = House(quiet_city, forge)
    await house.start()
    try:
        await house.people()
        number = await files_marked(house)
        await worked(house, number)
        await rated(house)
        await looked_up(house, number)
        await set_up(house)
        await said_at_the_wrong_place(house)
        await refused_by_the_messenger(house)
        await poisoned(house)
        await killed(house)
        await house.settled()
        look_in_files(house)
        await house.end(signal.SIGTERM)
    finally:
        await house.program.kill()
        print(house.program.err)  # for a failed test to show
    look_in_files(house)
    look_in_tables(house)
    look_in_logs(house)
    await look_in_groups(house)
    look_in_buttons(house)


# In this process, where more can be made to go wrong.


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What is logged at any level, ours as in production and everybody else's in full."""
    stream = io.StringIO()
    root = logging.getLogger()
    before = root.handlers[:], root.level
    logs.configure("DEBUG", stream=stream)
    yield stream
    structlog.reset_defaults()
    root.handlers[:], level = before
    root.setLevel(level)


async def writes(written: io.StringIO, event: str) -> None:
    await until(lambda: event in written.getvalue(), event, 30)


async def no_trace(city: City, mark: Markers, written: io.StringIO) -> None:
    """Not in the log; and, once the bot has stopped, not in the data."""
    await city.stop()
    for path in city.settings().data_folder.rglob("*"):
        if path.is_file():
            assert not mark.found(path.read_bytes()), path.name
    found = mark.found(written.getvalue().encode())
    assert not found, texts(found)


async def test_a_handler_that_fails_quoting_somebody(city, written, monkeypatch):
    mark = Markers(1)

    def fails(message: Message) -> None:
        raise ValueError(f"cannot read {message.text!r} of {message.from_user!r}")

    monkeypatch.setattr("dialogs.talking.said", fails)
    chen = await city.citizen()
    await then(chen.type(mark("text")), chen, "抱歉")
    await writes(written, "update.set_aside")
    await no_trace(city, mark, written)


async def test_a_notice_that_fails_quoting_somebody(city, written, monkeypatch):
    mark = Markers(2)

    def fails(_unit: Any, _house: Any, parcel: Any) -> None:
        raise KeyError(mark("notice"))

    monkeypatch.setattr("dialogs.notices.say", fails)
    chen = await city.citizen()
    await file_petition(chen)
    await writes(written, "outbox.row_failed")
    await no_trace(city, mark, written)


async def test_a_database_that_is_locked_while_somebody_speaks(quiet_city, written, monkeypatch):
    mark = Markers(3)
    monkeypatch.setattr("storage.sqlite.BUSY_SECONDS", 0.2)
    await quiet_city.start()
    chen = await quiet_city.citizen()
    await to_step(chen, ZH, "facts")
    file = quiet_city.settings().sqlite_file
    with closing(sqlite3.connect(file, isolation_level=None)) as blocker:
        blocker.execute("BEGIN IMMEDIATE")
        await chen.type(mark("text"))
        await writes(written, "Unavailable")
        blocker.execute("ROLLBACK")
    await chen.expect("已记下第", timeout=30)
    await no_trace(quiet_city, mark, written)


async def test_a_table_that_refuses_what_somebody_said(city, written, monkeypatch):
    """An error of the database quotes the values it was given."""
    mark = Markers(4)
    chen = await city.citizen()
    await to_step(chen, ZH, "facts")

    def save(unit: Any, draft: Any) -> None:
        values = {"id": draft.id, "bot_id": 1, "chat_id": 1, "step": str(draft.answers)}
        unit.run(insert(tables.drafts).values(values))

    monkeypatch.setattr("storage.drafts.save", save)
    await then(chen.type(mark("text")), chen, "抱歉")
    await writes(written, "IntegrityError")
    await no_trace(city, mark, written)


async def test_the_messengers_refusal_that_quotes_somebody(city, written, monkeypatch):
    mark = Markers(5)
    name = mark.word("name")
    chen = await city.citizen()
    await to_step(chen, ZH, "phone")
    broken = {"text": f"<{name}>", "parse_mode": "HTML"}
    monkeypatch.setattr("notifier.calls._text", lambda _post: broken)
    await chen.type("13812345678")
    await until(lambda: [e for e in city.emulator.log if e["status"] == 400], "refused")
    assert name in next(e for e in city.emulator.log if e["status"] == 400)["error"]
    await writes(written, "outbox.refused")
    await no_trace(city, mark, written)


@pytest.mark.parametrize("hidden", [how for how, _ in forms("陈")])
def test_the_search_can_find(hidden):
    """Whatever form a value hides in, it is found; and nothing else is."""
    mark = Markers(6)
    value = mark("value")
    form = dict(forms(value[:5]))[hidden]
    assert mark.found(b"before " + form + b" after")
    assert not mark.found(b"before " + form[:-1].replace(form[1:3], b"") + b" after")
