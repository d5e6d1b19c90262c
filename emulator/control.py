"""How is the emulator driven from outside? The routes under ``/_/``."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

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
