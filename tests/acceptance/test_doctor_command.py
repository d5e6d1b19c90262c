"""`minsheng doctor`, as an operator gives it: beside a running bot, and without one."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from acceptance.conftest import City
from acceptance.programs import Forge, Program, environment
from acceptance.scenes import ask, until
from acceptance.walks import file_petition
from aiohttp import web
from cryptography.fernet import Fernet
from servers import Server

from bot.listening import Listener

OFFICERS = ("li", "zhou", "zhao", "sun", "qian", "he", "ma", "zheng", "feng", "wu", "wei")
Line = dict[str, str]


class Operator:
    """Somebody at the machine who asks what is wrong."""

    def __init__(self, city: City, forge: Forge) -> None:
        self.city = city
        self.forge = forge
        (city.folder / "copies").mkdir()
        self.env = environment(city.settings(), BACKUP_FOLDER=str(city.folder / "copies"))
        self.program: Program | None = None

    async def start(self) -> None:
        """Run the bot; everybody of the office has pressed Start, and a copy is made."""
        self.program = await self.forge.start(self.env)
        await self.program.writes("bot.started")
        for name in OFFICERS:
            officer = getattr(self.city, name)
            await officer.type("/start")
            await officer.expect("信访")
        if not self.city.database_url:
            assert (await self.forge.run(self.env, "backup")).code == 0

    async def stop(self) -> None:
        """End the bot in good order."""
        if self.program is not None:
            self.program.signal(15)
            assert await self.program.ends() == 0
            self.program = None

    async def asks(self, **env: str) -> tuple[int, list[Line]]:
        """The exit code, and the lines as objects."""
        done = await self.forge.run(self.env | env, "doctor", "--json")
        assert "Traceback" not in done.err, done.err
        return done.code, [json.loads(line) for line in done.out.splitlines()]

    async def told(self, code: int, **env: str) -> list[str]:
        """What wants care, or could not be looked at; the exit code is this one."""
        found, lines = await self.asks(**env)
        grave = [line for line in lines if line["level"] in ("care", "blind")]
        assert found == code, lines
        assert all(line["do"] for line in grave)
        return [f"{line['check']}: {line['says']}" for line in grave]


def change(file: Path, old: str, new: str) -> None:
    """Write something else in the office file."""
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
async def operator(quiet_city: City, forge: Forge) -> AsyncIterator[Operator]:
    made = Operator(quiet_city, forge)
    yield made
    if made.program is not None:
        await made.program.kill()


# -- all is well -------------------------------------------------------------------------------


async def test_all_is_well_beside_a_running_bot_and_without_it(operator):
    await operator.start()
    number, _, _ = await file_petition(await operator.city.citizen())
    assert await operator.told(0) == []
    said = await operator.forge.run(operator.env, "doctor")
    assert (said.code, said.err) == (0, "")
    checks = {
        line.split(": ")[0].split(None, 1)[1] for line in said.out.splitlines() if ": " in line
    }
    assert {"settings", "keys", "seal key", "backup", "updates", "duties", "messages"} <= checks
    assert {"units", "groups", "roles", "people", "calendar", "messenger"} <= checks
    for private in ("陈秀英", "13812345678", number, "李建国", operator.city.key):
        assert private not in said.out
    await operator.stop()
    file = operator.city.settings().sqlite_file
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    assert await operator.told(0) == []
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before  # looked at, not touched


async def test_before_the_first_start_there_is_nothing_to_look_at(operator):
    told = await operator.told(2)
    assert any(each.startswith("database: ") and "not there" in each for each in told)
    assert not (operator.city.folder / "data").exists()  # nor is anything made


# -- what can be wrong -------------------------------------------------------------------------


async def test_settings_that_cannot_be_read_are_named_all_of_them(operator):
    told = await operator.told(2, BOT_TOKEN="no token", LISTEN_PORT="many")
    assert [each.split(":")[1].strip() for each in told] == ["BOT_TOKEN", "LISTEN_PORT"]


async def test_an_office_file_that_is_wrong_hides_nothing_else(operator):
    await operator.start()
    file = operator.city.office_file
    file.write_text(
        file.read_text("utf-8").replace('default_unit = "xinfang"', 'default_unit = "x"')
    )
    (told,) = await operator.told(2)
    assert told.startswith("office file: ")
    _, lines = await operator.asks()
    assert {"backup", "updates", "messenger"} <= {line["check"] for line in lines}


async def test_keys_that_open_nothing(operator):
    await operator.start()
    other = Fernet.generate_key().decode()
    assert await operator.told(2, FIELD_KEYS=other) == [
        "keys: none of the keys opens this database"
    ]
    (told,) = await operator.told(2, FIELD_KEYS="short")
    assert told.startswith("keys: a field key is")


async def test_a_seal_key_that_is_gone(operator):
    await operator.start()
    await file_petition(await operator.city.citizen())
    await operator.stop()  # which seals it
    (operator.city.folder / "data" / "seal.key").rename(operator.city.folder / "apart.key")
    (told,) = await operator.told(1)
    assert told.startswith("seal key: ")
    assert "is not there" in told


async def test_a_copy_that_is_old_and_a_bot_that_does_not_run(operator):
    await operator.start()
    chen = await operator.city.citizen()
    # So that something is left for sure, however quick the bot is.
    group = operator.city.zhujian.id
    await operator.city.client.fault("sendMessage", "502", times=9, chat_id=group)
    await file_petition(chen)
    await operator.stop()
    await operator.city.later(days=3)
    for number in range(101):
        await chen.type(f"还在吗 {number}")
    told = await operator.told(1)
    assert [each.split(":")[0] for each in told] == ["backup", "duties", "messages", "messenger"]
    assert "3 days old" in told[0]
    assert "updates wait there" in told[-1]


async def test_a_unit_that_was_renamed_in_the_office_file(operator):
    await operator.start()
    await file_petition(await operator.city.citizen())
    (unit_id,) = ask(operator.city, "SELECT unit_id FROM petitions")[0]
    await operator.stop()
    change(operator.city.office_file, f'"{unit_id}"', '"otherwise"')
    told = await operator.told(1)
    assert f"units: {unit_id} has 1 open cases and is not in the office file" in told


async def test_a_group_that_the_bot_was_put_out_of(operator):
    await operator.start()
    city = operator.city
    await city.client.member(city.zhujian, 42, "kicked")
    await city.client.member(city.hekou, 42, "member")
    told = await operator.told(1)
    assert "groups: the bot is not in the groups of zhujian" in told
    assert "groups: the bot is no administrator in the groups of hekou" in told


async def test_a_supervisor_who_hears_nothing(operator):
    """Nobody would be told that somebody was not satisfied."""
    await operator.start()
    city = operator.city
    await city.zhao.block()
    await until(city, lambda: ask(city, "SELECT 1 FROM people WHERE blocked_at > 0"))
    assert await operator.told(0) == []  # their group hears it
    change(city.office_file, "group = -5003\n", "")
    told = await operator.told(1)
    assert any(each.startswith("people: 2003 would hear nothing") for each in told)
    assert "groups: no group, so no card reaches them: ducha" in told


async def test_a_messenger_that_is_away_or_does_not_know_the_token(operator):
    await operator.start()
    (told,) = await operator.told(2, BOT_API_URL="http://127.0.0.1:9")
    assert told.startswith("messenger: http://127.0.0.1:9/ does not answer")

    async def refuse(_request: web.Request) -> web.Response:
        body = {"ok": False, "error_code": 401, "description": "Unauthorized"}
        return web.json_response(body, status=401)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", refuse)
    stranger = Listener(app, "127.0.0.1", 0, "")
    await stranger.start()
    told_there = await operator.told(1, BOT_API_URL=f"http://127.0.0.1:{stranger.port}")
    await stranger.stop()
    assert told_there == ["messenger: it does not know BOT_TOKEN"]


async def test_a_push_that_fails_is_told_in_the_messenger_s_words(operator):
    nowhere = "http://127.0.0.1:9/webhook"
    secret = "a-secret-of-this-test"
    operator.env |= {"WEBHOOK_URL": nowhere, "WEBHOOK_SECRET": secret, "LISTEN_PORT": "0"}
    operator.program = await operator.forge.start(operator.env)
    await operator.program.writes("bot.started")
    await (await operator.city.citizen()).type("在吗")

    async with asyncio.timeout(20):
        while not any("its last push failed: " in each for each in await operator.told(1)):
            pass  # each look takes a second
    told = await operator.told(1, WEBHOOK_URL="http://127.0.0.1:9/elsewhere")
    assert "messenger: it pushes to an address that is not ours" in told


# -- on PostgreSQL -----------------------------------------------------------------------------


async def test_on_postgresql(quiet_city, forge, postgres: Server):
    quiet_city.database_url = await postgres.empty()
    operator = Operator(quiet_city, forge)
    env = {"BACKUP_FOLDER": ""}
    try:
        told = await operator.told(2, **env)  # no tables yet
        assert any(each.startswith("database: ") for each in told)
        await operator.start()
        assert await operator.told(0, **env) == []
        code, lines = await operator.asks(**env)
        notes = {line["check"] for line in lines if line["level"] == "note"}
        assert (code, notes >= {"server", "backup"}) == (0, True)
        assert "clock" in {line["check"] for line in lines if line["level"] == "well"}
        assert quiet_city.database_url not in str(lines)
        away = quiet_city.database_url.replace("/minsheng_", "/nowhere_")
        (told_away,) = await operator.told(2, DATABASE_URL=away, **env)
        assert told_away.startswith("database: it does not answer")
    finally:
        if operator.program is not None:
            await operator.program.kill()
