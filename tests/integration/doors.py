"""The door out with a messenger behind it, as the bot has them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import web
from desks import Time, rows

from documents import draw, read
from emulator import Client, LocalSession, Person
from notifier.budget import Budget, OwnBudget, Place, Wish
from notifier.calls import Call
from notifier.gate import Gate
from notifier.hooks import Hooks
from notifier.outbox import Outbox
from notifier.pacing import Rates
from notifier.session import JsonSession
from storage import outbox, posts
from storage.database import Desk
from storage.messages import Notice, Paper, Parcel, Post, Said
from storage.unit import Unit
from words import load_words

TOKEN = "42:test-token"
WANG = 7
WORDS = load_words()
FAST = Rates(overall=1000, chat=1000, group=1000)


def fast(time: Time) -> Gate:
    """A gate that lets a thousand a second through, by real time and by what the test adds."""

    def now() -> float:
        return monotonic() + time.real

    return Gate(OwnBudget(FAST, now), FAST, now)


async def a_place(budget: Budget, chat_id: int, *, first: bool) -> Place:
    """What the account says to one who asks alone."""
    (place,) = await budget.ask([Wish(chat_id, first)])
    return place


@asynccontextmanager
async def a_bot(answer: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncIterator[Bot]:
    """A bot whose messenger, or what stands in its place, answers so to whatever is asked."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api = TelegramAPIServer.from_base(f"http://127.0.0.1:{runner.addresses[0][1]}")
    async with Bot(TOKEN, session=JsonSession(api=api)) as bot:
        yield bot
    await runner.cleanup()


class Session(JsonSession, LocalSession):
    """The program's own, with the emulator."""


@dataclass
class Door:
    """The door out, what it has to say, and the world it says it to."""

    desk: Desk
    time: Time
    client: Client
    bot: Bot
    wang: Person
    said: dict[str, Said | Exception] = field(default_factory=dict)
    moved: list[tuple[int, int]] = field(default_factory=list)
    drawn: list[Paper] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gate = fast(self.time)
        self.hooks = Hooks(
            lambda unit, parcel: self.say(unit, parcel),
            lambda paper: self.draw(paper),
            lambda unit, old, new: self.move(unit, old, new),
        )
        self.out = Outbox(self.desk, self.bot, self.hooks, self.gate)

    def say(self, _unit: Unit, parcel: Parcel) -> Said:
        assert parcel.notice is not None
        said = self.said.get(parcel.notice.kind, [Post(key="n", text=parcel.notice.kind)])
        if isinstance(said, Exception):
            raise said
        return said

    def move(self, unit: Unit, old: int, new: int) -> None:
        """As the dialogs do it for a unit's own group, of which there is one case."""
        self.moved.append((old, new))
        outbox.move_chat(unit, old, new)
        posts.drop_chat(unit, old)
        card = Notice(kind="card")
        outbox.put(
            unit, [Parcel(chat_id=new, notice=card, slot="card:1", fresh=True, urgent=False)]
        )

    def draw(self, paper: Paper) -> bytes:
        """As the bot does it."""
        self.drawn.append(paper)
        return draw(read(paper.kind, paper.facts), paper.language, WORDS)

    def break_at(self, text: str, kind: str, **rule: object) -> None:
        """The next message of this text meets a fault."""
        pass_on = self.bot.session.make_request

        async def make_request(bot: Bot, method: Any, *more: Any, **also: Any) -> Any:
            if isinstance(method, Call) and method.given.get("text") == text:
                self.bot.session.make_request = pass_on  # type: ignore[method-assign]
                await self.client.fault("sendMessage", kind, **rule)
            return await pass_on(bot, method, *more, **also)

        self.bot.session.make_request = make_request  # type: ignore[method-assign]

    async def put(self, *parcels: Parcel) -> None:
        """Store these, and send at once what is urgent."""
        leased = await self.desk.unit(lambda unit: outbox.put(unit, parcels))
        self.out.send_soon(leased)
        await self.out.idle()

    async def sweep(self, seconds: float = 0) -> None:
        """So many seconds later, send what is due."""
        self.time.pass_(seconds)
        before = None
        for _ in range(100):
            if before == (before := await self.states()):
                return
            await self.out.sweep()
            await self.out.idle()
        pytest.fail(f"the sweep comes to no end: {before}")

    async def states(self) -> list[tuple[str, str | None, int]]:
        return [(r.state, r.reason, r.attempts) for r in await rows(self.desk, "outbox")]

    async def state(self) -> list[str]:
        return [state for state, _, _ in await self.states()]

    async def seen(self, chat: int = WANG, viewer: int = WANG) -> list[str]:
        """What the bot has said in a chat, as it stands on the screen."""
        screen = await self.client.messages(chat, viewer)
        return [m.get("text", "") for m in screen["messages"] if m["from"]["is_bot"]]

    async def asked(self, method: str = "sendMessage") -> list[str]:
        """The texts the bot asked to send, refused ones too."""
        return [e["params"].get("text") for e in await self.client.log(method=method)]


def answer(text: str, chat: int = WANG, **more: object) -> Parcel:
    return Parcel(chat_id=chat, post=Post(key="k", text=text), **more)


def notice(kind: str, chat: int = WANG, **more: object) -> Parcel:
    return Parcel(chat_id=chat, notice=Notice(kind=kind), urgent=False, **more)


def texts(*said: str) -> list[Post]:
    return [Post(key="n", text=each) for each in said]
