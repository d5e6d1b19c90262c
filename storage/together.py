"""How do units share a commit, where each could have a connection of its own? Those that wait
go together, in a lot.

A lot waits for no lock for long, and is taken back when anything goes wrong in it: then each of
its units is run for itself, as if it had come alone. So none suffers by another for more than a
moment, and that two lots lock the same rows in another order does no harm.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")
MOST = 50
"""So many units share a commit at most: what they lock, they keep until all are through."""
PATIENCE = 1.0
"""After so many seconds the next lot begins though this one is not through."""
Work = Callable[[Connection], Any]
_Waiting = tuple[Work, asyncio.Future[Any]]


class Together:
    """Units that wait for the next shared commit."""

    def __init__(
        self,
        write: Callable[[Work], Awaitable[Any]],
        write_lot: Callable[[Sequence[Work]], Awaitable[list[Any]]],
    ) -> None:
        self._write = write  # one, whatever it has to wait for
        self._write_lot = write_lot  # several in one commit, or none of them
        self._waiting: list[_Waiting] = []
        self._at_work = False  # on a lot; the next takes what comes meanwhile
        self._tasks: set[asyncio.Task[None]] = set()

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a commit of its own or a shared one. Raises what it raises alone.

        Whoever is cancelled meanwhile does not stop it.
        """
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, done))
        if not self._at_work:
            self._at_work = True
            self._begin(self._go_on())
        return await done

    async def idle(self) -> None:
        """Wait until all that came is written, or is known not to be."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _go_on(self) -> None:
        try:
            while self._waiting:
                lot, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                # A server that hangs on this one's connection is not to hold up the others.
                await asyncio.wait({self._begin(self._share(lot))}, timeout=PATIENCE)
        finally:
            self._at_work = False

    async def _share(self, lot: list[_Waiting]) -> None:
        try:
            found = await self._write_lot([work for work, _ in lot])
        except Exception:
            # Whose fault it was is told to that one, when it fails by itself; and who has to wait
            # then, keeps nobody else waiting.
            for each in lot:
                self._begin(self._by_itself(*each))
            return
        for (_, done), result in zip(lot, found, strict=True):
            if not done.done():
                done.set_result(result)

    async def _by_itself(self, work: Work, done: asyncio.Future[Any]) -> None:
        try:
            result = await self._write(work)
        except Exception as error:
            if not done.done():
                done.set_exception(error)
        else:
            if not done.done():
                done.set_result(result)

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
