"""Which bot hears of this? Privacy mode, membership and blocking decide."""

from __future__ import annotations

from .entities import utf16
from .model import BotAccount, Chat, Json
from .world import World

_SERVICE = (
    "new_chat_members",
    "left_chat_member",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "pinned_message",
    "new_chat_title",
    "group_chat_created",
)


def deliver(world: World, chat: Chat, kind: str, body: Json) -> None:
    """Queue a person's new or edited message for every bot that may see it."""
    if chat.private:
        bot = world.bots[int(chat.key.split(":")[0])]
        if not chat.blocked:
            world.queues[bot.id].add(kind, body)
        return
    for bot in world.bots.values():
        if chat.has(bot.id) and hears(bot, chat, body):
            world.queues[bot.id].add(kind, body)


def hears(bot: BotAccount, chat: Chat, body: Json) -> bool:
    """May a bot in a group see this message? In privacy mode only what concerns it."""
    if not bot.privacy or chat.members.get(bot.id) == "administrator":
        return True
    if any(field in body for field in _SERVICE):
        return True
    if body.get("reply_to_message", {}).get("from", {}).get("id") == bot.id:
        return True
    return _commands(bot, body)


def _commands(bot: BotAccount, body: Json) -> bool:
    text = body.get("text") or body.get("caption") or ""
    for entity in body.get("entities") or body.get("caption_entities") or ():
        if entity["type"] != "bot_command":
            continue
        command = _slice(text, entity["offset"], entity["length"])
        _, at, name = command.partition("@")
        if not at or name.lower() == bot.username.lower():
            return True
    return False


def _slice(text: str, offset: int, length: int) -> str:
    if utf16(text) == len(text):
        return text[offset : offset + length]
    units = text.encode("utf-16-le")
    return units[offset * 2 : (offset + length) * 2].decode("utf-16-le")


def member(world: World, user_id: int, status: str) -> Json:
    """Telegram's ``ChatMember`` for a status."""
    entry: Json = {"user": world.user(user_id), "status": status}
    if status == "administrator":
        rights = (
            "can_be_edited is_anonymous can_post_stories can_edit_stories can_delete_stories "
            "can_promote_members can_send_welcome_messages"
        )
        granted = (
            "can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members "
            "can_change_info can_invite_users can_pin_messages"
        )
        entry |= dict.fromkeys(rights.split(), False) | dict.fromkeys(granted.split(), True)
    elif status == "creator":
        entry["is_anonymous"] = False
    elif status == "kicked":
        entry["until_date"] = 0
    return entry


def membership_changed(
    world: World, chat: Chat, actor: int, user_id: int, before: str, after: str
) -> None:
    """Queue ``my_chat_member`` for the bot itself, ``chat_member`` for bots that administer."""
    content = {
        "chat": world.chat_json(chat),
        "from": world.user(actor),
        "date": world.clock.timestamp(),
        "old_chat_member": member(world, user_id, before),
        "new_chat_member": member(world, user_id, after),
    }
    if user_id in world.bots:
        world.queues[user_id].add("my_chat_member", content)
        return
    for bot_id, queue in world.queues.items():
        if chat.members.get(bot_id) == "administrator":
            queue.add("chat_member", content)
