"""What is the state of this small messenger? Everything in memory, followed by the store."""

from __future__ import annotations

import secrets
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from .callbacks import Callbacks
from .clock import Clock
from .errors import UnknownError
from .events import EventLog
from .faults import Faults
from .files import Files
from .limits import Limits
from .model import BotAccount, Chat, Json, Person, Post
from .requestlog import RequestLog
from .store import Store
from .updates import UpdateQueue

if TYPE_CHECKING:
    from .webhook import Webhooks

# A restarted emulator numbers on from here, above any event that was never stored.
_SEQ_GAP = 100_000


class World:
    """People, bots, chats and what holds them together; the rules are in other modules."""

    webhooks: Webhooks  # wired by the application, which can carry out what a webhook answers

    def __init__(self, data: Path | None) -> None:
        self.store = Store(data)
        self.clock = Clock(data / "clock" if data is not None else None)
        self.events = EventLog()
        self.files = Files(self.store)
        self.faults = Faults()
        self.limits = Limits()
        self.log = RequestLog()
        self.callbacks = Callbacks(self.store)
        self.people: dict[int, Person] = {}
        self.bots: dict[int, BotAccount] = {}
        self.queues: dict[int, UpdateQueue] = {}
        self.chats: dict[str, Chat] = {}
        self._load()

    @property
    def bot(self) -> BotAccount | None:
        """The bot people talk to: the first that came."""
        return next(iter(self.bots.values()), None)

    def add_bot(self, bot_id: int) -> BotAccount:
        """The bot with this id, made on first use; the first has the name the product expects."""
        if bot_id in self.bots:
            return self.bots[bot_id]
        first = not self.bots
        name = "minsheng_demo_bot" if first else f"minsheng_demo_{bot_id}_bot"
        bot = BotAccount(bot_id, name, "Minsheng" if first else f"Minsheng {bot_id}")
        self.bots[bot_id] = bot
        self.queues[bot_id] = UpdateQueue(bot, self.store)
        self.save_bot(bot)
        return bot

    def person(self, user_id: int) -> Person:
        """A known person."""
        if user_id not in self.people:
            raise UnknownError(f"no person {user_id}")
        return self.people[user_id]

    def private_chat(self, bot_id: int, user_id: int) -> Chat:
        """The chat of a bot with a person, made when first asked for."""
        key = f"{bot_id}:{user_id}"
        if key not in self.chats:
            self.save_chat(Chat(key, user_id, "private"))
        return self.chats[key]

    def chat_seen_by(self, viewer: int, chat_id: int) -> Chat:
        """The chat a person means by this id: their own with the bot, or a group."""
        if chat_id < 0:
            group = self.group(chat_id)
            if not group.has(viewer):
                raise UnknownError(f"{viewer} is not in the group {chat_id}")
            return group
        if self.bot is None:
            raise UnknownError("no bot has connected yet")
        self.person(chat_id)
        if chat_id != viewer:
            raise UnknownError(f"{viewer} cannot see the private chat of {chat_id}")
        return self.private_chat(self.bot.id, chat_id)

    def group(self, chat_id: int) -> Chat:
        """A known group, also one that has become a supergroup since."""
        chat = self.chats.get(str(chat_id))
        if chat is None:
            raise UnknownError(f"no group {chat_id}")
        return chat

    def groups(self) -> list[Chat]:
        """The groups that are in use."""
        return [c for c in self.chats.values() if not c.private and c.migrated_to is None]

    def user(self, user_id: int) -> Json:
        """A person or bot as Telegram's ``User``."""
        bot = self.bots.get(user_id)
        return bot.user() if bot else self.person(user_id).user()

    def chat_json(self, chat: Chat) -> Json:
        """Telegram's ``Chat``."""
        if chat.private:
            return {"id": chat.id, "type": "private", **self.people[chat.id].names()}
        kind: Json = {"id": chat.id, "type": chat.type, "title": chat.title}
        return {**kind, "all_members_are_administrators": False} if chat.type == "group" else kind

    def viewers(self, chat: Chat) -> frozenset[int]:
        """Who sees the chat."""
        if chat.private:
            return frozenset((chat.id,))
        return frozenset(user for user in chat.members if chat.has(user))

    def save_person(self, person: Person) -> None:
        """Keep a person."""
        self.people[person.id] = person
        self.store.put("person", person.id, asdict(person))

    def save_bot(self, bot: BotAccount) -> None:
        """Keep a bot's settings."""
        self.store.put("bot", bot.id, {**asdict(bot), "order": list(self.bots).index(bot.id)})

    def save_chat(self, chat: Chat) -> None:
        """Keep a chat, messages apart."""
        self.chats[chat.key] = chat
        self.store.put("chat", chat.key, chat.row())

    def save_post(self, chat: Chat, body: Json, event: str) -> Post:
        """Put a new or changed message into its chat and tell those who see it."""
        seq = self.events.record(event, chat.id, self.viewers(chat), body=body)
        post = Post(body, seq)
        chat.put(post)
        self.store.put("message", f"{chat.key}/{post.id}", {"seq": seq, "body": body})
        return post

    def remove_post(self, chat: Chat, message_id: int) -> Post | None:
        """Delete a message; its number stays used."""
        post = chat.take(message_id)
        if post is not None:
            self.store.put("message", f"{chat.key}/{message_id}", None)
            self.events.record("deleted", chat.id, self.viewers(chat), message_id=message_id)
        return post

    def _load(self) -> None:
        rows = sorted((row for _, row in self.store.rows("bot")), key=lambda row: row.pop("order"))
        for row in rows:
            bot = BotAccount(**row)
            self.bots[bot.id] = bot
            self.queues[bot.id] = UpdateQueue(bot, self.store)
        for key, number in self.store.rows("next_update"):
            self.bots[int(key)].next_update = number
        for _, row in self.store.rows("person"):
            self.people[row["id"]] = Person(**row)
        for key, row in self.store.rows("chat"):
            self.chats[key] = Chat.from_row(row)
        updates = sorted(
            (int(key.split("/")[0]), row["update_id"], row)
            for key, row in self.store.rows("update")
        )
        for bot_id, _, update in updates:
            self.queues[bot_id].restore(update)
        self._load_posts()

    def _load_posts(self) -> None:
        posts: list[tuple[Chat, Post]] = []
        for key, row in self.store.rows("message"):
            chat_key, number = key.rsplit("/", 1)
            chat = self.chats[chat_key]
            chat.last_id = max(chat.last_id, int(number))
            if row is not None:
                posts.append((chat, Post(row["body"], row["seq"])))
        for chat, post in sorted(posts, key=lambda item: item[1].id):
            chat.posts[post.id] = post
        for chat, post in sorted(posts, key=lambda item: item[1].seq):
            chat.changes[post.id] = post
            self.events.seq = max(self.events.seq, post.seq)
        if posts:
            self.events.seq += _SEQ_GAP


def new_id() -> str:
    """A number nobody else has, as Telegram's query and album ids look."""
    return str(time.time_ns() % 10**12 * 10**6 + secrets.randbelow(10**6))
