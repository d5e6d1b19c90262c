"""An emulator, a bot that talks to it, and somebody who has talked to the bot; a door out."""

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiogram import Bot
from desks import PLACES, Time, a_desk
from doors import TOKEN, WANG, Door, Session

from emulator import Client, Emulator, LocalSession, Person
from notifier.wire import Wire
from storage import people


@pytest.fixture(params=["sqlite", "postgres"])
async def either(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    """What this test is about holds on either database."""
    if request.param == "postgres":
        PLACES.server = request.getfixturevalue("postgres")
    yield
    await PLACES.clear()


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    emulator = Emulator(None)
    await emulator.start()
    yield emulator
    await emulator.stop()


@pytest.fixture
async def bot(emulator: Emulator) -> AsyncIterator[Bot]:
    async with Bot("42:x", session=LocalSession(emulator.url, timeout=5)) as bot:
        await bot.get_me()
        yield bot


@pytest.fixture
async def client(emulator: Emulator, bot: Bot) -> AsyncIterator[Client]:
    async with Client(emulator.url) as client:
        yield client


@pytest.fixture
async def wang(client: Client) -> Person:
    wang = await client.person(7, "王芳")
    await wang.type("/start")
    return wang


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time().patch(monkeypatch)


@pytest.fixture
async def door(tmp_path: Path, time: Time) -> AsyncIterator[Door]:
    emulator = Emulator(None)
    await emulator.start()
    bot = Bot(TOKEN, session=Session(emulator.url, timeout=1.5))
    async with Client(emulator.url) as client, a_desk(tmp_path / "m.sqlite3", time) as desk:
        await client.bot(TOKEN)
        wang = await client.person(WANG, "王芳")
        await wang.type("/start")
        await desk.unit(lambda u: people.meet(u, WANG, "zh_Hans", private=True))
        door = Door(desk, time, client, bot, wang)
        yield door
        await door.out.idle()
        await bot.session.close()
    await emulator.stop()


@pytest.fixture
async def a_wire() -> AsyncIterator[Wire]:
    made = Wire(ssl.create_default_context())
    yield made
    await made.close()
    assert not made._lines
