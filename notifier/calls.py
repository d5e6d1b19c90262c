"""How does a message of ours become a call to the messenger?"""

from dataclasses import dataclass
from typing import Any

from aiogram.methods import SendDocument, SendPhoto, TelegramMethod
from aiogram.types import BufferedInputFile

from storage.messages import Button, Key, Post

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """What is read of the messenger's answer: nobody asks for more of a message than its id."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Call:
    """A call as its JSON has it: aiogram's classes for the same take longer than to send it."""

    method: str
    given: Fields
    returned: Any = Sent

    @property
    def __api_method__(self) -> str:
        """The method's name, where aiogram looks for it."""
        return self.method

    @property
    def __returning__(self) -> Any:
        """What is read of the answer, where aiogram looks for it."""
        return self.returned


AnyCall = Call | TelegramMethod[Any]
NO_PREVIEW = {"is_disabled": True}
FILES = {
    "photo": "sendPhoto",
    "video": "sendVideo",
    "video_note": "sendVideoNote",
    "voice": "sendVoice",
    "audio": "sendAudio",
}
"""The method that sends a file of this kind; any other is a document."""


def send_call(chat_id: int, post: Post, drawn: bytes | None = None) -> AnyCall:
    """The call that sends this post as a new message; `drawn` is its paper."""
    common: Fields = {"chat_id": chat_id}
    if post.silent:
        common["disable_notification"] = True
    if post.copy_of is not None:
        source, message = post.copy_of
        return Call("copyMessage", common | {"from_chat_id": source, "message_id": message})
    if post.file is not None:
        return _file_call(common, *post.file, caption=post.text)
    common |= _under(post)
    if post.paper is not None and drawn is not None:
        paper = BufferedInputFile(drawn, post.paper.name)
        if post.paper.photo:
            return SendPhoto(photo=paper, **_caption(post.text), **common)
        return SendDocument(document=paper, **_caption(post.text), **common)
    return Call("sendMessage", common | _text(post))


def edit_call(chat_id: int, message_id: int, post: Post) -> Call:
    """The call that puts this post in place of a message; without a text, only its buttons."""
    given: Fields = {"chat_id": chat_id, "message_id": message_id} | _inline(post)
    if not post.text:
        return Call("editMessageReplyMarkup", given, Sent | bool)
    return Call("editMessageText", given | _text(post), Sent | bool)


def answer_call(query_id: str, toast: str | None, *, alert: bool) -> Call:
    """The call that answers a tap."""
    given: Fields = {"callback_query_id": query_id}
    if toast is not None:
        given |= {"text": toast, "show_alert": alert}
    return Call("answerCallbackQuery", given, bool)


def _text(post: Post) -> Fields:
    return {"text": post.text, "parse_mode": "HTML", "link_preview_options": NO_PREVIEW}


def _under(post: Post) -> Fields:
    """The buttons under the message, or what happens to the keyboard under the input."""
    under: Fields = {}
    if post.reply_to is not None:
        told = {"message_id": post.reply_to, "allow_sending_without_reply": True}
        under["reply_parameters"] = told
    if post.drop_keyboard:
        return under | {"reply_markup": {"remove_keyboard": True}}
    if post.keyboard:
        rows = [[_key(key) for key in row] for row in post.keyboard]
        return under | {"reply_markup": {"keyboard": rows, "resize_keyboard": True}}
    return under | _inline(post)


def _inline(post: Post) -> Fields:
    if not post.buttons:
        return {}
    rows = [[_button(button) for button in row] for row in post.buttons if row]
    return {"reply_markup": {"inline_keyboard": rows}}


def _button(button: Button) -> Fields:
    does = {"url": button.url} if button.url else {"callback_data": button.data}
    return {"text": button.text} | does


def _key(key: Key) -> Fields:
    asked = {f"request_{key.ask}": True} if key.ask in ("contact", "location") else {}
    return {"text": key.text} | asked


def _caption(text: str) -> Fields:
    return {"caption": text, "parse_mode": "HTML"} if text else {}


def _file_call(common: Fields, kind: str, file_id: str, caption: str) -> Call:
    said = {} if kind == "video_note" else _caption(caption)  # which has no words
    method = FILES.get(kind, "sendDocument")
    return Call(method, common | said | {kind if kind in FILES else "document": file_id})
