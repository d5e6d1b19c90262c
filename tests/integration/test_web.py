"""The webhook and its neighbours, through a real server: nothing unchecked comes in."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from desks import Time, a_desk
from making import sample_office

from bot.health import Health
from bot.settings import load_settings
from bot.web import LARGEST, SECRET, Web
from storage import inbox
from storage.database import Desk, Unavailable
from storage.inbox import Arrival
from storage.sqlite import SqliteDatabase

GOOD = "a-secret-of-16-letters"
UPDATE = {
    "update_id": 7,
    "message": {
        "message_id": 1,
        "date": 1,
        "chat": {"id": 5, "type": "private"},
        "from": {"id": 5, "is_bot": False, "first_name": "王"},
        "text": "你好",
    },
}


@dataclass
class Taken:
    """Stores what comes in as the door does, without seeing it through."""

    desk: Desk
    got: list[Arrival] = field(default_factory=list)

    async def receive(self, arrivals: Sequence[Arrival]) -> None:
        self.got += await self.desk.unit(lambda unit: inbox.store(unit, arrivals))


@dataclass
class Site:
    """The server, and a client of it."""

    url: str
    session: aiohttp.ClientSession
    door: Taken

    async def post(self, body: Any, secret: str | bytes | None = GOOD, **more: Any) -> int:
        headers = {} if secret is None else {SECRET: secret}
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        url = f"{self.url}/webhook"
        async with self.session.post(
            url, data=BytesIO(content), headers=headers, **more
        ) as response:
            assert await response.read() is not None
            return response.status

    async def health(self) -> tuple[int, Any]:
        async with self.session.get(f"{self.url}/health") as response:
            return response.status, await response.json()


def a_web(folder: Path, desk: Desk, door: Any) -> Web:
    settings = load_settings(
        bot_token="42:test-token",
        field_keys=("k",),
        office_file=sample_office(),
        data_folder=folder,
        webhook_url="https://bot.example/webhook",
        webhook_secret=GOOD,
        listen_port=0,
    )
    return Web(settings, Health(desk), door)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with a_desk(tmp_path / "m.sqlite3", Time()) as desk:
        door = Taken(desk)
        web = a_web(tmp_path, desk, door)
        await web.start()
        async with aiohttp.ClientSession() as session:
            yield Site(f"http://127.0.0.1:{web.port}", session, door)
        await web.stop()


async def test_an_update_is_durable_when_it_is_acknowledged(site: Site) -> None:
    assert await site.post(UPDATE) == 200
    (got,) = site.door.got
    assert (got.update_id, got.chat_id) == (7, 5)
    assert json.loads(got.body) == UPDATE
    assert await site.door.desk.unit(lambda u: inbox.is_next(u, got))


async def test_an_update_sent_twice_is_acknowledged_twice_and_taken_once(site: Site) -> None:
    assert [await site.post(UPDATE), await site.post(UPDATE)] == [200, 200]
    assert len(site.door.got) == 1


@pytest.mark.parametrize(
    "secret", [None, "", "wrong", GOOD + "x", GOOD[:-1], GOOD.upper(), "秘密", "\u00e9" * 22]
)
async def test_who_does_not_know_the_secret_is_turned_away(site: Site, secret: str | None) -> None:
    assert await site.post(UPDATE, secret) == 401
    assert site.door.got == []


async def test_the_secret_is_asked_for_before_the_body_is_read(site: Site) -> None:
    assert await site.post(b"{", "wrong") == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"update_id"',
        b"7",
        b"{}",
        b'{"message": {}}',
        b'{"update_id": "7"}',
        b'{"update_id": 7.0}',
        b'{"update_id": true}',
        b'{"update_id": null}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"update_id": 7, "message":' * 30_000,
    ],
)
async def test_what_is_no_update_is_a_bad_request(site: Site, body: bytes) -> None:
    assert await site.post(body) == 400
    assert site.door.got == []


async def test_however_deep_it_is_nested_it_is_taken_or_refused(site: Site) -> None:
    """An error here would make the messenger send it for ever; some depths read and not write."""
    found = set()
    for depth in (50, 500, *range(800, 1001), 2000):
        nested = b'{"update_id": 7, "message": ' + b"[" * depth + b"]" * depth + b"}"
        found.add(await site.post(nested))
    assert found == {200, 400}


@pytest.mark.parametrize("update_id", [2**63, -(2**63) - 1, 10**30])
async def test_a_number_that_no_table_holds_is_a_bad_request(site: Site, update_id: int) -> None:
    assert await site.post({"update_id": update_id}) == 400


async def test_a_chat_whose_number_no_table_holds_is_taken_or_refused(site: Site) -> None:
    chat = {"id": 10**30, "type": "private"}
    assert await site.post({"update_id": 7, "message": {"chat": chat}}) in (200, 400)


async def test_a_body_too_large_is_refused_and_the_server_lives_on(site: Site) -> None:
    large = b'{"update_id": 7, "x": "' + b"a" * LARGEST + b'"}'
    assert await site.post(large) == 413
    assert site.door.got == []
    assert await site.post(UPDATE) == 200


async def test_a_body_that_never_ends_is_given_up(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.BODY_SECONDS", 0.05)
    host, _, port = site.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST /webhook HTTP/1.1\r\nHost: h\r\n{SECRET}: {GOOD}\r\nContent-Length: 9\r\n\r\n{{"
    writer.write(head.encode())
    assert b" 408 " in await reader.readline()
    writer.close()
    assert site.door.got == []
    assert await site.post(UPDATE) == 200


@pytest.mark.parametrize("packing", ["gzip", "deflate", "br"])
async def test_a_body_not_packed_as_it_says_is_a_bad_request(site: Site, packing: str) -> None:
    headers = {SECRET: GOOD, "Content-Encoding": packing}
    url, body = f"{site.url}/webhook", BytesIO(json.dumps(UPDATE).encode())
    async with site.session.post(url, data=body, headers=headers) as response:
        assert response.status == 400
    assert site.door.got == []


async def test_half_a_surrogate_pair_is_taken(site: Site) -> None:
    body = json.dumps(UPDATE).replace(r"\u4f60", r"\ud83d").encode()
    assert await site.post(body) == 200
    assert len(site.door.got) == 1


async def test_what_is_kept_is_read_as_it_was_taken(site: Site) -> None:
    """A pair of halves, each as three bytes: who reads it strictly would find no JSON."""
    said = json.dumps(UPDATE, ensure_ascii=False).encode()
    assert await site.post(said.replace("你好".encode(), b"\xed\xa0\xbd\xed\xb8\x80")) == 200
    (got,) = site.door.got
    assert json.loads(got.body.decode())["message"]["text"] == "\N{GRINNING FACE}"


async def test_an_update_of_a_kind_nobody_knows_is_taken(site: Site) -> None:
    assert await site.post({"update_id": 8, "invented_tomorrow": {"x": [1, None]}}) == 200
    assert [a.chat_id for a in site.door.got] == [0]


@pytest.mark.parametrize(("method", "path"), [("GET", "/webhook"), ("GET", "/"), ("POST", "/x")])
async def test_there_is_nothing_else_to_ask_for(site: Site, method: str, path: str) -> None:
    async with site.session.request(method, site.url + path) as response:
        assert response.status in (404, 405)


async def test_health_says_that_the_database_answers(site: Site) -> None:
    assert await site.health() == (200, {"database": "ok"})


async def test_a_database_that_is_away_is_said_so_and_the_update_is_wanted_again(
    tmp_path: Path,
) -> None:
    """A file in a folder that is not there: real, and as away as a database can be."""
    database = SqliteDatabase(tmp_path / "nowhere" / "m.sqlite3")
    await database.open()
    async with a_desk(tmp_path / "m.sqlite3", Time()) as good:
        desk = Desk(database, good.vault, 42, Time())
        with pytest.raises(Unavailable):
            await desk.look(lambda u: u.now and u.connection.exec_driver_sql("SELECT 1"))
        door = Taken(desk)
        web = a_web(tmp_path, desk, door)
        await web.start()
        async with aiohttp.ClientSession() as session:
            site = Site(f"http://127.0.0.1:{web.port}", session, door)
            assert await site.health() == (503, {"database": "unavailable"})
            assert await site.post(UPDATE) == 503
            assert door.got == []
            (tmp_path / "nowhere").mkdir()
            door.desk = good
            assert await site.post(UPDATE) == 200
            assert (await site.health())[0] == 200
        await web.stop()
    await database.close()


async def test_a_web_that_never_listened_can_be_stopped(tmp_path: Path) -> None:
    async with a_desk(tmp_path / "m.sqlite3", Time()) as desk:
        await a_web(tmp_path, desk, Taken(desk)).stop()
