"""The messenger's own command menu, in every language."""

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)

from words import SOURCE, Words

log = structlog.get_logger(__name__)

PRIVATE = ("start", "new", "my", "status", "suggest", "settings", "language", "help", "cancel")
GROUP = ("todo", "overdue", "stats", "bind")


async def announce(bot: Bot, words: Words) -> None:
    """Tell the messenger which commands there are; it is told again at the next start."""
    try:
        for language in words.languages:
            code = None if language == SOURCE else language
            for scope, names in (
                (BotCommandScopeAllPrivateChats(), PRIVATE),
                (BotCommandScopeAllGroupChats(), GROUP),
            ):
                commands = [
                    BotCommand(command=name, description=words.label(f"command.{name}", language))
                    for name in names
                ]
                await bot.set_my_commands(commands, scope=scope, language_code=code)
    except TelegramAPIError as error:
        log.warning("commands.not_announced", error=type(error).__name__)
