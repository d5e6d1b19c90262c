"""How does the bot change what it has said? Edits and deletions."""

from __future__ import annotations

from typing import Any

from aiogram import methods as api

from .call import Call, method
from .errors import NOT_MODIFIED, bad
from .files import content_of
from .markup import checked
from .methods_send import caption_content, file_param, text_content
from .model import Chat, Json, Post
from .posts import edit

_MEDIA = ("photo", "video", "document", "voice", "audio")
_DELETABLE_SECONDS = 48 * 3600


def _own(call: Call, count: int = 1) -> tuple[Chat, Post]:
    chat = call.target(count)
    found = chat.posts.get(call.number("message_id"))
    if found is None:
        raise bad("message to edit not found")
    if found.sender != call.bot.id:
        raise bad("message can't be edited")
    return chat, found


def _apply(call: Call, chat: Chat, found: Post, content: Json, drop: tuple[str, ...] = ()) -> Json:
    """Change the message; a keyboard that is not given again goes away, as at Telegram."""
    markup = checked(call.params.get("reply_markup"), inline_only=True)
    before = {key: value for key, value in found.body.items() if key not in drop}
    after = {**before, **content}
    after.pop("reply_markup", None)
    if markup:
        after["reply_markup"] = markup
    if after == found.body:
        raise bad(NOT_MODIFIED)
    return edit(call.world, chat, found, {**content, "reply_markup": markup}, drop)


@method("editMessageText", api.EditMessageText)
def edit_message_text(call: Call) -> Any:
    """A new text for a text."""
    chat, found = _own(call)
    if "text" not in found.body:
        raise bad("there is no text in the message to edit")
    return _apply(call, chat, found, text_content(call), ("entities",))


@method("editMessageCaption", api.EditMessageCaption)
def edit_message_caption(call: Call) -> Any:
    """A new caption for a file."""
    chat, found = _own(call)
    if not any(kind in found.body for kind in _MEDIA):
        raise bad("there is no caption in the message to edit")
    return _apply(call, chat, found, caption_content(call.params), ("caption", "caption_entities"))


@method("editMessageMedia", api.EditMessageMedia)
def edit_message_media(call: Call) -> Any:
    """Another file in place of the first."""
    chat, found = _own(call)
    if not any(kind in found.body for kind in (*_MEDIA, "text")):
        raise bad("message can't be edited")
    media = call.params["media"]
    kind = str(media.get("type"))
    if kind not in _MEDIA:
        raise bad("can't parse InputMedia: unsupported media type")
    content = {**content_of(file_param(call, kind, media.get("media"))), **caption_content(media)}
    return _apply(
        call, chat, found, content, (*_MEDIA, "text", "entities", "caption", "caption_entities")
    )


@method("editMessageReplyMarkup", api.EditMessageReplyMarkup)
def edit_message_reply_markup(call: Call) -> Any:
    """Other buttons, or none."""
    chat, found = _own(call)
    return _apply(call, chat, found, {})


def _delete(call: Call, chat: Chat, found: Post) -> None:
    admin = chat.members.get(call.bot.id) == "administrator"
    if found.sender != call.bot.id and not (chat.private or admin):
        raise bad("message can't be deleted")
    age = call.world.clock.timestamp() - int(found.body["date"])
    if age > _DELETABLE_SECONDS and not admin:
        raise bad("message can't be deleted for everyone")
    call.world.remove_post(chat, found.id)


@method("deleteMessage", api.DeleteMessage)
def delete_message(call: Call) -> Any:
    """Remove a message, at most 48 hours old by the emulator's clock."""
    chat = call.chat()
    found = chat.posts.get(call.number("message_id"))
    if found is None:
        raise bad("message to delete not found")
    _delete(call, chat, found)
    return True


@method("deleteMessages", api.DeleteMessages)
def delete_messages(call: Call) -> Any:
    """Remove several; those not found are skipped."""
    chat = call.chat()
    for message_id in call.params.get("message_ids") or ():
        found = chat.posts.get(int(message_id))
        if found is not None:
            _delete(call, chat, found)
    return True
