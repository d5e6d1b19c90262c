"""What does the messenger say of us? Who we are, what waits there, and which groups we are in."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

from aiogram import Bot
from aiogram.enums import ChatMemberStatus
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramUnauthorizedError,
)
from aiogram.types import WebhookInfo

from bot.clock import system_clock
from bot.doctor.finding import Finding, blind, care, listed, well
from bot.polling import ALLOWED
from bot.settings import Settings
from bot.starting import make_bot

MESSENGER, GROUPS = "messenger", "groups"
SECONDS = 10
AT_ONCE = 5
MANY = 100
"""Updates that wait there: more than a bot at work ever lets wait."""
LATELY = timedelta(hours=1)
MOVED = "moved"


async def asked(settings: Settings, chats: Mapping[str, int]) -> AsyncIterator[Finding]:
    """Everything it says."""
    bot = make_bot(settings)
    try:
        me = await bot.get_me(request_timeout=SECONDS)
        info = await bot.get_webhook_info(request_timeout=SECONDS)
        yield well(MESSENGER, f"it knows the token: @{me.username}")
        if not me.can_join_groups:
            yield care(
                MESSENGER, "the bot may not be added to groups", "@BotFather: /setjoingroups"
            )
        for each in (*_webhook(settings, info), *_waiting(info)):
            yield each
        async for each in _groups(bot, chats):
            yield each
    except TelegramUnauthorizedError:
        yield care(
            MESSENGER, "it does not know BOT_TOKEN", "@BotFather tells the token, or a new one"
        )
    except AiogramError as error:
        says = f"{settings.bot_api_url} does not answer as it should: {type(error).__name__}"
        yield blind(MESSENGER, says, "see BOT_API_URL, PROXY and the way out of this network")
    finally:
        await bot.session.close()


def _webhook(settings: Settings, info: WebhookInfo) -> list[Finding]:
    found: list[Finding] = []
    if info.url != settings.webhook_url:
        says = "it pushes to an address that is not ours" if info.url else "it pushes nothing"
        do = "start the bot, which sets it; where it runs, find who else has the token"
        found.append(care(MESSENGER, says, do))
    elif info.url and info.allowed_updates and set(ALLOWED) - set(info.allowed_updates):
        says = "it does not push every kind of update"
        found.append(care(MESSENGER, says, "start the bot anew: it asks for them"))
    last = info.last_error_date
    if info.url and last is not None and system_clock() - last < LATELY:
        says = f"its last push failed: {info.last_error_message}"
        found.append(care(MESSENGER, says, "see nginx, its certificate, and /ready of the workers"))
    return found


def _waiting(info: WebhookInfo) -> list[Finding]:
    if info.pending_update_count <= MANY:
        return []
    says = f"{info.pending_update_count} updates wait there; it keeps them for a day"
    return [care(MESSENGER, says, "is the bot running? minsheng run")]


async def _groups(bot: Bot, chats: Mapping[str, int]) -> AsyncIterator[Finding]:
    """Whether the bot is in every unit's group, and hears there who leaves."""
    few = asyncio.Semaphore(AT_ONCE)

    async def status(chat: int) -> str:
        async with few:
            try:
                found = await bot.get_chat_member(chat, bot.id, request_timeout=SECONDS)
            except TelegramMigrateToChat:
                return MOVED  # the next message to it goes to its new id
            except (TelegramBadRequest, TelegramForbiddenError):
                return ChatMemberStatus.LEFT
        return found.status

    statuses = dict(zip(chats, await asyncio.gather(*map(status, chats.values())), strict=True))
    out = [u for u, s in statuses.items() if s in (ChatMemberStatus.LEFT, ChatMemberStatus.KICKED)]
    if out:
        do = "add it again, as an administrator; then minsheng outbox retry what was gone"
        yield care(GROUPS, f"the bot is not in the groups of {listed(out)}", do)
    if plain := [u for u, s in statuses.items() if s == ChatMemberStatus.MEMBER]:
        says = f"the bot is no administrator in the groups of {listed(plain)}"
        do = "make it one: else it does not hear who leaves, and they keep their access"
        yield care(GROUPS, says, do)
