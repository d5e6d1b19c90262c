"""What does a person see? Messages and events as the page and the tests read them."""

from __future__ import annotations

from typing import Any

from .events import Event
from .files import file_of
from .model import Chat, Json
from .render import to_html
from .world import World


def message(body: Json, viewer: int | None, seq: int | None = None) -> Json:
    """Telegram's ``Message`` with ``out``, ``html`` and ``files`` for a viewer."""
    text = body.get("text") or body.get("caption") or ""
    entities = body.get("entities") or body.get("caption_entities") or []
    file = file_of(body)
    seen: Json = {
        **body,
        "out": body["from"]["id"] == viewer,
        "html": to_html(text, entities),
        "files": [file] if file else [],
    }
    if seq is not None:
        seen["seq"] = seq
    return seen


def event(happened: Event, viewer: int | None) -> Json:
    """An event as JSON, its message rendered for the viewer."""
    payload = dict(happened.payload)
    body = payload.pop("body", None)
    if body is not None:
        payload["message"] = message(body, viewer, happened.seq)
    return {"seq": happened.seq, "type": happened.type, "chat_id": happened.chat_id, **payload}


def chat(world: World, of: Chat, viewer: int, after: int) -> Json:
    """The messages of a chat changed after ``after``, in their order, and the viewer's keyboard."""
    changed = []
    for post in reversed(of.changes.values()):
        if post.seq <= after:
            break
        changed.append(post)
    changed.sort(key=lambda post: post.id)
    return {
        "seq": world.events.seq,
        "messages": [message(post.body, viewer, post.seq) for post in changed],
        "keyboard": of.keyboards.get(viewer),
    }


def state(world: World) -> Json:
    """Everything but the messages."""
    bot = world.bot
    now: Any = world.clock.now()
    return {
        "now": now.isoformat(),
        "offset": world.clock.offset,
        "seq": world.events.seq,
        "pending": 0 if bot is None else len(world.queues[bot.id].pending),
        "bot": None
        if bot is None
        else {"id": bot.id, "username": bot.username, "name": bot.user()["first_name"]},
        "people": [
            {
                "id": person.id,
                "first_name": person.first_name,
                "last_name": person.last_name,
                "username": person.username,
                "language_code": person.language_code,
                "blocked": bot is not None and _blocked(world, bot.id, person.id),
            }
            for person in world.people.values()
        ],
        "groups": [group(world, item) for item in world.groups()],
    }


def group(world: World, of: Chat) -> Json:
    """A group; people only in ``members`` and ``admins``, the bot's place in ``bot_status``."""
    people = [user for user in of.members if of.has(user) and user in world.people]
    admins = [user for user in people if of.members[user] in ("administrator", "creator")]
    status = of.members.get(world.bot.id, "left") if world.bot else "left"
    return {
        "id": of.id,
        "title": of.title,
        "type": of.type,
        "members": people,
        "admins": admins,
        "bot_status": status,
    }


def _blocked(world: World, bot_id: int, user_id: int) -> bool:
    known = world.chats.get(f"{bot_id}:{user_id}")
    return known is not None and known.blocked
