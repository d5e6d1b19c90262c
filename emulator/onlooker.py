"""What is on somebody's screen, and when does the expected appear there?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from .model import Json
from .seen import Seen, dump

if TYPE_CHECKING:
    from .client import Client, Group

PATIENCE = 30.0
"""Seconds; long, for what comes late on a busy machine has come all the same."""
AT_ONCE = 60.0
"""So many of them are waited in one request, which has an end of its own."""
Expected = str | Callable[[Seen], bool]


class Onlooker:
    """Somebody who looks at chats; ``mark`` is the number of their last own action."""

    def __init__(self, client: Client, profile: Json) -> None:
        self._client = client
        self.id: int = profile["id"]
        self.name: str = profile["first_name"]
        self.phone = f"+86138{self.id % 10**8:08d}"
        self.mark = 0

    def __repr__(self) -> str:
        return f"Person({self.id}, {self.name!r})"

    async def sees(self, chat: int | Group | None = None) -> list[Seen]:
        """Everything in the chat, oldest first."""
        return [Seen.of(raw) for raw in (await self._screen(chat))["messages"]]

    async def last(self, chat: int | Group | None = None) -> Seen | None:
        """The newest message in the chat."""
        return next(reversed(await self.sees(chat)), None)

    async def keyboard(self, chat: int | Group | None = None) -> list[list[str]]:
        """The labels of the reply keyboard, empty without one."""
        shown = (await self._screen(chat))["keyboard"] or {}
        return [[button["text"] for button in row] for row in shown.get("keyboard", [])]

    async def screen(self, chat: int | Group | None = None) -> str:
        """What the person sees, as text for people to read."""
        shown = await self._screen(chat)
        return dump([Seen.of(raw) for raw in shown["messages"]], shown["keyboard"])

    async def expect(
        self,
        wanted: Expected,
        chat: int | Group | None = None,
        timeout: float = PATIENCE,  # noqa: ASYNC109 - its own message tells what is on the screen
    ) -> Seen:
        """The bot's newest message with this text (or for which the predicate holds).

        Only what is new or edited since this person's last action counts. Waits for it up
        to ``timeout`` seconds, then raises ``AssertionError`` with what is on the screen.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while True:
            screen = await self._screen(chat, after=self.mark)
            seen = [Seen.of(raw) for raw in screen["messages"]]
            found = [item for item in seen if item.from_bot and _fits(item, wanted)]
            if found:
                return max(found, key=lambda item: item.seq)
            left = deadline - loop.time()
            if left <= 0:
                break
            left = min(left, AT_ONCE)
            await self._client.wait(screen["seq"], left, chat_id=self._place(chat), viewer=self.id)
        what = repr(wanted) if isinstance(wanted, str) else "what was expected"
        raise AssertionError(
            f"{self} did not get {what} within {timeout} s and sees:\n{await self.screen(chat)}"
        )

    async def _button(
        self, label: str, chat: int | Group | None, message: int | Seen | None
    ) -> tuple[Seen, str]:
        seen = [message] if isinstance(message, Seen) else await self.sees(chat)
        for item in reversed(seen):
            if isinstance(message, int) and item.id != message:
                continue
            data = item.data(label)
            if data is not None:
                return item, data
        raise AssertionError(f"{self} sees no button {label!r}:\n{await self.screen(chat)}")

    def _place(self, chat: int | Group | None) -> int:
        if chat is None:
            return self.id
        return chat if isinstance(chat, int) else chat.id

    async def _screen(self, chat: int | Group | None, after: int = 0) -> Json:
        return await self._client.messages(self._place(chat), self.id, after)


def _fits(seen: Seen, wanted: Expected) -> bool:
    return wanted in seen.text if isinstance(wanted, str) else wanted(seen)
