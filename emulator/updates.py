"""What has the bot not confirmed yet? Its queue of updates and the long poll on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from .errors import OTHER_POLLER, RefusedError, conflict
from .model import BotAccount, Json
from .store import Store

# What Telegram leaves out unless asked for by name.
_BY_NAME_ONLY = {"chat_member", "message_reaction", "message_reaction_count"}


class UpdateQueue:
    """The updates of one bot, oldest first, kept until their offset is confirmed."""

    def __init__(self, bot: BotAccount, store: Store) -> None:
        self.bot = bot
        self.pending: dict[int, Json] = {}
        self.listener: Callable[[Json], None] | None = None
        self._store = store
        self._poll: asyncio.Future[None] | None = None

    def restore(self, update: Json) -> None:
        """Take back an update from the store."""
        self.pending[update["update_id"]] = update
        self.bot.next_update = max(self.bot.next_update, update["update_id"] + 1)

    def add(self, kind: str, content: Json) -> None:
        """Queue an update if the bot wants its kind."""
        allowed = self.bot.allowed_updates
        if kind in allowed if allowed else kind not in _BY_NAME_ONLY:
            self.add_raw({kind: content})

    def add_raw(self, update: Json) -> int:
        """Queue whatever it is; an ``update_id`` it has is kept."""
        update_id = update.get("update_id")
        if update_id is None:
            update_id = self.bot.next_update
            self.bot.next_update += 1
        self.pending[update_id] = {"update_id": update_id, **update}
        self._store.put("update", self._key(update_id), self.pending[update_id])
        if self.listener is not None:
            self.listener(self.pending[update_id])
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        return int(update_id)

    def settle(self, update_id: int) -> None:
        """Forget one delivered update."""
        if self.pending.pop(update_id, None) is not None:
            self._store.drop("update", self._key(update_id))
            if update_id + 1 == self.bot.next_update:
                # Lower numbers can be told from what is still pending.
                self._store.put("next_update", self.bot.id, self.bot.next_update)

    def confirm(self, offset: int) -> None:
        """Forget what ``offset`` confirms; a negative one keeps only that many.

        An injected update may have any number, so everything queued before the update
        ``offset - 1`` counts as confirmed too.
        """
        gone: list[int] = []
        if offset < 0:
            gone = list(self.pending)[:offset]
        else:
            last = offset - 1 if offset - 1 in self.pending else None
            for update_id in self.pending:
                if last is None and update_id >= offset:
                    break
                gone.append(update_id)
                if update_id == last:
                    break
        for update_id in gone:
            self.settle(update_id)

    async def poll(self, limit: int, seconds: float) -> list[Json]:
        """``getUpdates``: waits up to ``seconds``; a newer poll ends this one with 409."""
        self.interrupt(conflict(OTHER_POLLER))
        if not self.pending and seconds > 0:
            mine = self._poll = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(seconds):
                    await mine
            except TimeoutError:
                return []
            finally:
                if self._poll is mine:
                    self._poll = None
        return [update for update, _ in zip(self.pending.values(), range(limit), strict=False)]

    def interrupt(self, error: RefusedError | ConnectionError) -> None:
        """End the poll that waits, if any, with this error."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(error)
            self._poll = None

    def clear(self) -> None:
        """Forget everything pending."""
        for update_id in list(self.pending):
            self.settle(update_id)

    def _key(self, update_id: int) -> str:
        return f"{self.bot.id}/{update_id}"
