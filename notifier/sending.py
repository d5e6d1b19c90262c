"""How does one message meet the messenger? Sent anew, or put in place of the one it replaces."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import structlog
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramBadRequest

from notifier import calls, refusals
from notifier.calls import AnyCall
from notifier.hooks import Draw
from storage.messages import Post

log = structlog.get_logger(__name__)

Turn = Callable[[], AbstractAsyncContextManager[None]]
"""Waits until one more message may go to this chat, which goes inside."""


async def send(
    bot: Bot, turn: Turn, draw: Draw, chat_id: int, post: Post, edit: int | None
) -> int | None:
    """Send this, or edit the message that stands for it, when its turn has come.

    Returns the message's id, None where the messenger does not tell it. Raises
    `TelegramAPIError`, or `ClientDecodeError` when something else than the messenger answered,
    and whatever `draw` and `turn` raise.
    """
    # Before the turn, so that the others do not wait while it is drawn.
    drawn = await asyncio.to_thread(draw, post.paper) if post.paper else None
    if edit is not None and drawn is None:
        try:
            async with turn():
                await _ask(bot, calls.edit_call(chat_id, edit, post))
            return edit
        except TelegramBadRequest as error:
            if refusals.is_unchanged(error) or not post.text:
                return edit
            if not refusals.cannot_edit(error):
                raise
            # The message is gone or too old to edit: a new one takes its place.
    async with turn():
        return await _ask(bot, calls.send_call(chat_id, post, drawn))


async def _ask(bot: Bot, call: AnyCall) -> int | None:
    try:
        # A session of ours takes our own calls as it does aiogram's.
        return getattr(await bot(call), "message_id", None)  # type: ignore[arg-type]
    except ClientDecodeError as error:
        if not refusals.was_taken(error):
            raise
        # It arrived; sending it again because the answer is new to us would double it.
        log.warning("outbox.answer_unknown", method=call.__api_method__)
        return refusals.message_of(error)
