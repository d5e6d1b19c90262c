"""How is a Bot API request answered? Token, fault, shape, method, log: in this order."""

from __future__ import annotations

import asyncio
import inspect
import re
import time
from typing import Any

from aiohttp import web

from . import (  # noqa: F401 - importing registers their methods
    methods_account,
    methods_chats,
    methods_copy,
    methods_edit,
    methods_send,
    methods_updates,
)
from .call import METHODS, Call
from .errors import RefusedError, too_many
from .faults import Fault
from .groups import connect_bot
from .model import BotAccount, Json
from .params import Upload, as_id, check_shape, read_params
from .world import World

_TOKEN = re.compile(r"(\d{1,18}):\S+")
_NOT_FOUND = RefusedError(404, "Not Found")
_LONGEST_LOGGED = 500


class BotApi:
    """The routes ``/bot<token>/<method>`` and ``/file/bot<token>/<path>``."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.stopping = asyncio.Event()

    def mount(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_route("*", "/bot{token}/{method}", self.handle)
        app.router.add_get("/file/bot{token}/{path:.+}", self.download)

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one request, with all that may go wrong."""
        received = time.monotonic()
        if self._world.faults.down:
            return _hang_up(request)
        name = request.match_info["method"]
        params: Json = {}
        fault: Fault | None = None
        try:
            bot = self._bot(request)
            params, uploads = await read_params(request)
            fault = self._world.faults.pick(name, as_id(params.get("chat_id")))
            if fault is not None and fault.kind != "drop_after":
                await self._fail(fault)
            answer = {"ok": True, "result": await self.run(bot, name, params, uploads)}
        except RefusedError as refusal:
            answer = refusal.answer()
        except asyncio.CancelledError:
            self._note(name, params, received, {}, dropped=True)
            raise
        except ConnectionError:
            self._note(name, params, received, {}, dropped=True)
            return _hang_up(request)
        self._world.store.commit()
        if fault is not None and fault.kind == "drop_after":
            self._note(name, params, received, answer, dropped=True)  # it was done all the same
            return _hang_up(request)
        self._note(name, params, received, answer)
        status = answer.get("error_code", 200)
        return web.json_response(answer, status=status)

    async def run(
        self, bot: BotAccount, name: str, params: Json, uploads: dict[str, Upload]
    ) -> Any:
        """Carry out a method; raises :class:`RefusedError`."""
        if name.lower() not in METHODS:
            raise _NOT_FOUND
        _, model, handler = METHODS[name.lower()]
        if model is not None:
            check_shape(model, params, uploads)
        result = handler(Call(self._world, bot, params, uploads))
        return await result if inspect.isawaitable(result) else result

    async def run_webhook_reply(
        self, bot: BotAccount, name: str, params: Json, uploads: dict[str, Upload]
    ) -> None:
        """Carry out what a webhook answered with; like Telegram, tell nobody how it went."""
        received = time.monotonic()
        try:
            answer = {"ok": True, "result": await self.run(bot, name, params, uploads)}
        except RefusedError as refusal:
            answer = refusal.answer()
        self._world.store.commit()
        self._note(name, params, received, answer)

    async def download(self, request: web.Request) -> web.Response:
        """The bytes of a file ``getFile`` told the path of."""
        if self._world.faults.down:
            return _hang_up(request)
        try:
            self._bot(request)
            file = self._world.files.at_path(request.match_info["path"])
            if file is None:
                raise _NOT_FOUND
        except RefusedError as refusal:
            return web.json_response(refusal.answer(), status=refusal.code)
        content = self._world.files.content(file)
        return web.Response(body=content, content_type="application/octet-stream")

    def _bot(self, request: web.Request) -> BotAccount:
        match = _TOKEN.fullmatch(request.match_info["token"])
        if match is None:
            raise RefusedError(401, "Unauthorized")
        return connect_bot(self._world, int(match[1]))

    async def _fail(self, fault: Fault) -> None:
        """Do what the fault says; always raises."""
        if fault.kind == "429":
            raise too_many(fault.retry_after)
        if fault.kind == "500":
            raise RefusedError(500, "Internal Server Error")
        if fault.kind == "502":
            raise RefusedError(502, "Bad Gateway")
        if fault.kind == "timeout":
            # Cancelled when the client goes away.
            await self.stopping.wait()
        raise ConnectionError(fault.kind)

    def _note(
        self, name: str, params: Json, received: float, answer: Json, *, dropped: bool = False
    ) -> None:
        self._world.log.add(
            {
                "method": name,
                "params": {key: _short(value) for key, value in params.items()},
                "chat_id": as_id(params.get("chat_id")),
                "status": 0 if dropped else answer.get("error_code", 200),
                "ok": answer.get("ok", False),
                "error": "connection dropped" if dropped else answer.get("description"),
                "received": received,
                "finished": time.monotonic(),
            }
        )


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > _LONGEST_LOGGED:
        return value[:_LONGEST_LOGGED] + "…"
    return value


def _hang_up(request: web.Request) -> web.Response:
    """Close the connection without a word; the response object is never seen."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=502)
