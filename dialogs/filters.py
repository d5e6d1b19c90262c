"""Where was it said? Filters are async: aiogram runs plain ones through a thread."""

from aiogram.enums import ChatType
from aiogram.filters import BaseFilter
from aiogram.types import Message


class Private(BaseFilter):
    """The person's own chat with the bot."""

    async def __call__(self, message: Message) -> bool:
        """Whether this message is in private."""
        return message.chat.type == ChatType.PRIVATE


class InGroup(BaseFilter):
    """A group."""

    async def __call__(self, message: Message) -> bool:
        """Whether this message is in a group."""
        return message.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP)
