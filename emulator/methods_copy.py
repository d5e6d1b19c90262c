"""How does the bot pass messages on? Copies and forwards."""

from __future__ import annotations

from typing import Any

from aiogram import methods as api

from .call import Call, method
from .errors import bad
from .markup import checked
from .methods_send import caption_content, send
from .model import Json, Post
from .posts import post

_FRAME = ("message_id", "from", "chat", "date", "edit_date", "reply_to_message", "reply_markup")
_SERVICE = (
    "new_chat_members",
    "left_chat_member",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "pinned_message",
)


def _source(call: Call, what: str) -> Post:
    found = call.chat("from_chat_id").posts.get(call.number("message_id"))
    if found is None:
        raise bad(f"message to {what} not found")
    if any(name in found.body for name in _SERVICE):
        raise bad(f"the message can't be {'copied' if what == 'copy' else 'forwarded'}")
    return found


def _content(body: Json, *also: str) -> Json:
    return {key: value for key, value in body.items() if key not in (*_FRAME, *also)}


@method("copyMessage", api.CopyMessage)
def copy_message(call: Call) -> Any:
    """The same content as a new message of the bot's own; works for files of any size."""
    call.chat()
    content = _content(_source(call, "copy").body, "forward_origin", "media_group_id")
    if "caption" in call.params and "text" not in content:
        content.pop("caption", None)
        content.pop("caption_entities", None)
        content |= caption_content(call.params)
    sent = send(call, content, checked(call.params.get("reply_markup")))
    return {"message_id": sent["message_id"]}


@method("forwardMessage", api.ForwardMessage)
def forward_message(call: Call) -> Any:
    """A message with its author shown."""
    chat = call.target()
    body = _source(call, "forward").body
    origin = {"type": "user", "sender_user": body["from"], "date": body["date"]}
    content = {"forward_origin": origin, **_content(body, "media_group_id")}
    return post(call.world, chat, call.bot.user(), content)
