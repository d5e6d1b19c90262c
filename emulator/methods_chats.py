"""What does the bot know of chats and files? Look-ups, pins, leaving."""

from __future__ import annotations

from typing import Any

from aiogram import methods as api

from .call import Call, method
from .errors import bad
from .groups import set_member
from .posts import post, quoted
from .routing import member


@method("getFile", api.GetFile)
def get_file(call: Call) -> Any:
    """Where a file can be fetched; not above 20 MB."""
    return call.world.files.describe(call.text("file_id"))


@method("getChat", api.GetChat)
def get_chat(call: Call) -> Any:
    """All about a chat."""
    chat = call.chat()
    body = {
        **call.world.chat_json(chat),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            False,
        ),
    }
    pinned = chat.posts.get(chat.pinned[-1]) if chat.pinned else None
    if pinned is not None:
        body["pinned_message"] = quoted(pinned.body)
    return body


@method("getChatMember", api.GetChatMember)
def get_chat_member(call: Call) -> Any:
    """What somebody is in a chat."""
    chat = call.chat()
    user_id = call.number("user_id")
    if user_id not in call.world.people and user_id not in call.world.bots:
        raise bad("user not found")
    if chat.private:
        return member(call.world, user_id, "member")
    status = chat.members.get(user_id)
    if status is None and chat.type == "group":
        raise bad("user not found")
    return member(call.world, user_id, status or "left")


@method("getChatAdministrators", api.GetChatAdministrators)
def get_chat_administrators(call: Call) -> Any:
    """Those who run the group, other bots left out."""
    chat = call.chat()
    if chat.private:
        raise bad("there are no administrators in the private chat")
    return [
        member(call.world, user_id, status)
        for user_id, status in chat.members.items()
        if status in ("creator", "administrator")
        and (user_id in call.world.people or user_id == call.bot.id)
    ]


@method("getChatMemberCount", api.GetChatMemberCount)
def get_chat_member_count(call: Call) -> Any:
    """How many there are."""
    chat = call.chat()
    return 2 if chat.private else sum(chat.has(user_id) for user_id in chat.members)


@method("pinChatMessage", api.PinChatMessage)
def pin_chat_message(call: Call) -> Any:
    """Pin a message; in groups only an administrator may."""
    chat = call.target(0)
    if not chat.private and chat.members.get(call.bot.id) != "administrator":
        raise bad("not enough rights to manage pinned messages in the chat")
    found = chat.posts.get(call.number("message_id"))
    if found is None:
        raise bad("message to pin not found")
    chat.pinned = [pin for pin in chat.pinned if pin != found.id] + [found.id]
    call.world.save_chat(chat)
    post(call.world, chat, call.bot.user(), {"pinned_message": quoted(found.body)})
    return True


@method("unpinChatMessage", api.UnpinChatMessage)
def unpin_chat_message(call: Call) -> Any:
    """Unpin one message, the last pinned if none is named."""
    chat = call.target(0)
    wanted = call.number("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if wanted not in chat.pinned:
        raise bad("message to unpin not found")
    chat.pinned.remove(wanted)
    call.world.save_chat(chat)
    return True


@method("leaveChat", api.LeaveChat)
def leave_chat(call: Call) -> Any:
    """The bot goes by itself."""
    chat = call.target(0)
    if chat.private:
        raise bad("chat member status can't be changed in private chats")
    set_member(call.world, chat, call.bot.id, "left", call.bot.id)
    return True
