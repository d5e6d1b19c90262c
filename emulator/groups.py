"""Who comes and goes? Groups, membership, blocking, and growing into a supergroup."""

from __future__ import annotations

from .errors import UnknownError
from .model import MEMBERS, BotAccount, Chat, Json
from .posts import post
from .routing import deliver, membership_changed
from .world import World

STATUSES = ("member", "left", "administrator", "kicked")
_SUPERGROUPS = -(10**12)


def make_group(
    world: World, title: str, members: list[int], chat_id: int | None, bot_is_admin: bool
) -> Chat:
    """A group with these people and the bot; the same id again changes nothing."""
    if chat_id is None:
        taken = (chat.id for chat in world.chats.values() if _SUPERGROUPS < chat.id < 0)
        chat_id = min(taken, default=-1000) - 1
    if str(chat_id) in world.chats:
        return world.chats[str(chat_id)]
    kind = "group" if chat_id > _SUPERGROUPS else "supergroup"
    chat = Chat(str(chat_id), chat_id, kind, title)
    for user_id in members:
        world.person(user_id)
        chat.members[user_id] = "member"
    chat.bot_role = "administrator" if bot_is_admin else "member"
    world.save_chat(chat)
    for bot in list(world.bots.values())[:1]:
        join_bot(world, bot, chat, chat.bot_role)
    world.events.record("chat", chat.id, None)
    return chat


def connect_bot(world: World, bot_id: int) -> BotAccount:
    """The bot with this id; the first one joins the groups made before it came."""
    if bot_id in world.bots:
        return world.bots[bot_id]
    bot = world.add_bot(bot_id)
    for chat in world.groups():
        if not any(known in chat.members for known in world.bots):
            join_bot(world, bot, chat, chat.bot_role)
    world.events.record("chat", None, None)
    return bot


def join_bot(world: World, bot: BotAccount, chat: Chat, status: str) -> None:
    """Add a bot to a group, as one of its people would."""
    actor = next((user for user in chat.members if user in world.people), None)
    if actor is None:
        chat.members[bot.id] = status
        world.save_chat(chat)
    else:
        set_member(world, chat, bot.id, status, actor)


def set_member(
    world: World, chat: Chat, user_id: int, status: str, actor: int | None = None
) -> None:
    """Change what somebody is in a group; tells the bots and the group."""
    if status not in STATUSES:
        raise UnknownError(f"status must be one of {', '.join(STATUSES)}")
    user = world.user(user_id)
    before = chat.members.get(user_id, "left")
    if before == status:
        return
    chat.members[user_id] = status
    world.save_chat(chat)
    actor = actor or _actor(world, chat, user_id)
    membership_changed(world, chat, actor, user_id, before, status)
    was, now = before in MEMBERS, status in MEMBERS
    if now and not was:
        _service(world, chat, actor, {"new_chat_members": [user]})
    elif was and not now:
        chat.keyboards.pop(user_id, None)
        _service(world, chat, actor, {"left_chat_member": user})
    world.events.record("chat", chat.id, None)


def block(world: World, user_id: int, blocked: bool) -> None:
    """A person stops or restarts the bot."""
    bot = world.bot
    if bot is None:
        raise UnknownError("no bot has connected yet")
    world.person(user_id)
    chat = world.private_chat(bot.id, user_id)
    if chat.blocked == blocked:
        return
    chat.blocked = blocked
    world.save_chat(chat)
    before, after = ("member", "kicked") if blocked else ("kicked", "member")
    membership_changed(world, chat, user_id, bot.id, before, after)
    world.events.record("chat", chat.id, frozenset((user_id,)))


def migrate(world: World, chat_id: int) -> Chat:
    """Turn a basic group into a supergroup with a new id, as Telegram does unasked."""
    old = world.group(chat_id)
    if old.type != "group" or old.migrated_to is not None:
        raise UnknownError(f"{chat_id} is not a basic group")
    new_id = _SUPERGROUPS + chat_id
    members = dict(old.members)
    new = Chat(str(new_id), new_id, "supergroup", old.title, members=members)
    world.save_chat(new)
    actor = _actor(world, old, None)
    _service(world, old, actor, {"migrate_to_chat_id": new_id})
    old.migrated_to = new_id
    world.save_chat(old)
    _service(world, new, actor, {"migrate_from_chat_id": chat_id})
    world.events.record("chat", chat_id, None, migrated_to=new_id)
    world.events.record("chat", new_id, None)
    return new


def _actor(world: World, chat: Chat, user_id: int | None) -> int:
    """Who does it: the person themself, or for a bot somebody of the group."""
    if user_id in world.people:
        return int(user_id or 0)
    people = [user for user in chat.members if user in world.people]
    if not people:
        raise UnknownError("the group has no people")
    return people[0]


def _service(world: World, chat: Chat, actor: int, content: Json) -> None:
    body = post(world, chat, world.user(actor), content)
    deliver(world, chat, "message", body)
