"""How is the emulator driven from outside? The routes under ``/_/``, all of them JSON.

To look (``control_view``)::

    GET  state                        people, groups, the bot, the time, seq, pending updates
    GET  chats/{id}/messages?viewer=&after=   messages, the viewer's reply keyboard
    GET  events?viewer=&after=        the same as it happens, Server-Sent Events
    GET  wait?after=&timeout=&chat_id=&viewer=   events after a number, as a list
    GET  log?after=                   every Bot API request
    GET  files/{file_id}              a file's bytes

To play people (``control_play``)::

    POST send    {from, chat_id, text | location | contact | sticker | poll, reply_to, forward_from}
    POST upload  form: from, chat_id, kind, caption, file… | name and size
    POST tap     {from, chat_id, message_id, data} → {answer: {text, alert} | null}
    POST edit, delete   {from, chat_id, message_id, text}

To arrange the world (``control_admin``)::

    POST people  {id, first_name, last_name, username, language_code}
    POST groups  {id, title, members, bot_is_admin}
    POST members {chat_id, user_id, status}; migrate {chat_id}; block, unblock {user_id}
    POST clock   {add: seconds} | {set: iso}
    POST faults  {method, kind, times, chat_id, retry_after, probability}; DELETE faults
    POST down    {down}; limits {on}; raw {update}; bot {token, privacy}

Private chats go by the person's id. Whatever is wrong is answered 400 ``{"error": why}``.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from .control_admin import Admin
from .control_play import Play
from .control_view import Look
from .errors import UnknownError
from .world import World

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def mount(app: web.Application, world: World) -> None:
    """Add the control routes to an application."""
    app.middlewares.append(_guard(world))
    for part in (Look(world), Play(world), Admin(world)):
        part.mount(app.router)


def _guard(world: World) -> Any:
    @web.middleware
    async def guard(request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Turn wrong requests into 400 with a reason, and make effects durable."""
        if not request.path.startswith("/_/"):
            return await handler(request)
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            # Another site's page in the same browser must not play our people.
            return web.json_response({"error": "not from this page"}, status=403)
        try:
            response = await handler(request)
        except UnknownError as error:
            response = web.json_response({"error": str(error)}, status=400)
        except (KeyError, TypeError, ValueError, json.JSONDecodeError) as error:
            text = f"{type(error).__name__}: {error}"
            response = web.json_response({"error": text}, status=400)
        world.store.commit()
        return response

    return guard
