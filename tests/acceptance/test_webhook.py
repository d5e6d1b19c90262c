"""The other way in: the messenger pushes, and every update has its effect once."""

import asyncio
import io
import json
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from typing import Any

import aiohttp
import pytest
from acceptance.conftest import City
from acceptance.programs import until
from acceptance.walks import ZH, file_petition, to_step

from emulator import Person

HELP = "怎么用"
SECRET = "a-secret-of-this-test"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Pushed:
    """A city whose bot is pushed to, and the messenger's side of the door."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.http = aiohttp.ClientSession()
        self._next = 900_000_000

    async def open(self) -> None:
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{free.getsockname()[1]}"
        await self.city.start(
            webhook_url=f"{self.url}/webhook",
            webhook_secret=SECRET,
            listen_port=int(self.url.rpartition(":")[2]),
        )
        queue = next(iter(self.city.emulator.world.queues.values()))
        await until(lambda: not queue.pending, "what happened before")

    async def push(self, body: Any, **headers: str) -> int:
        """Deliver this; the status of the answer."""
        given = {HEADER: SECRET, **headers}
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        async with self.http.post(f"{self.url}/webhook", data=data, headers=given) as answer:
            return answer.status

    def says(self, text: str, user: int = 1001) -> dict[str, Any]:
        """An update in which this person writes this."""
        self._next += 1
        return {
            "update_id": self._next,
            "message": {
                "message_id": self._next,
                "date": 1772400000,
                "chat": {"id": user, "type": "private", "first_name": "陈秀英"},
                "from": {"id": user, "is_bot": False, "first_name": "陈秀英"},
                "text": text,
            },
        }

    def rows(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(self.city.settings().sqlite_file)) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture
async def pushed(quiet_city: City, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pushed]:
    monkeypatch.setattr("storage.sqlite.BUSY_SECONDS", 0.2)
    made = Pushed(quiet_city)
    await made.open()
    yield made
    await made.http.close()


async def started(pushed: Pushed) -> Person:
    """Somebody who has opened the chat with the bot."""
    chen = await pushed.city.citizen()
    await chen.type("/start")
    await chen.expect(ZH.file)
    return chen


async def count(person: Person, text: str) -> int:
    return len([seen for seen in await person.sees() if seen.from_bot and text in seen.text])


async def test_files_a_petition(pushed):
    chen = await pushed.city.citizen()
    number, _, _ = await file_petition(chen)
    await pushed.city.li.expect(number, chat=pushed.city.zhujian)
    await pushed.city.li.tap("认领", chat=pushed.city.zhujian)
    await pushed.city.li.expect("李建国", chat=pushed.city.zhujian)
    await pushed.city.li.tap("受理", chat=pushed.city.zhujian)
    await chen.expect(ZH.accepted)
    assert await pushed.city.client.log(method="getUpdates") == []


@pytest.mark.parametrize("given", ["", "wrong", SECRET + "x", SECRET[:-1], SECRET.upper(), "é"])
async def test_a_wrong_secret_is_turned_away(pushed, given):
    chen = await started(pushed)
    before = pushed.rows("SELECT count(*) FROM inbox")
    assert await pushed.push(pushed.says("/help"), **{HEADER: given}) == 401
    assert pushed.rows("SELECT count(*) FROM inbox") == before
    assert await pushed.push(pushed.says("/help")) == 200
    await chen.expect(HELP)
    assert await count(chen, HELP) == 1


async def test_no_secret_is_turned_away(pushed):
    async with pushed.http.post(f"{pushed.url}/webhook", json=pushed.says("/help")) as answer:
        assert answer.status == 401


NO_UPDATES = {
    "nothing": b"",
    "no JSON": b"{",
    "not UTF-8": b"\xff\xfe",
    "a list": b"[]",
    "a number": b"7",
    "null": b"null",
    "no number": b'{"message": {}}',
    "a number as text": b'{"update_id": "7"}',
    "a truth": b'{"update_id": true}',
    "a number too large": b'{"update_id": 99999999999999999999}',
    "a deep one": b'{"update_id": 7, "message": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
}


@pytest.mark.parametrize("what", NO_UPDATES)
async def test_what_is_no_update_is_refused(pushed, what):
    before = pushed.rows("SELECT count(*) FROM inbox")
    assert await pushed.push(NO_UPDATES[what]) == 400
    assert pushed.rows("SELECT count(*) FROM inbox") == before


async def test_what_is_too_large_is_refused(pushed):
    assert await pushed.push(io.BytesIO(b" " * (1024 * 1024 + 1))) == 413


STRANGE = {
    "of an unknown kind": {"new_kind": {"chat": {"id": 1001}, "text": "?"}},
    "of nothing": {},
    "of a shape nobody knows": {"message": {"chat": {"id": 1001}, "text": ["?"]}},
    "with a message that is none": {"callback_query": {"id": "7", "data": "x", "message": "?"}},
    "with a chat that is none": {"message": {"chat": "?", "text": "?"}},
    "of half a character": {
        "message": {
            "message_id": 7,
            "date": 1772400000,
            "chat": {"id": 1001, "type": "private", "first_name": "?"},
            "from": {"id": 1001, "is_bot": False, "first_name": "?"},
            "text": "\ud83d",
        }
    },
}


@pytest.mark.filterwarnings("ignore:Detected unknown update type:RuntimeWarning")
@pytest.mark.parametrize("what", STRANGE)
async def test_a_strange_update_is_taken_and_holds_up_nobody(pushed, what):
    chen = await started(pushed)
    assert await pushed.push({"update_id": 899_999_999, **STRANGE[what]}) == 200
    assert await pushed.push(pushed.says("/help")) == 200
    await chen.expect(HELP)
    await pushed.city.app.door.idle()
    assert pushed.rows("SELECT count(*) FROM inbox WHERE state = 'new'") == [(0,)]


async def test_a_duplicate_has_one_effect(pushed):
    chen = await started(pushed)
    update = pushed.says("/help")
    assert await pushed.push(update) == 200
    await chen.expect(HELP)
    assert await pushed.push(update) == 200
    await chen.type("/my")
    await chen.expect(lambda seen: HELP not in seen.text)
    assert await count(chen, HELP) == 1


async def test_five_deliveries_at_once_have_one_effect(pushed):
    chen = await pushed.city.citizen()
    await to_step(chen, ZH, "facts")
    update = pushed.says("水管一直在漏。")
    given = await asyncio.gather(*(pushed.push(update) for _ in range(5)))
    assert given == [200] * 5
    await chen.expect("已记下第 1 段")
    assert await pushed.push(pushed.says("物业不管。")) == 200
    await chen.expect("已记下第 2 段")


async def test_five_deliveries_of_a_submission_make_one_petition(pushed):
    chen = await pushed.city.citizen()
    await to_step(chen, ZH, "review")
    shown = await chen.last()
    update = {
        "update_id": 899_999_999,
        "callback_query": {
            "id": "77",
            "from": {"id": 1001, "is_bot": False, "first_name": "陈秀英"},
            "chat_instance": "1",
            "message": {**shown.raw, "chat": {"id": 1001, "type": "private"}},
            "data": shown.data(ZH.submit),
        },
    }
    given = await asyncio.gather(*(pushed.push(update) for _ in range(5)))
    assert given == [200] * 5
    await chen.expect(ZH.submitted)
    await pushed.city.app.door.idle()
    assert pushed.rows("SELECT count(*) FROM petitions") == [(1,)]
    assert await count(chen, ZH.submitted) == 1


async def test_a_database_that_is_unavailable_has_it_delivered_again(pushed):
    chen = await pushed.city.citizen()
    await to_step(chen, ZH, "facts")
    update = pushed.says("水管一直在漏。")
    blocker = sqlite3.connect(pushed.city.settings().sqlite_file, isolation_level=None)
    with closing(blocker):
        blocker.execute("BEGIN IMMEDIATE")
        assert await pushed.push(update) == 503
        assert await pushed.push(update) == 503
        blocker.execute("ROLLBACK")
    assert await pushed.push(update) == 200
    assert await pushed.push(update) == 200
    await chen.expect("已记下第 1 段")
    assert await pushed.push(pushed.says("物业不管。")) == 200
    await chen.expect("已记下第 2 段")


async def test_the_messenger_itself_delivers_again(pushed):
    """Through the emulator, whose pushes are tried again until they are taken."""
    chen = await pushed.city.citizen()
    await to_step(chen, ZH, "title")
    with closing(
        sqlite3.connect(pushed.city.settings().sqlite_file, isolation_level=None)
    ) as blocker:
        blocker.execute("BEGIN IMMEDIATE")
        await chen.type(ZH.title)
        errors = pushed.city.emulator.world.webhooks.errors
        await until(lambda: errors, "a push refused")
        assert "503" in next(iter(errors.values()))["last_error_message"]
        blocker.execute("ROLLBACK")
    await chen.expect(ZH.steps_asked["facts"], timeout=20)
    assert await count(chen, ZH.steps_asked["facts"]) == 1


async def test_health(pushed):
    async with pushed.http.get(f"{pushed.url}/health") as answer:
        assert (answer.status, await answer.json()) == (200, {"database": "ok"})


async def test_back_to_polling(pushed):
    """The same data, polled after it was pushed: nothing is lost between."""
    city = pushed.city
    chen = await city.citizen()
    await to_step(chen, ZH, "title")
    await city.stop()
    await chen.type(ZH.title)
    await city.start()
    await chen.expect(ZH.steps_asked["facts"], timeout=20)
