"""One person floods the webhook; others are served as if nobody did.

`make test` floods with a few hundred updates, `make torture` with 5,000; both over 40 connections,
on both databases, at the pace the product sends at.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from acceptance.conftest import City
from acceptance.floods import Flood, a_flood
from acceptance.programs import Forge
from acceptance.serving import PRODUCT_PACE, SECRET, Served
from acceptance.walks import ZH, to_step

from bot.opening import open_desk
from emulator import Person
from petitions.office import Limits
from storage import drafts
from storage.outbox import CROWD

TORTURE = bool(os.environ.get("MINSHENG_TORTURE"))
UPDATES = 5000 if TORTURE else 250
PACE = PRODUCT_PACE if TORTURE else PRODUCT_PACE | {"pace_chat": 5}
SERVED = 0.99 if TORTURE else 0.5
"""The share of the others who have to be served in time: half of them where tests run side by side
and the machine is not the bot's alone."""
DURABLE_SECONDS = 0.5
ANSWERED_SECONDS = 1.0
TYPED = "{:04d}：水一直漏。"
ROOM = Limits().text
OTHERS = range(2100, 4100)
PROBES = 3
"""So many others write at a time."""

pytestmark = pytest.mark.torture


@pytest.fixture(params=["sqlite", "postgres"])
async def served(
    request: pytest.FixtureRequest, quiet_city: City, forge: Forge
) -> AsyncIterator[Served]:
    if request.param == "postgres":
        quiet_city.database_url = await request.getfixturevalue("postgres").database()
    made = Served(quiet_city, forge, **PACE)
    await made.start()
    yield made
    await made.close()


async def test_others_are_served_while_one_floods_and_what_is_typed_is_kept(served):
    chen, others = await served.city.citizen(), iter(OTHERS)
    await to_step(chen, ZH, "facts")
    bodies = [served.says(TYPED.format(n), chen.id) for n in range(UPDATES)]
    async with a_flood(served.port, SECRET, bodies) as flood, asyncio.TaskGroup() as group:
        seen = [group.create_task(probing(served, flood, others)) for _ in range(PROBES)]
    durable, answered = zip(*(pair for task in seen for pair in task.result()), strict=True)
    told = f"{flood.statuses} in {flood.took:.1f} s; {len(durable)} others: durable "
    told += f"{spread(durable)}, answered {spread(answered)}"
    print(told)
    assert flood.statuses == {"200": UPDATES}
    assert share(durable, SERVED) <= DURABLE_SECONDS, told
    assert share(answered, SERVED) <= ANSWERED_SECONDS, told
    await kept(served, chen, [body["message"]["text"] for body in bodies])
    await answered_briefly(served, chen)


async def probing(served: Served, flood: Flood, others: Iterator[int]) -> list[tuple[float, float]]:
    """One other after another writes while the flood lasts."""
    seen = []
    while flood.runs:
        seen.append(await probe(served, next(others)))
    return seen


async def probe(served: Served, user: int) -> tuple[float, float]:
    """Somebody writes: seconds until it was acknowledged, and until the answer was sent."""
    await served.city.client.post("people", id=user, started=True)
    update = served.says("/help", user)
    log = served.city.emulator.world.log
    after, began = log.seq, time.monotonic()
    assert await served.push(update) == 200
    durable = time.monotonic() - began
    async with asyncio.timeout(60):
        while not (sent := [e for e in log.since(after) if _reaches(e, user)]):  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    answered = sent[0]["received"] - began
    stored = f"SELECT count(*) FROM inbox WHERE update_id = {update['update_id']}"
    assert await served.tables.ask(stored) == 1
    return durable, answered


def _reaches(entry: dict[str, Any], user: int) -> bool:
    return entry["method"] == "sendMessage" and str(entry["chat_id"]) == str(user)


def share(values: tuple[float, ...], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def spread(values: tuple[float, ...]) -> str:
    return ", ".join(f"p{100 * p:.0f} {1000 * share(values, p):.0f} ms" for p in (0.5, 0.99, 1))


async def kept(served: Served, chen: Person, typed: list[str]) -> None:
    """Each of what was typed stands in the form once, as long as there was room for it."""
    await served.drained("inbox", "new", seconds=600)
    desk = await open_desk(served.settings)
    try:
        draft = await desk.look(lambda unit: drafts.current(unit, chen.id, chen.id))
    finally:
        await desk.database.close()
    assert draft is not None
    parts = draft.answers["facts"]
    assert len(parts) == len(set(parts)) == min(UPDATES, ROOM // len(typed[0]))
    assert set(parts) <= set(typed)


async def answered_briefly(served: Served, chen: Person) -> None:
    """Not each is answered, which would take as many seconds; but the last word is said."""
    await served.drained("outbox", "waiting", seconds=4 * CROWD)
    said = [seen.text for seen in await chen.sees() if seen.from_bot]
    full = UPDATES * len(TYPED.format(0)) > ROOM
    assert ("没有记下" if full else f"已记下第 {UPDATES} 段") in said[-1]
