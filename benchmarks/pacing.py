"""How near to the messenger's limits do we send, and how often does it say 429?

Ours is the product's door out with its database, as it is; the peer is what tutorials write
with aiolimiter: a limiter over all, one a chat, and a loop that takes message after message. Both
face an emulator that keeps the limits; its log is the judge. The floor is the soonest it can be.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramRetryAfter
from aiolimiter import AsyncLimiter
from sqlalchemy import func, select

from benchmarks.table import Line
from benchmarks.worlds import TOKEN, a_desk, a_messenger, sent, settle
from emulator import Client
from notifier.hooks import Hooks
from notifier.outbox import Outbox
from notifier.session import JsonSession
from storage import outbox
from storage.messages import Notice, Parcel, Post
from storage.tables import outbox as rows

OVERALL = 30
Messages = list[tuple[int, str]]


@dataclass(frozen=True)
class Found:
    """What the log says: seconds from the first to the last, refusals, how many went."""

    seconds: float
    refused: int
    went: int


def many(people: int = 3000) -> Messages:
    """One notice each."""
    return [(user, "notice") for user in range(1, people + 1)]


def mixed(people: int = 60, groups: int = 8) -> Messages:
    """The mixed load: 60 people × 4 and 8 groups × 15, as they come in."""
    to_people = [(user, str(n)) for n in range(4) for user in range(1, people + 1)]
    to_groups = [(-group, str(n)) for n in range(15) for group in range(1001, 1001 + groups)]
    return to_people + to_groups


def soonest(messages: Messages) -> float:
    """Seconds that cannot be gone under: 30 a second over all, one a second in a chat."""
    most = max(sum(chat == each for each, _ in messages) for chat in {c for c, _ in messages})
    return max((len(messages) - 1) / OVERALL, most - 1)


async def by_us(client: Client, messages: Messages) -> Found:
    """The product's door out, fed through its database."""
    with tempfile.TemporaryDirectory() as folder:
        async with a_desk(Path(folder)) as desk, _bot(client) as bot:
            say = lambda _unit, parcel: [Post(key="n", text=parcel.notice.kind)]  # noqa: E731
            out = Outbox(desk, bot, Hooks(say, lambda _: b"", lambda *_: None))
            parcels = [
                Parcel(chat_id=chat, notice=Notice(kind=text), urgent=False)
                for chat, text in messages
            ]
            await desk.unit(lambda unit: outbox.put(unit, parcels))

            async def send() -> None:
                running = asyncio.create_task(out.run())
                out.wake.set()
                while True:
                    await out.sweep()
                    await out.idle()
                    if not await _waiting(desk):
                        break
                running.cancel()

            return await _judged(client, send)


async def _waiting(desk: Any) -> int:
    waiting = select(func.count()).where(rows.c.state == "waiting")
    return int(await desk.look(lambda unit: unit.run(waiting).scalar()))


async def by_limiters(client: Client, messages: Messages) -> Found:
    """The peer: one after the other, behind a limiter over all and one for the chat."""
    overall = AsyncLimiter(OVERALL, 1)
    chats: dict[int, list[AsyncLimiter]] = {}

    async def one(bot: Bot, chat: int, text: str) -> None:
        own = chats.setdefault(
            chat, [AsyncLimiter(1, 1), *([AsyncLimiter(20, 60)] if chat < 0 else [])]
        )
        for limiter in (*own, overall):
            await limiter.acquire()
        while True:
            try:
                await bot.send_message(chat, text)
                return
            except TelegramRetryAfter as error:
                await asyncio.sleep(error.retry_after)

    async with _bot(client) as bot:

        async def send() -> None:
            running: set[asyncio.Task[None]] = set()
            for chat, text in messages:
                if len(running) >= 32:
                    _, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                running.add(asyncio.create_task(one(bot, chat, text)))
            await asyncio.gather(*running)

        return await _judged(client, send)


@asynccontextmanager
async def _bot(client: Client) -> AsyncIterator[Bot]:
    api = TelegramAPIServer.from_base(client.url)
    async with Bot(TOKEN, session=JsonSession(api=api, timeout=30)) as bot:
        yield bot


async def _judged(client: Client, send: Callable[[], Awaitable[None]]) -> Found:
    log = await client.log()
    after = log[-1]["seq"] if log else 0
    await send()
    entries = await sent(client, after)
    good = [entry["received"] for entry in entries if entry["ok"]]
    refused = sum(entry["status"] == 429 for entry in entries)
    return Found(max(good) - min(good), refused, len(good))


async def run() -> list[Line]:
    """Both loads, both senders."""
    lines = []
    for name, messages in (("3,000 people", many()), ("60 × 4, 8 × 15", mixed())):
        found = {}
        for sender in (by_us, by_limiters):
            async with a_messenger("--limits") as client:
                people = max(chat for chat, _ in messages)
                await client.limits(False)
                await settle(client, range(1, people + 1), range(-1008, -1000))
                await client.limits(True)
                found[sender] = await sender(client, messages)
        ours, peer, floor = found[by_us], found[by_limiters], soonest(messages)
        lines.append(
            Line(
                f"{name}, share of the limit",
                floor / ours.seconds,
                floor / peer.seconds,
                1.0,
                floor / ours.seconds,
                "of 1",
            )
        )
        lines.append(
            Line(f"{name}, 429", float(ours.refused), float(peer.refused), 0.0, None, "refusals")
        )
        assert ours.went == peer.went == len(messages)
    return lines
