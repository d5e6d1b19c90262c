"""In which order do a chat's messages go? One after another: answers in one lane, notices in one.

An answer to a tap waits for no notice of its chat; a notice waits for an answer that had to be
put off. What has to wait holds back its own lane only.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from functools import partial

from notifier import settling
from notifier.delivery import Delivery
from storage.rows import Row

Lane = tuple[int, bool]
"""A chat, and whether its answers are meant."""


class Lanes:
    """The rows this process has in hand, each lane worked through by a task of its own."""

    def __init__(self, delivery: Delivery, freed: Callable[[], None]) -> None:
        self._delivery = delivery
        self._freed = freed  # called when more of a chat can be claimed
        self._queues: defaultdict[Lane, deque[Row]] = defaultdict(deque)
        self._tasks: dict[Lane, asyncio.Task[None]] = {}
        self._in_hand: set[int] = set()  # rows, though their lease may have run out
        self._first: dict[Lane, int] = {}  # the row that is to go before any later one

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def in_hand(self) -> frozenset[int]:
        """The rows that wait here or are being sent."""
        return frozenset(self._in_hand)

    def add(self, rows: Iterable[Row], *, claimed: bool = False) -> None:
        """Send rows this process holds the lease of, in order, without waiting for them.

        What was `claimed` is the first of its chat there is.
        """
        for row in rows:
            if row.id in self._in_hand:
                continue
            lane = _lane(row)
            if claimed and lane not in self._tasks:
                self._is_first(row, lane)
            self._in_hand.add(row.id)
            self._queues[lane].append(row)
            if lane not in self._tasks:
                self._tasks[lane] = asyncio.create_task(self._drain(lane))

    def _is_first(self, row: Row, lane: Lane) -> None:
        """Nothing before it waits any more, whatever became of what was put off here."""
        self._first[lane] = row.id
        answers = (lane[0], True)
        if self._first.get(answers, row.id) < row.id:
            del self._first[answers]

    async def fewer(self, than: int) -> None:
        """Wait until fewer lanes than this are being worked through."""
        while len(self._tasks) >= than:
            await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_COMPLETED)

    async def wait(self, seconds: float) -> None:
        """Wait a moment for what is in hand."""
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=seconds)

    async def cut(self) -> None:
        """Cut off what is still in hand."""
        late = list(self._tasks.values())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _drain(self, lane: Lane) -> None:
        """Work one lane through; when one has to wait, those behind it wait with it."""
        queue = self._queues[lane]
        swept = False
        try:
            while queue:
                row = queue[0]
                swept = swept or not row.parcel.urgent or row.attempts > 1
                wait = await self._wait_for(row, lane)
                if wait is not None:
                    await self._put_back(lane, wait)
                    continue
                queue.popleft()
                self._in_hand.discard(row.id)
                if self._first.get(lane) == row.id:
                    del self._first[lane]
        finally:
            self._in_hand.difference_update(row.id for row in queue)
            del self._tasks[lane]
            del self._queues[lane]
            if swept:
                self._freed()  # what waited behind in this chat can be claimed now

    async def _wait_for(self, row: Row, lane: Lane) -> settling.Wait | None:
        chat_id, answers = lane
        before = [self._first.get(lane, row.id)]
        if not answers:
            before.append(self._first.get((chat_id, True), row.id))
        if min(before) < row.id:
            return settling.BEHIND
        return await self._delivery.through(row, len(self._queues[lane]))

    async def _put_back(self, lane: Lane, wait: settling.Wait) -> None:
        queue = self._queues[lane]
        self._first[lane] = min(self._first.get(lane, queue[0].id), queue[0].id)
        behind = list(queue)
        queue.clear()
        try:
            await self._delivery.write(partial(settling.put_back, rows=behind, wait=wait))
            if wait is settling.BEHIND:
                self._freed()  # what it waits for may have gone, sent by another: claiming tells
        finally:  # else they would be held, and never sent, until the process ends
            self._in_hand.difference_update(row.id for row in behind)


def _lane(row: Row) -> Lane:
    return row.parcel.chat_id, row.parcel.urgent
