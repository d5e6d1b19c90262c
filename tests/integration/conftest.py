"""An emulator, a bot that talks to it, and somebody who has talked to the bot."""

from collections.abc import AsyncIterator

import pytest
from aiogram import Bot

from emulator import Client, Emulator, LocalSession, Person


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
