"""How do people act from outside? Sending, uploading, pressing, editing."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from . import actions, view
from .files import File
from .model import Json
from .world import World


class Play:
    """The half of the control API that plays people."""

    def __init__(self, world: World) -> None:
        self._world = world

    def mount(self, router: web.UrlDispatcher) -> None:
        """Add the routes."""
        router.add_post("/_/send", self.send)
        router.add_post("/_/upload", self.upload)
        router.add_post("/_/tap", self.tap)
        router.add_post("/_/edit", self.edit)
        router.add_post("/_/delete", self.delete)

    async def send(self, request: web.Request) -> web.Response:
        """A message of any kind but files."""
        asked = await request.json()
        user = int(asked["from"])
        reply_to = asked.get("reply_to")
        body = actions.write(
            self._world, user, int(asked.get("chat_id", user)), self._content(asked), reply_to
        )
        return self._seen(body, user)

    async def upload(self, request: web.Request) -> web.Response:
        """One file, or an album, or a file of nothing but a size."""
        form: Any = await request.post()
        user = int(form["from"])
        kind = form.get("kind", "document")
        files: list[File] = []
        for upload in form.getall("file", []):
            with upload.file as content:
                files.append(self._world.files.add(kind, upload.filename, content.read()))
        if not files:
            name = form.get("name") or "file.bin"
            files.append(self._world.files.add(kind, name, None, int(form["size"])))
        chat_id = int(form.get("chat_id", user))
        bodies = actions.upload(self._world, user, chat_id, files, form.get("caption", ""))
        seq = self._world.events.seq
        return web.json_response([view.message(body, user, seq) for body in bodies])

    async def tap(self, request: web.Request) -> web.Response:
        """Press a button."""
        asked = await request.json()
        user = int(asked["from"])
        answer = await actions.tap(
            self._world,
            user,
            int(asked.get("chat_id", user)),
            int(asked["message_id"]),
            str(asked["data"]),
        )
        return web.json_response(answer)

    async def edit(self, request: web.Request) -> web.Response:
        """Change one's own message."""
        asked = await request.json()
        user = int(asked["from"])
        chat_id = int(asked.get("chat_id", user))
        message_id, text = int(asked["message_id"]), str(asked["text"])
        return self._seen(actions.edit(self._world, user, chat_id, message_id, text), user)

    async def delete(self, request: web.Request) -> web.Response:
        """Delete one's own message."""
        asked = await request.json()
        user = int(asked["from"])
        chat_id = int(asked.get("chat_id", user))
        actions.delete(self._world, user, chat_id, int(asked["message_id"]))
        return web.json_response({"seq": self._world.events.seq})

    def _seen(self, body: Json, user: int) -> web.Response:
        return web.json_response(view.message(body, user, self._world.events.seq))

    def _content(self, asked: Json) -> Json:
        content: Json = {}
        if name := asked.get("forward_from"):
            origin = {"type": "hidden_user", "sender_user_name": name}
            content["forward_origin"] = {**origin, "date": self._world.clock.timestamp()}
        if place := asked.get("location"):
            return content | _place(place)
        if contact := asked.get("contact"):
            return content | {"contact": contact}
        if emoji := asked.get("sticker"):
            return content | actions.sticker_content(emoji)
        if poll := asked.get("poll"):
            return content | actions.poll_content(poll["question"], poll["options"])
        return content | actions.text_content(str(asked["text"]))


def _place(asked: Json) -> Json:
    point = {name: float(asked[name]) for name in ("latitude", "longitude")}
    if not asked.get("title"):
        return {"location": point}
    venue = {"location": point, "title": asked["title"], "address": asked.get("address", "")}
    return {"venue": venue, "location": point}
