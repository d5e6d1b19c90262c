"""How is the messenger asked? In JSON, and of its answers no more is read than somebody wants.

aiogram's own session makes a form of a call, each nested part written as JSON and the whole then
quoted byte by byte; and it makes a class for each answer it reads. Together that is more than half
of what sending a message takes.
"""

import json
from datetime import datetime
from functools import cache
from http import HTTPStatus
from typing import Any

from aiogram import Bot
from aiogram.client.default import Default
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.methods import Response, TelegramMethod
from aiogram.types import InputFile
from aiohttp import FormData
from aiohttp.payload import BytesPayload
from pydantic import BaseModel

from notifier.calls import Call, Sent


class JsonSession(AiohttpSession):
    """aiogram's session, sending JSON; what carries a file is a form as before."""

    def build_form_data(self, bot: Bot, method: TelegramMethod[Any]) -> FormData:
        """The body of the request."""
        try:
            given = method.given if isinstance(method, Call) else _plain(bot, method)
            body = json.dumps(given, ensure_ascii=False).encode()
        except _HasFile:
            return super().build_form_data(bot, method)
        # It is given to aiohttp's client as it is, which takes any payload.
        return BytesPayload(body, content_type="application/json")  # type: ignore[return-value]

    def check_response(
        self, bot: Bot, method: TelegramMethod[Any], status_code: int, content: str
    ) -> Response[Any]:
        """What was answered. Raises as aiogram's does."""
        if isinstance(method, Call) and status_code == HTTPStatus.OK:
            plain = _plain_yes(content, method)
            if plain is not None:
                return plain
        # Pydantic keeps the class of an answer only as long as somebody has hold of it.
        _answer_of(method.__returning__)
        return super().check_response(bot, method, status_code, content)


def _plain_yes(content: str, call: Call) -> Response[Any] | None:
    """The answer of nearly every call, read without a class; None for aiogram to read it."""
    try:
        answer = json.loads(content)
    except ValueError:
        return None
    if not isinstance(answer, dict) or answer.get("ok") is not True:
        return None
    result = answer.get("result")
    if call.returned is not bool and isinstance(result, dict):
        number = result.get("message_id")
        if type(number) is int:
            return Response.model_construct(ok=True, result=Sent.model_construct(message_id=number))
    if call.returned is not Sent and result is True:
        return Response.model_construct(ok=True, result=True)
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
