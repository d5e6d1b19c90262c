"""What does the messenger's refusal mean for a message: wait, elsewhere, or never?"""

import re
from dataclasses import dataclass

from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
)

_YES = re.compile(r'\s*\{\s*"ok"\s*:\s*true\b')


@dataclass(frozen=True, slots=True)
class Obey:
    """Asked to wait so many seconds (429)."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Moved:
    """The group has a new id."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class Final:
    """It will not arrive: how it ended, and why, in our words: the messenger's can quote a text."""

    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Again:
    """A fault of the network or the server: try again.

    `unknown`: nobody can tell whether it arrived.
    """

    unknown: bool


def verdict(error: TelegramAPIError) -> Obey | Moved | Final | Again:
    """What to do about this refusal."""
    match error:
        case TelegramRetryAfter():
            return Obey(float(error.retry_after))
        case TelegramMigrateToChat():
            return Moved(error.migrate_to_chat_id)
        case TelegramForbiddenError():
            return Final("blocked", "forbidden")
        case TelegramBadRequest() if "chat not found" in error.message:
            return Final("gone", "chat not found")
        case TelegramBadRequest():
            return Final("failed", "bad request")
    return Again(unknown=isinstance(error, TelegramNetworkError))


def is_unchanged(error: TelegramBadRequest) -> bool:
    """The message shows this already."""
    return "is not modified" in error.message


def cannot_edit(error: TelegramBadRequest) -> bool:
    """There is no message to edit any more."""
    gone = ("message to edit not found", "can't be edited", "MESSAGE_ID_INVALID")
    return any(part in error.message for part in gone)


def was_taken(error: ClientDecodeError) -> bool:
    """Whether the messenger said yes in a shape we do not know, or was cut off while it did.

    Anything else, as a gateway's page of HTML, came from something on the way to it.
    """
    if isinstance(error.data, str):
        return _YES.match(error.data) is not None
    return isinstance(error.data, dict) and error.data.get("ok") is True


def message_of(error: ClientDecodeError) -> int | None:
    """The id of the message that was taken, where the answer tells it."""
    result = error.data.get("result") if isinstance(error.data, dict) else None
    found = result.get("message_id") if isinstance(result, dict) else None
    return found if isinstance(found, int) else None
