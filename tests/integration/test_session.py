"""The bot's session: calls on the wire, files and what is sent elsewhere by aiohttp."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import SendDocument
from aiogram.types import BufferedInputFile
from aiohttp import web
from doors import TOKEN

from notifier.calls import Call, Sent
from notifier.session import JsonSession

SENT = {"ok": True, "result": {"message_id": 7, "date": 1, "chat": {"id": 5, "type": "private"}}}


class Api:
    """A messenger that keeps what it is asked; it answers when `go` is set."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.go = asyncio.Event()
        self.go.set()
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        method = request.path.rpartition("/")[2]
        self.asked.append(f"{method} {request.content_type}")
        if method == "sendMessage":
            await self.go.wait()
        if method == "sendDice":
            raise web.HTTPTemporaryRedirect(request.path.replace("sendDice", "sendPoll"))
        return web.json_response(SENT)


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    made = Api()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", made.answer)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@asynccontextmanager
async def a_bot(api: Api, proxy: str | None = None) -> AsyncIterator[Bot]:
    made = JsonSession(proxy=proxy, api=TelegramAPIServer.from_base(api.url))
    async with Bot(TOKEN, session=made) as bot:
        yield bot


def call(method: str = "sendMessage") -> Call:
    return Call(method, {"chat_id": 5, "text": "好"}, Sent)


async def test_a_file_that_is_sent_first_breaks_off_no_call(api: Api) -> None:
    """aiogram closes the session before it first opens its own."""
    api.go.clear()
    async with a_bot(api) as bot:
        waits = asyncio.create_task(bot(call()))  # type: ignore[arg-type]
        while not api.asked:  # noqa: ASYNC110 - there is nothing that tells
            await asyncio.sleep(0)
        paper = BufferedInputFile(b"%PDF", "a.pdf")
        await bot(SendDocument(chat_id=5, document=paper))
        api.go.set()
        assert (await waits).message_id == 7
    assert api.asked == ["sendMessage application/json", "sendDocument multipart/form-data"]


async def test_a_closed_bot_holds_no_connection(api: Api) -> None:
    async with a_bot(api) as bot:
        await bot(call())  # type: ignore[arg-type]
        assert isinstance(bot.session, JsonSession)
        assert bot.session._wire is not None
        assert len(bot.session._wire._lines) == 1
    assert not bot.session._wire._lines


async def test_who_is_sent_elsewhere_goes_there(api: Api) -> None:
    async with a_bot(api) as bot:
        assert (await bot(call("sendDice"))).message_id == 7  # type: ignore[arg-type]
    assert [asked.split()[0] for asked in api.asked] == ["sendDice", "sendDice", "sendPoll"]


@pytest.mark.parametrize("later", [False, True])
async def test_nothing_goes_past_the_proxy(api: Api, later: bool) -> None:
    proxy = "socks5://127.0.0.1:1"
    async with a_bot(api, None if later else proxy) as bot:
        assert isinstance(bot.session, JsonSession)
        if later:
            bot.session.proxy = proxy
        with pytest.raises(TelegramNetworkError):
            await bot(call())  # type: ignore[arg-type]
    assert api.asked == []
