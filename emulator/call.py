"""What did the bot ask for? One Bot API request, read and checked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiogram.methods import TelegramMethod

from .entities import detect, merge, ordered, trim, utf16
from .errors import bad, forbidden
from .html import parse_html
from .model import BotAccount, Chat, Json, Post
from .params import Upload, as_id
from .world import World

_TRUE = ("true", "1", "yes", True, 1)


@dataclass
class Call:
    """A request: the bot, the method's parameters and the files with it."""

    world: World
    bot: BotAccount
    params: Json
    uploads: dict[str, Upload] = field(default_factory=dict)

    def flag(self, name: str) -> bool:
        """A boolean parameter."""
        return self.params.get(name) in _TRUE

    def number(self, name: str, default: int = 0) -> int:
        """An integer parameter."""
        try:
            return int(self.params.get(name) or default)
        except (TypeError, ValueError) as error:
            raise bad(f"parameter {name} must be a number") from error

    def text(self, name: str) -> str:
        """A string parameter."""
        return str(self.params.get(name) or "")

    def chat(self, name: str = "chat_id") -> Chat:
        """The chat the bot means, known to it; raises 400 as Telegram does."""
        value = self.params.get(name)
        if value in (None, ""):
            raise bad("chat_id is empty")
        chat_id = as_id(value)
        if chat_id is None:
            raise bad("chat not found")
        chat = self.world.chats.get(str(chat_id) if chat_id < 0 else f"{self.bot.id}:{chat_id}")
        if chat is None and chat_id in self.world.people:
            raise forbidden("bot can't initiate conversation with a user")
        if chat is None or (not chat.private and self.bot.id not in chat.members):
            raise bad("chat not found")
        return chat

    def target(self, count: int = 1) -> Chat:
        """The chat, if the bot may write ``count`` messages there now."""
        chat = self.chat()
        if chat.migrated_to is not None:
            raise bad(
                "group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to
            )
        if chat.private:
            if chat.blocked:
                raise forbidden("bot was blocked by the user")
            if not chat.started:
                raise forbidden("bot can't initiate conversation with a user")
        elif not chat.has(self.bot.id):
            kicked = chat.members.get(self.bot.id) == "kicked"
            how = "was kicked from" if kicked else "is not a member of"
            raise forbidden(f"bot {how} the {chat.type} chat")
        self.world.limits.check(chat.id, count)
        return chat

    def formatted(self, name: str, marks: str, limit: int, too_long: str) -> Json:
        """A text parameter with its entities, read as its parse mode says."""
        return formatted(self.params, name, marks, limit, too_long)

    def reply_to(self, chat: Chat) -> Post | None:
        """The message this one answers; raises 400 if it is gone."""
        given = self.params.get("reply_parameters") or {}
        message_id = given.get("message_id") or self.params.get("reply_to_message_id")
        if not message_id:
            return None
        post = chat.posts.get(int(message_id))
        lenient = given.get("allow_sending_without_reply") in _TRUE
        if post is None and not lenient and not self.flag("allow_sending_without_reply"):
            raise bad("message to be replied not found")
        return post


def formatted(source: Json, name: str, marks: str, limit: int, too_long: str) -> Json:
    """``{name: text, marks: entities}`` out of a request, at most ``limit`` characters."""
    text = str(source.get(name) or "")
    mode = str(source.get("parse_mode") or "").lower()
    if mode == "html":
        text, given = parse_html(text)
    elif mode not in ("", "none"):
        raise bad("unsupported parse_mode")
    else:
        given = ordered(source.get(marks) or [])
    text, given = trim(text, given)
    if utf16(text) > limit:
        raise bad(too_long)
    if not text:
        return {}
    found = merge(given, detect(text))
    return {name: text, marks: found} if found else {name: text}


Handler = Callable[[Call], Any | Awaitable[Any]]

#: Every method the emulator knows, by lower-case name (Telegram ignores case).
METHODS: dict[str, tuple[str, type[TelegramMethod[Any]] | None, Handler]] = {}


def method(
    name: str, model: type[TelegramMethod[Any]] | None = None
) -> Callable[[Handler], Handler]:
    """Register a handler for a Bot API method, with the type its request must fit."""

    def register(handler: Handler) -> Handler:
        METHODS[name.lower()] = (name, model, handler)
        return handler

    return register
