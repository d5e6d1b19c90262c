"""Who is the bot? Its account, its names and its menus of commands."""

from __future__ import annotations

import re
from typing import Any

from aiogram import methods as api

from .call import Call, method
from .errors import bad

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_MAX_COMMANDS = 100
_MAX_DESCRIPTION = 256


@method("getMe", api.GetMe)
def get_me(call: Call) -> Any:
    """The bot itself."""
    return {
        **call.bot.user(),
        "can_join_groups": True,
        "can_read_all_group_messages": not call.bot.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("logOut", api.LogOut)
@method("close", api.Close)
def done(call: Call) -> Any:
    """Nothing to do here; Telegram answers true."""
    return bool(call.bot.id)


def _scope_key(call: Call) -> str:
    scope = call.params.get("scope") or {"type": "default"}
    parts = [scope.get("type"), scope.get("chat_id", ""), scope.get("user_id", "")]
    return ":".join(str(part) for part in [*parts, call.text("language_code")])


@method("setMyCommands", api.SetMyCommands)
def set_my_commands(call: Call) -> Any:
    """Keep a menu for a scope and a language."""
    commands = call.params.get("commands") or []
    if len(commands) > _MAX_COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    kept = []
    for entry in commands:
        name = str(entry.get("command", "")).removeprefix("/")
        description = str(entry.get("description", "")).strip()
        if not _COMMAND.fullmatch(name):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(description) <= _MAX_DESCRIPTION:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        kept.append({"command": name, "description": description})
    call.bot.commands[_scope_key(call)] = kept
    call.world.save_bot(call.bot)
    return True


@method("getMyCommands", api.GetMyCommands)
def get_my_commands(call: Call) -> Any:
    """The menu of exactly this scope and language."""
    return call.bot.commands.get(_scope_key(call), [])


@method("deleteMyCommands", api.DeleteMyCommands)
def delete_my_commands(call: Call) -> Any:
    """Drop the menu of exactly this scope and language."""
    call.bot.commands.pop(_scope_key(call), None)
    call.world.save_bot(call.bot)
    return True


def _set(call: Call, what: str, parameter: str, limit: int) -> bool:
    text = call.text(parameter)
    if len(text) > limit:
        raise bad(f"bot {parameter.replace('_', ' ')} is too long")
    call.bot.profile[f"{what}:{call.text('language_code')}"] = text
    call.world.save_bot(call.bot)
    return True


def _get(call: Call, what: str) -> str:
    profile = call.bot.profile
    return profile.get(f"{what}:{call.text('language_code')}") or profile.get(f"{what}:", "")


@method("setMyName", api.SetMyName)
def set_my_name(call: Call) -> Any:
    """The bot's name, for one language or for all."""
    return _set(call, "name", "name", 64)


@method("getMyName", api.GetMyName)
def get_my_name(call: Call) -> Any:
    """The bot's name in a language."""
    return {"name": _get(call, "name") or call.bot.first_name}


@method("setMyDescription", api.SetMyDescription)
def set_my_description(call: Call) -> Any:
    """What an empty chat with the bot shows."""
    return _set(call, "description", "description", 512)


@method("getMyDescription", api.GetMyDescription)
def get_my_description(call: Call) -> Any:
    """What an empty chat with the bot shows."""
    return {"description": _get(call, "description")}


@method("setMyShortDescription", api.SetMyShortDescription)
def set_my_short_description(call: Call) -> Any:
    """What the bot's profile shows."""
    return _set(call, "short", "short_description", 120)


@method("getMyShortDescription", api.GetMyShortDescription)
def get_my_short_description(call: Call) -> Any:
    """What the bot's profile shows."""
    return {"short_description": _get(call, "short")}


@method("setChatMenuButton", api.SetChatMenuButton)
def set_chat_menu_button(call: Call) -> Any:
    """Accepted, and shown nowhere."""
    return bool(call.bot.id)
