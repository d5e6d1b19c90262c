"""What can a person do in a chat? Write, send, press, edit, delete."""

from __future__ import annotations

import asyncio
from typing import Any

from .entities import detect
from .errors import UnknownError
from .files import File, content_of
from .model import Chat, Json, Post
from .posts import edit as edit_post
from .posts import post, set_keyboard
from .routing import deliver
from .world import World, new_id

_ANSWER_WITHIN = 5.0


def write(
    world: World, user_id: int, chat_id: int, content: Json, reply_to: int | None = None
) -> Json:
    """Put a person's message into a chat and before the bot."""
    chat = _own_chat(world, user_id, chat_id)
    if chat.private and not chat.started:
        chat.started = True
        world.save_chat(chat)
    quoted = None if reply_to is None else _post(chat, reply_to)
    body = post(world, chat, world.user(user_id), content, reply_to=quoted)
    deliver(world, chat, "message", body)
    if chat.keyboards.get(user_id, {}).get("one_time_keyboard"):
        set_keyboard(world, chat, user_id, None)
        world.save_chat(chat)
    return body


def upload(
    world: World, user_id: int, chat_id: int, files: list[File], caption: str = ""
) -> list[Json]:
    """Send files; more than one make an album of separate messages, as Telegram does."""
    album = {"media_group_id": new_id()} if len(files) > 1 else {}
    bodies = []
    for index, file in enumerate(files):
        content = {**album, **content_of(file)}
        if caption and index == 0:
            content |= {"caption": caption, "caption_entities": detect(caption)}
        bodies.append(write(world, user_id, chat_id, content))
    return bodies


async def tap(world: World, user_id: int, chat_id: int, message_id: int, data: str) -> Json:
    """Press an inline button, also one that is gone, and wait a little for the bot's answer."""
    chat = _own_chat(world, user_id, chat_id)
    posted = chat.posts.get(message_id)
    bot_id = _bot_asked(world, chat, posted)
    query_id = new_id()
    seq = world.events.seq
    message = posted.body if posted else {"message_id": message_id, "date": 0}
    query = {
        "id": query_id,
        "from": world.user(user_id),
        "chat_instance": str(chat.id),
        "message": {**message, "chat": world.chat_json(chat)},
        "data": data,
    }
    if chat.blocked:
        return {"answer": None, "seq": seq}
    future = world.callbacks.ask(query_id, bot_id, user_id, chat.id)
    world.queues[bot_id].add("callback_query", query)
    world.store.commit()
    try:
        async with asyncio.timeout(_ANSWER_WITHIN):
            return {"answer": await future, "seq": seq}
    except TimeoutError:
        return {"answer": None, "seq": seq}
    finally:
        world.callbacks.drop_waiting(query_id)


def edit(world: World, user_id: int, chat_id: int, message_id: int, text: str) -> Json:
    """Change one's own message; the bot hears of it as an edited message."""
    chat, posted = _own_post(world, user_id, chat_id, message_id)
    name = "text" if "text" in posted.body else "caption"
    marks = "entities" if name == "text" else "caption_entities"
    body = edit_post(world, chat, posted, {name: text, marks: detect(text) or None})
    deliver(world, chat, "edited_message", body)
    return body


def delete(world: World, user_id: int, chat_id: int, message_id: int) -> None:
    """Delete one's own message. Telegram does not tell bots."""
    chat, _ = _own_post(world, user_id, chat_id, message_id)
    world.remove_post(chat, message_id)


def text_content(text: str) -> Json:
    """A text with the entities Telegram finds in it."""
    found = detect(text)
    return {"text": text, "entities": found} if found else {"text": text}


def poll_content(question: str, options: list[str]) -> Json:
    """A poll nobody has voted in."""
    answers = [
        {"persistent_id": str(index), "text": option, "voter_count": 0}
        for index, option in enumerate(options)
    ]
    flags = ("is_closed", "allows_multiple_answers", "allows_revoting", "members_only")
    return {
        "poll": {
            "id": new_id(),
            "question": question,
            "options": answers,
            "total_voter_count": 0,
            "is_anonymous": True,
            "type": "regular",
            **dict.fromkeys(flags, False),
        }
    }


def sticker_content(emoji: str) -> Json:
    """A sticker; there is no picture behind it."""
    ids: dict[str, Any] = {"file_id": f"SQ{new_id()}", "file_unique_id": f"AQ{new_id()}"}
    shape = {"type": "regular", "width": 512, "height": 512}
    return {"sticker": {**ids, **shape, "is_animated": False, "is_video": False, "emoji": emoji}}


def _own_chat(world: World, user_id: int, chat_id: int) -> Chat:
    world.person(user_id)
    chat = world.chat_seen_by(user_id, chat_id)
    if chat.migrated_to is not None:
        raise UnknownError(f"the group {chat_id} is now {chat.migrated_to}")
    return chat


def _own_post(world: World, user_id: int, chat_id: int, message_id: int) -> tuple[Chat, Post]:
    chat = _own_chat(world, user_id, chat_id)
    posted = _post(chat, message_id)
    if posted.sender != user_id:
        raise UnknownError(f"message {message_id} is not by {user_id}")
    return chat, posted


def _post(chat: Chat, message_id: int) -> Post:
    if message_id not in chat.posts:
        raise UnknownError(f"no message {message_id} in chat {chat.id}")
    return chat.posts[message_id]


def _bot_asked(world: World, chat: Chat, posted: Post | None) -> int:
    if posted is not None and posted.sender in world.bots:
        return posted.sender
    bot = world.bot
    if bot is None:
        raise UnknownError("no bot has connected yet")
    return int(chat.key.split(":")[0]) if chat.private else bot.id
