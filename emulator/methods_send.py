"""What can the bot send? Texts, files, albums, places."""

from __future__ import annotations

from typing import Any

from aiogram import methods as api

from .call import Call, formatted, method
from .errors import RefusedError, bad
from .files import File, content_of
from .markup import checked
from .model import Json
from .posts import post
from .world import new_id

MAX_TEXT = 4096
MAX_CAPTION = 1024
_MAX_PHOTO = 10 * 1024 * 1024
_MAX_FILE = 50 * 1024 * 1024
_ALBUM_KINDS = ("photo", "video", "document", "audio")


def send(call: Call, content: Json, markup: Json | None = None) -> Json:
    """Put the bot's message into the chat the call names."""
    chat = call.target()
    reply = call.reply_to(chat)
    return post(call.world, chat, call.bot.user(), content, reply_to=reply, markup=markup)


def text_content(call: Call) -> Json:
    """The text of a call; raises 400 if it is empty or too long."""
    content = call.formatted("text", "entities", MAX_TEXT, "message is too long")
    if not content:
        raise bad("message text is empty")
    return content


def caption_content(source: Json) -> Json:
    """The caption of a call or of an item of an album."""
    too_long = "message caption is too long"
    return formatted(source, "caption", "caption_entities", MAX_CAPTION, too_long)


def file_param(call: Call, kind: str, value: Any) -> File:
    """The file a parameter means: one just uploaded or one sent before."""
    upload = call.uploads.get(kind if value is None else str(value).removeprefix("attach://"))
    if upload is not None:
        if not upload.content:
            raise bad("file must be non-empty")
        if len(upload.content) > (_MAX_PHOTO if kind == "photo" else _MAX_FILE):
            raise RefusedError(413, "Request Entity Too Large")
        return call.world.files.add(kind, upload.name, upload.content)
    if not value:
        raise bad(f"there is no {kind} in the request")
    known = call.world.files.get(str(value))
    if known is None:
        raise bad("wrong file identifier/HTTP URL specified")
    if known.kind != kind:
        raise bad(f"can't use file of type {known.kind.title()} as {kind.title()}")
    return known


@method("sendMessage", api.SendMessage)
def send_message(call: Call) -> Any:
    """A text."""
    call.chat()
    return send(call, text_content(call), checked(call.params.get("reply_markup")))


def _send_file(call: Call, kind: str) -> Json:
    call.chat()
    caption = caption_content(call.params)
    markup = checked(call.params.get("reply_markup"))
    return send(
        call, {**content_of(file_param(call, kind, call.params.get(kind))), **caption}, markup
    )


@method("sendPhoto", api.SendPhoto)
def send_photo(call: Call) -> Any:
    """A picture."""
    return _send_file(call, "photo")


@method("sendDocument", api.SendDocument)
def send_document(call: Call) -> Any:
    """Any file."""
    return _send_file(call, "document")


@method("sendVideo", api.SendVideo)
def send_video(call: Call) -> Any:
    """A video."""
    return _send_file(call, "video")


@method("sendVoice", api.SendVoice)
def send_voice(call: Call) -> Any:
    """A voice message."""
    return _send_file(call, "voice")


@method("sendAudio", api.SendAudio)
def send_audio(call: Call) -> Any:
    """A recording with a name."""
    return _send_file(call, "audio")


@method("sendMediaGroup", api.SendMediaGroup)
def send_media_group(call: Call) -> Any:
    """An album of two to ten."""
    media = call.params.get("media") or []
    if not 2 <= len(media) <= 10:
        raise bad("wrong number of media in the group: 2-10 items expected")
    chat = call.target(len(media))
    reply = call.reply_to(chat)
    contents = []
    for item in media:
        kind = str(item.get("type"))
        if kind not in _ALBUM_KINDS:
            raise bad("can't parse InputMedia: media type is not allowed in an album")
        file = content_of(file_param(call, kind, item.get("media")))
        contents.append({**file, **caption_content(item)})
    album = {"media_group_id": new_id()}
    sender = call.bot.user()
    return [post(call.world, chat, sender, {**album, **c}, reply_to=reply) for c in contents]


@method("sendLocation", api.SendLocation)
def send_location(call: Call) -> Any:
    """A place on the map."""
    latitude, longitude = (float(call.params[name]) for name in ("latitude", "longitude"))
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise bad("wrong location")
    place = {"location": {"latitude": latitude, "longitude": longitude}}
    return send(call, place, checked(call.params.get("reply_markup")))


@method("sendChatAction", api.SendChatAction)
def send_chat_action(call: Call) -> Any:
    """The bot is typing."""
    chat = call.target(0)
    viewers = call.world.viewers(chat)
    call.world.events.record("typing", chat.id, viewers, action=call.text("action"))
    return True
