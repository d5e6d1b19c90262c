"""What does an update say? Read as aiogram's classes, and no more of it than somebody looks at."""

from typing import Any

from aiogram import Bot
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, TelegramObject
from pydantic_core import from_json

EVENTS: dict[str, type[TelegramObject]] = {
    "message": Message,
    "edited_message": Message,
    "callback_query": CallbackQuery,
    "my_chat_member": ChatMemberUpdated,
    "chat_member": ChatMemberUpdated,
}
"""The kinds of update that are asked for, and taken."""
OF_TAPPED = ("message_id", "date", "chat")


class Unreadable(Exception):
    """An update of no shape that is known: no other try will read it either."""


def read(body: bytes, bot: Bot | None = None) -> tuple[str, TelegramObject] | None:
    """The update's kind and its event; None where it is of a kind that nobody asked for.

    Raises `Unreadable`.
    """
    try:
        given = from_json(body)
        kind = next((kind for kind in EVENTS if given.get(kind) is not None), None)
        if kind is None:
            return None
        event = given[kind]
        if kind == "callback_query":
            _shorten(event)
        return kind, EVENTS[kind].model_validate(event, context={"bot": bot})
    except ValueError:
        raise Unreadable from None  # pydantic's own words quote it


def _shorten(query: Any) -> None:
    """Of the tapped message nobody reads its text and buttons, each of which is a class."""
    tapped = query.get("message") if isinstance(query, dict) else None
    if isinstance(tapped, dict):
        query["message"] = {name: tapped[name] for name in OF_TAPPED if name in tapped}
