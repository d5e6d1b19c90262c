"""Who and what is there? People, bots, chats and the messages in them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

MEMBERS = ("creator", "administrator", "member")


@dataclass
class Person:
    """Somebody who writes to the bot."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "zh-hans"

    def user(self) -> Json:
        """The person as Telegram's ``User``."""
        return {"id": self.id, "is_bot": False, **self.names(), "language_code": self.language_code}

    def names(self) -> Json:
        """The names alone, empty ones left out as Telegram does."""
        names = {
            "first_name": self.first_name,
            "last_name": self.last_name,
            "username": self.username,
        }
        return {key: value for key, value in names.items() if value}


@dataclass
class BotAccount:
    """A bot, made when its token is first used."""

    id: int
    username: str
    first_name: str
    privacy: bool = True
    next_update: int = 100_000_001
    allowed_updates: list[str] = field(default_factory=list)
    webhook: Json = field(default_factory=dict)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    profile: dict[str, str] = field(default_factory=dict)

    def user(self) -> Json:
        """The bot as Telegram's ``User``."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.profile.get("name:") or self.first_name,
            "username": self.username,
        }


@dataclass(slots=True)
class Post:
    """A message in a chat: Telegram's JSON, replaced and never changed in place."""

    body: Json
    seq: int

    @property
    def id(self) -> int:
        """The message id within its chat."""
        return int(self.body["message_id"])

    @property
    def sender(self) -> int:
        """The id of the person or bot who wrote it."""
        return int(self.body["from"]["id"])


@dataclass
class Chat:
    """A private chat of a bot with a person, a basic group or a supergroup.

    ``members`` maps a user id (people and bots) to a Telegram status. ``changes`` holds
    the same posts as ``posts``, the last changed at the end. ``bot_role`` is what a
    bot becomes that comes later.
    """

    key: str
    id: int
    type: str
    title: str = ""
    bot_role: str = "member"
    members: dict[int, str] = field(default_factory=dict)
    started: bool = False
    blocked: bool = False
    migrated_to: int | None = None
    pinned: list[int] = field(default_factory=list)
    keyboards: dict[int, Json] = field(default_factory=dict)
    last_id: int = 0
    posts: dict[int, Post] = field(default_factory=dict)
    changes: OrderedDict[int, Post] = field(default_factory=OrderedDict)

    @property
    def private(self) -> bool:
        """Is this a chat of two?"""
        return self.type == "private"

    def has(self, user_id: int) -> bool:
        """Is the user a member now?"""
        return self.members.get(user_id) in MEMBERS

    def row(self) -> Json:
        """What the store keeps, messages apart."""
        kept = (
            "key",
            "id",
            "type",
            "title",
            "bot_role",
            "started",
            "blocked",
            "migrated_to",
            "pinned",
        )
        return {
            **{name: getattr(self, name) for name in kept},
            "members": list(self.members.items()),
            "keyboards": list(self.keyboards.items()),
        }

    @classmethod
    def from_row(cls, row: Json) -> Chat:
        """The chat a row of the store tells of."""
        row = dict(row)
        members, keyboards = dict(row.pop("members")), dict(row.pop("keyboards"))
        return cls(members=members, keyboards=keyboards, **row)

    def put(self, post: Post) -> None:
        """Add or replace a message."""
        self.posts[post.id] = post
        self.changes[post.id] = post
        self.changes.move_to_end(post.id)

    def take(self, message_id: int) -> Post | None:
        """Remove a message."""
        self.changes.pop(message_id, None)
        return self.posts.pop(message_id, None)
