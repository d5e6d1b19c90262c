"""What can be looked at from outside? State, chats, events, files, the log."""

from __future__ import annotations

import json
from urllib.parse import quote

from aiohttp import web

from . import view
from .errors import UnknownError
from .world import World

_LONGEST_WAIT = 60.0
_HEARTBEAT = 15.0
# Only these are shown in the browser; anything else is downloaded, so that a file a
# person sent cannot run as a page of ours.
_SHOWN = ("image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "audio/ogg")


class Look:
    """The reading half of the control API."""

    def __init__(self, world: World) -> None:
        self._world = world

    def mount(self, router: web.UrlDispatcher) -> None:
        """Add the routes."""
        router.add_get("/_/state", self.state)
        router.add_get("/_/chats/{chat_id}/messages", self.messages)
        router.add_get("/_/events", self.events)
        router.add_get("/_/wait", self.wait)
        router.add_get("/_/log", self.log)
        router.add_get("/_/files/{file_id}", self.file)

    async def state(self, _request: web.Request) -> web.Response:
        """People, groups, the bot and the time."""
        return web.json_response(view.state(self._world))

    async def messages(self, request: web.Request) -> web.Response:
        """A chat as its viewer sees it."""
        viewer = int(request.query["viewer"])
        chat = self._world.chat_seen_by(viewer, int(request.match_info["chat_id"]))
        after = int(request.query.get("after", 0))
        return web.json_response(view.chat(self._world, chat, viewer, after))

    async def wait(self, request: web.Request) -> web.Response:
        """Events after a number, for tests: answers as soon as there is one."""
        query = request.query
        timeout = min(float(query.get("timeout", 10)), _LONGEST_WAIT)
        chat_id = int(query["chat_id"]) if "chat_id" in query else None
        viewer = int(query["viewer"]) if "viewer" in query else None
        found = await self._world.events.wait(
            int(query.get("after", 0)), timeout, chat_id=chat_id, viewer=viewer
        )
        return web.json_response([view.event(event, viewer) for event in found])

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Events as they happen, for the page."""
        viewer = int(request.query["viewer"]) if "viewer" in request.query else None
        last = request.headers.get("Last-Event-ID") or request.query.get("after", "0")
        after = int(last)
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        await response.write(b"retry: 1000\n\n")
        log = self._world.events
        while not log.closed:
            seen_to = log.seq
            found = await log.wait(after, _HEARTBEAT, viewer=viewer)
            after = max([after, seen_to, *(event.seq for event in found)])
            lines = [
                f"id: {event.seq}\ndata: "
                f"{json.dumps(view.event(event, viewer), ensure_ascii=False)}\n\n"
                for event in found
            ]
            await response.write("".join(lines or [": still here\n\n"]).encode())
        return response

    async def log(self, request: web.Request) -> web.Response:
        """What the bot asked."""
        return web.json_response(self._world.log.since(int(request.query.get("after", 0))))

    async def file(self, request: web.Request) -> web.Response:
        """The bytes of a file, as harmless as a browser can take them."""
        file = self._world.files.get(request.match_info["file_id"])
        if file is None:
            raise UnknownError("no such file")
        how = "inline" if file.mime in _SHOWN else "attachment"
        return web.Response(
            body=self._world.files.content(file),
            content_type=file.mime,
            headers={
                "Content-Disposition": f"{how}; filename*=UTF-8''{quote(file.name, safe='')}",
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "sandbox",
            },
        )
