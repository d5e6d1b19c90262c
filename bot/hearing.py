"""Does the messenger answer? Every call to it tells, and is counted for who watches the program."""

from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramNetworkError,
    TelegramServerError,
)
from aiogram.methods import Response, TelegramMethod

from notifier.meters import Meters

SILENCES = (TelegramNetworkError, TelegramServerError, ClientDecodeError)
"""Nobody answered, or it was somebody else, such as a proxy before it; any refusal is an answer."""


class Hearing(BaseRequestMiddleware):
    """Stands between the program and the messenger, and changes nothing."""

    def __init__(self, meters: Meters) -> None:
        self._meters = meters

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[Any],
        bot: Bot,
        method: TelegramMethod[Any],
    ) -> Response[Any]:
        """Pass the call on, and note whether it was answered."""
        try:
            answer = await make_request(bot, method)
        except SILENCES:
            self._meters.messenger(answered=False)
            raise
        except TelegramAPIError:
            self._meters.messenger(answered=True)
            raise
        self._meters.messenger(answered=True)
        return answer
