"""How is the messenger asked? In JSON, and of its answers no more is read than somebody wants.

aiogram's own session makes a form of a call, each nested part written as JSON and the whole then
quoted byte by byte; and it makes a class for each answer it reads. Together that is more than half
of what sending a message takes.
"""

from collections.abc import AsyncGenerator
from datetime import datetime
from functools import cache
from http import HTTPStatus
from typing import Any

from aiogram import Bot
from aiogram.client.default import Default
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import TelegramNetworkError, TelegramServerError
from aiogram.methods import Response, TelegramMethod
from aiogram.types import InputFile
from aiohttp import ClientError, ClientTimeout, FormData
from aiohttp.payload import BytesPayload
from pydantic import BaseModel
from pydantic_core import from_json, to_json

from notifier.calls import Call, Sent
from notifier.wire import Wire

ELSEWHERE = (HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT)
"""The call was not taken, and is to be made to another address."""
PROXIES = ("aiohttp_socks", "python_socks")
"""Whose errors derive from nothing but `Exception`."""


class JsonSession(AiohttpSession):
    """aiogram's session, sending JSON; what carries a file is a form as before."""

    def __init__(self, *what: Any, **how: Any) -> None:
        super().__init__(*what, **how)
        self._wire = None if self.proxy else Wire(self._connector_init["ssl"])
        # aiogram closes a session that was never open before it opens it, and our wire with it.
        self._should_reset_connector = False

    async def close(self) -> None:
        """Let go of every connection."""
        if self._wire is not None:
            await self._wire.close()
        await super().close()

    def build_form_data(self, bot: Bot, method: TelegramMethod[Any]) -> FormData:
        """The body of the request."""
        try:
            # It is given to aiohttp's client as it is, which takes any payload.
            return _payload(_plain(bot, method))  # type: ignore[return-value]
        except _HasFile:
            return super().build_form_data(bot, method)

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[Any],
        timeout: int | None = None,  # noqa: ASYNC109
    ) -> Any:
        """What is answered. Raises `TelegramNetworkError` where a proxy or gateway is in the way.

        aiogram tells of its own client's troubles alone; a message is not to pay for the others.
        """
        try:
            if isinstance(method, Call):
                return await self._ask(bot, method, timeout)
            return await super().make_request(bot, method, timeout)
        except Exception as error:
            if not _in_the_way(error):
                raise
            raise TelegramNetworkError(method, type(error).__name__) from None

    async def _ask(self, bot: Bot, call: Call, timeout: int | None) -> Any:  # noqa: ASYNC109
        url = self.api.api_url(bot.token, call.method)
        seconds = self.timeout if timeout is None else timeout
        if self._wire is None or self.proxy:
            status, content = await self._post(url, call, seconds)
        else:
            status, content = await self._wire.post(url, to_json(call.given), seconds)
            if status in ELSEWHERE:
                status, content = await self._post(url, call, seconds)
        yes = _plain_yes(content, call) if status == HTTPStatus.OK else None
        if yes is not None:
            return yes
        return self.check_response(bot, call, status, content.decode()).result  # type: ignore[arg-type]

    async def _post(self, url: str, call: Call, seconds: float) -> tuple[int, bytes]:
        """By aiohttp, which knows the ways through a proxy, and follows where it is sent."""
        session = await self.create_session()
        patience = ClientTimeout(seconds)
        async with session.post(url, data=_payload(call.given), timeout=patience) as response:
            return response.status, await response.read()

    async def stream_content(self, *args: Any, **how: Any) -> AsyncGenerator[bytes, None]:
        """The content of a file. Raises aiohttp's `ClientError` where a proxy is in the way."""
        try:
            async for chunk in super().stream_content(*args, **how):
                yield chunk
        except Exception as error:
            if not _in_the_way(error):
                raise
            raise ClientError(type(error).__name__) from None

    def check_response(
        self, bot: Bot, method: TelegramMethod[Any], status_code: int, content: str
    ) -> Response[Any]:
        """What was answered. Raises as aiogram's does."""
        # Pydantic keeps the class of an answer only as long as somebody has hold of it.
        _answer_of(method.__returning__)
        try:
            return super().check_response(bot, method, status_code, content)
        except TypeError:  # it looks for words in a description, which a gateway may leave out
            if status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
                raise
            raise TelegramServerError(method, "no description") from None


def _in_the_way(error: Exception) -> bool:
    """Whether it is a proxy's, the network's, or of a gateway's page in whatever letters."""
    module = type(error).__module__.partition(".")[0]
    return module in PROXIES or isinstance(error, OSError | ClientError | UnicodeDecodeError)


def _payload(given: Any) -> BytesPayload:
    return BytesPayload(to_json(given), content_type="application/json")


def _plain_yes(content: bytes, call: Call) -> Sent | bool | None:
    """The answer of nearly every call, read without a class; None for aiogram to read it."""
    try:
        answer = from_json(content)
    except ValueError:
        return None
    if not isinstance(answer, dict) or answer.get("ok") is not True:
        return None
    result = answer.get("result")
    if call.returned is not bool and isinstance(result, dict):
        number = result.get("message_id")
        if type(number) is int:
            return Sent(number)
    if call.returned is not Sent and result is True:
        return True
    return None


class _HasFile(Exception):
    """JSON cannot carry it."""


@cache
def _answer_of(returned: Any) -> type[Response[Any]]:
    return Response[returned]


def _plain(bot: Bot, value: Any) -> Any:
    """The value as JSON has it; what is not given, or is left to a default there is not, is out."""
    if isinstance(value, BaseModel):
        given = {name: _plain(bot, part) for name, part in value.__dict__.items()}
        return {name: part for name, part in given.items() if part is not None}
    if isinstance(value, list):
        return [_plain(bot, part) for part in value]
    if isinstance(value, Default):
        return _plain(bot, bot.default[value.name])
    if isinstance(value, datetime):
        return round(value.timestamp())
    if isinstance(value, InputFile):
        raise _HasFile
    return value
