"""How does a message of ours become a call to the messenger?"""

from typing import Any

from aiogram.methods import (
    CopyMessage,
    EditMessageReplyMarkup,
    EditMessageText,
    SendAudio,
    SendDocument,
    SendMessage,
    SendPhoto,
    SendVideo,
    SendVideoNote,
    SendVoice,
    TelegramMethod,
)
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from pydantic import BaseModel

from storage.messages import Key, Post

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None


class Sent(BaseModel):
    """What is read of the messenger's answer: nobody asks for more of a message than its id."""

    message_id: int


class Send(SendMessage):
    """A message, of which only the id comes back."""

    __returning__ = Sent  # type: ignore[assignment]


class Change(EditMessageText):
    """A new text for a message, of which only the id comes back."""

    __returning__ = Sent | bool


NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def send_call(chat_id: int, post: Post, drawn: bytes | None = None) -> TelegramMethod[Any]:
    """The call that sends this post as a new message; `drawn` is its paper."""
    call = _send_call(chat_id, post, drawn)
    return call.model_copy(update={"disable_notification": True}) if post.silent else call


def _send_call(chat_id: int, post: Post, drawn: bytes | None) -> TelegramMethod[Any]:
    if post.copy_of is not None:
        source, message = post.copy_of
        return CopyMessage(chat_id=chat_id, from_chat_id=source, message_id=message)
    if post.file is not None:
        return _send_file(chat_id, *post.file, caption=post.text)
    reply = None
    if post.reply_to is not None:
        reply = ReplyParameters(message_id=post.reply_to, allow_sending_without_reply=True)
    under: dict[str, Any] = {"reply_markup": markup(post), "reply_parameters": reply}
    if post.paper is not None and drawn is not None:
        paper = BufferedInputFile(drawn, post.paper.name)
        if post.paper.photo:
            return SendPhoto(chat_id=chat_id, photo=paper, **_caption(post.text), **under)
        return SendDocument(chat_id=chat_id, document=paper, **_caption(post.text), **under)
    return Send(
        chat_id=chat_id,
        text=post.text,
        parse_mode="HTML",
        link_preview_options=NO_PREVIEW,
        **under,
    )


def edit_call(chat_id: int, message_id: int, post: Post) -> TelegramMethod[Any]:
    """The call that puts this post in place of a message; without a text, only its buttons."""
    if not post.text:
        return EditMessageReplyMarkup(
            chat_id=chat_id, message_id=message_id, reply_markup=_inline(post)
        )
    return Change(
        chat_id=chat_id,
        message_id=message_id,
        text=post.text,
        parse_mode="HTML",
        reply_markup=_inline(post),
        link_preview_options=NO_PREVIEW,
    )


def markup(post: Post) -> Markup:
    """The buttons under the message, or what happens to the keyboard under the input."""
    if post.drop_keyboard:
        return ReplyKeyboardRemove(remove_keyboard=True)
    if post.keyboard:
        rows = [[_key(key) for key in row] for row in post.keyboard]
        return ReplyKeyboardMarkup(keyboard=rows, resize_keyboard=True)
    return _inline(post)


def _inline(post: Post) -> InlineKeyboardMarkup | None:
    if not post.buttons:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=b.text, callback_data=b.data, url=b.url) for b in row]
            for row in post.buttons
            if row
        ]
    )


def _key(key: Key) -> KeyboardButton:
    return KeyboardButton(
        text=key.text,
        request_contact=True if key.ask == "contact" else None,
        request_location=True if key.ask == "location" else None,
    )


def _caption(text: str) -> dict[str, Any]:
    return {"caption": text or None, "parse_mode": "HTML"}


def _send_file(chat_id: int, kind: str, file_id: str, caption: str) -> TelegramMethod[Any]:
    said = _caption(caption)
    match kind:
        case "photo":
            return SendPhoto(chat_id=chat_id, photo=file_id, **said)
        case "video":
            return SendVideo(chat_id=chat_id, video=file_id, **said)
        case "video_note":
            return SendVideoNote(chat_id=chat_id, video_note=file_id)
        case "voice":
            return SendVoice(chat_id=chat_id, voice=file_id, **said)
        case "audio":
            return SendAudio(chat_id=chat_id, audio=file_id, **said)
    return SendDocument(chat_id=chat_id, document=file_id, **said)
