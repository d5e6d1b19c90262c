"""Which button presses wait for an answer, and which are too old for one?"""

from __future__ import annotations

import asyncio
import time

from .errors import OLD_QUERY, bad
from .model import Json
from .store import Store


class Callbacks:
    """Callback queries by id; one older than ``lifetime`` real seconds cannot be answered."""

    def __init__(self, store: Store, lifetime: float = 600.0) -> None:
        self.lifetime = lifetime
        self._store = store
        rows = sorted(store.rows("callback"), key=lambda item: item[1]["at"])
        self._asked: dict[str, Json] = dict(rows)
        self._waiting: dict[str, asyncio.Future[Json]] = {}

    def ask(self, query_id: str, bot_id: int, user_id: int, chat_id: int) -> asyncio.Future[Json]:
        """Note a press; the future gets the bot's answer."""
        self._forget_old()
        row = {"bot": bot_id, "user": user_id, "chat": chat_id, "at": time.time()}
        self._asked[query_id] = row
        self._store.put("callback", query_id, row)
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[query_id] = future
        return future

    def answer(self, query_id: str, bot_id: int, text: str, alert: bool) -> Json:
        """Answer a press and return what was asked; raises 400 for unknown and old queries."""
        self._forget_old()
        asked = self._asked.get(query_id)
        if asked is None or asked["bot"] != bot_id:
            raise bad(OLD_QUERY)
        future = self._waiting.pop(query_id, None)
        if future is not None and not future.done():
            future.set_result({"text": text, "alert": alert})
        return asked

    def drop_waiting(self, query_id: str) -> None:
        """Nobody waits for this answer any more."""
        self._waiting.pop(query_id, None)

    def _forget_old(self) -> None:
        limit = time.time() - self.lifetime
        while self._asked:
            oldest = next(iter(self._asked))
            if self._asked[oldest]["at"] > limit:
                return
            del self._asked[oldest]
            self._store.drop("callback", oldest)
