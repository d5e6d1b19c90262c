"""How does a message come to be? Building, keeping and changing the messages of a chat."""

from __future__ import annotations

from typing import Any

from .model import Chat, Json, Post
from .world import World

_INLINE = "inline_keyboard"


def post(
    world: World,
    chat: Chat,
    sender: Json,
    content: Json,
    *,
    reply_to: Post | None = None,
    markup: Json | None = None,
) -> Json:
    """Put a new message into a chat and return Telegram's ``Message``."""
    chat.last_id += 1
    body: Json = {
        "message_id": chat.last_id,
        "from": sender,
        "chat": world.chat_json(chat),
        "date": world.clock.timestamp(),
    }
    if reply_to is not None:
        body["reply_to_message"] = quoted(reply_to.body)
    body |= content
    if markup is not None and _INLINE in markup:
        body["reply_markup"] = markup
    world.save_post(chat, body, "message")
    if markup is not None and _INLINE not in markup:
        show_keyboard(world, chat, markup, reply_to)
    return body


def quoted(body: Json) -> Json:
    """A message as another one quotes it: one level deep."""
    return {key: value for key, value in body.items() if key != "reply_to_message"}


def edit(world: World, chat: Chat, before: Post, changes: Json, drop: tuple[str, ...] = ()) -> Json:
    """Replace a message's content; None among ``changes`` removes a field."""
    body = {key: value for key, value in before.body.items() if key not in drop}
    for key, value in {**changes, "edit_date": world.clock.timestamp()}.items():
        if value is None:
            body.pop(key, None)
        else:
            body[key] = value
    world.save_post(chat, body, "edited")
    return body


def show_keyboard(world: World, chat: Chat, markup: Json, reply_to: Post | None) -> None:
    """Show, change or remove the reply keyboard of those the message is meant for."""
    people = [user for user in world.viewers(chat) if user in world.people]
    if markup.get("selective") and not chat.private:
        people = [reply_to.sender] if reply_to is not None else []
    for user in people:
        set_keyboard(world, chat, user, None if markup.get("remove_keyboard") else markup)
    world.save_chat(chat)


def set_keyboard(world: World, chat: Chat, user_id: int, keyboard: Json | None) -> None:
    """Show one person a keyboard, or none."""
    if keyboard is None:
        chat.keyboards.pop(user_id, None)
    else:
        chat.keyboards[user_id] = keyboard
    world.events.record("keyboard", chat.id, frozenset((user_id,)), keyboard=keyboard)


def service(world: World, chat: Chat, sender: Json, **content: Any) -> Json:
    """A service message, such as "Wang joined"."""
    return post(world, chat, sender, content)
