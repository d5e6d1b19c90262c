"""What did the person say or send? The messenger's message as the forms understand it."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

from aiogram.types import Message

from storage.messages import Kind

SaidKind = Literal["text", "contact", "location", "file", "sticker", "voice", "poll", "other"]


@dataclass(frozen=True, slots=True)
class Said:
    """One message: its kind, and the part of it that a form can use."""

    kind: SaidKind
    text: str = ""
    point: tuple[float, float] | None = None
    file: dict[str, Any] | None = None


def said(message: Message) -> Said:
    """Read a message; forwarded ones count as said by the person who forwards them."""
    if message.text is not None:
        return Said("text", message.text)
    if message.contact is not None:
        return Said("contact", message.contact.phone_number)
    if message.location is not None:
        return Said("location", point=(message.location.latitude, message.location.longitude))
    file = _file(message)
    if file is not None:
        return Said("voice" if message.voice else "file", message.caption or "", file=file)
    if message.sticker is not None:
        return Said("sticker")
    if message.poll is not None:
        return Said("poll")
    return Said("other")


def _file(message: Message) -> dict[str, Any] | None:
    """The attachment's ids, size in bytes, name and caption."""
    kind = next((kind for kind in get_args(Kind) if getattr(message, kind)), None)
    if kind is None:
        return None
    sent: Any = getattr(message, kind)
    best = sent[-1] if kind == "photo" else sent
    return {
        "kind": kind,
        "file_id": best.file_id,
        "unique_id": best.file_unique_id,
        "size": best.file_size or 0,
        "name": getattr(best, "file_name", None) or "",
        "caption": message.caption or "",
        "chat_id": message.chat.id,
        "message_id": message.message_id,
    }
