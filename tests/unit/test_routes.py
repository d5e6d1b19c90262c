"""Who gets an update? Whoever aiogram's own dispatcher would have given it to."""

import asyncio
from typing import Any

import pytest
from aiogram import BaseMiddleware, Dispatcher, Router
from aiogram.filters import BaseFilter
from aiogram.types import Chat, Message
from hypothesis import given
from hypothesis import strategies as st

from dialogs.routers import Routes

MESSAGE = Message(message_id=1, date=0, chat=Chat(id=5, type="private"))  # type: ignore[arg-type]
PASSES = (False, True, {"found": 7})


class Says(BaseFilter):
    """A filter that says this, and is counted."""

    def __init__(self, answer: Any, name: str, asked: list[str]) -> None:
        self.answer, self.name, self.asked = answer, name, asked

    async def __call__(self, _message: Message) -> Any:
        self.asked.append(self.name)
        return self.answer


Shape = list[tuple[int, list[list[int]]]]
"""Of each router which of `PASSES` its own filter says; of each handler, which its filters say."""
shapes = st.lists(
    st.tuples(st.integers(0, 2), st.lists(st.lists(st.integers(0, 2), max_size=2), max_size=3)),
    min_size=1,
    max_size=4,
)


def routers_of(shape: Shape, seen: list[Any]) -> list[Router]:
    routers = []
    for number, (passes, handlers) in enumerate(shape):
        router = Router(name=f"{number}")
        router.message.filter(Says(PASSES[passes], f"router {number}", seen))
        for at, said in enumerate(handlers):
            filters = [Says(PASSES[i], f"{number}.{at}", seen) for i in said]
            router.message.register(_handler(f"{number}.{at}", seen), *filters)
        routers.append(router)
    return routers


def _handler(name: str, seen: list[Any]) -> Any:
    async def handle(message: Message, house: str, found: int = 0) -> None:
        seen.append((name, message, house, found))

    return handle


@given(shapes)
def test_the_same_filters_are_asked_and_the_same_handler_has_it(shape: Shape) -> None:
    ours: list[Any] = []
    theirs: list[Any] = []
    routes = Routes(routers_of(shape, ours))
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.include_routers(*routers_of(shape, theirs))
    asyncio.run(routes.offer("message", MESSAGE, house="h"))
    asyncio.run(dispatcher.propagate_event("message", MESSAGE, house="h"))
    # A router without a handler need not be asked.
    empty = {f"router {number}" for number, (_, handlers) in enumerate(shape) if not handlers}
    assert ours == [each for each in theirs if each not in empty]


def test_a_kind_that_nobody_takes_is_nobody_s() -> None:
    seen: list[Any] = []
    routes = Routes(routers_of([(1, [[]])], seen))
    asyncio.run(routes.offer("edited_message", MESSAGE, house="h"))
    asyncio.run(routes.offer("a kind to come", MESSAGE, house="h"))
    assert seen == []


class Nothing(BaseMiddleware):
    async def __call__(self, handler: Any, event: Any, data: Any) -> Any:
        return await handler(event, data)


def test_what_it_would_pass_over_is_refused() -> None:
    inner, outer, above = Router(), Router(), Router()
    inner.message.middleware(Nothing())
    outer.message.outer_middleware(Nothing())
    above.include_router(Router())
    for router in (inner, outer, above):
        with pytest.raises(TypeError, match="neither middlewares nor routers"):
            Routes([router])
