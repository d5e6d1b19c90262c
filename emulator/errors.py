"""How does Telegram say no? Refusals with the codes and texts of the real Bot API."""

from __future__ import annotations

from typing import Any


class RefusedError(Exception):
    """A Bot API answer with ``ok: false``; ``parameters`` as Telegram names them."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def answer(self) -> dict[str, Any]:
        """The JSON body of the answer."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            body["parameters"] = dict(self.parameters)
        return body


class UnknownError(Exception):
    """The control API was asked about something that is not there, or asked wrongly."""


def bad(text: str, **parameters: int) -> RefusedError:
    """400, the text after ``Bad Request:``."""
    return RefusedError(400, f"Bad Request: {text}", **parameters)


def forbidden(text: str) -> RefusedError:
    """403, the text after ``Forbidden:``."""
    return RefusedError(403, f"Forbidden: {text}")


def conflict(text: str) -> RefusedError:
    """409, the text after ``Conflict:``."""
    return RefusedError(409, f"Conflict: {text}")


def too_many(seconds: int) -> RefusedError:
    """429 with the seconds to wait."""
    return RefusedError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)
OTHER_POLLER = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
OLD_QUERY = "query is too old and response timeout expired or query ID is invalid"
