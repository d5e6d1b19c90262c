"""At the messenger's limits, which the emulator keeps here; its log is the judge."""

import asyncio
import os
import time
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from acceptance.conftest import City
from acceptance.programs import Forge
from acceptance.senders import Senders, the_senders

from emulator import Person

pytestmark = pytest.mark.torture
FULL = bool(os.environ.get("MINSHENG_TORTURE"))
PEOPLE = 3000 if FULL else 150
DRAINING = 10_000 if FULL else 600
TAPS = 300 if FULL else 25
REAL = {"pace_overall": 30, "pace_chat": 1, "pace_group": 20}


@pytest.fixture(params=["one process", "three processes"])
async def senders(
    request: pytest.FixtureRequest, quiet_city: City, forge: Forge
) -> AsyncIterator[Senders]:
    async with the_senders(request, quiet_city, forge, **REAL, tick_seconds=0.5) as made:
        yield made


async def test_many_people_are_told_at_the_limit_and_nobody_twice(senders: Senders) -> None:
    people = range(10_001, 10_001 + PEOPLE)
    await senders.meet(people)
    await senders.city.client.limits()
    await senders.put([(user, "x") for user in people])
    await senders.through(60 + PEOPLE / 20)
    entries = await senders.asked()
    assert [e["status"] for e in entries if not e["ok"]] == []
    assert Counter(e["chat_id"] for e in entries) == Counter(people)
    times = [e["received"] for e in entries]
    # How fast it is, is measured where nothing else runs.
    share = (PEOPLE - 1) / 30 / (max(times) - min(times))
    assert share >= 0.97 or not FULL, share


async def test_the_mixed_load_is_near_its_lower_bound(senders: Senders) -> None:
    client = senders.city.client
    people = range(10_001, 10_061) if FULL else range(10_001, 10_011)
    each = 15 if FULL else 4
    await senders.meet(people)
    groups = [await client.group(f"g{n}", [2001], bot_is_admin=True) for n in range(8)]
    await client.limits()
    loads = [(user, str(n)) for n in range(4) for user in people]
    loads += [(group.id, str(n)) for n in range(each) for group in groups]
    await senders.put(loads)
    await senders.through(90)
    entries = await senders.asked()
    assert [e["status"] for e in entries if not e["ok"]] == []
    said = [(e["chat_id"], e["params"]["text"]) for e in entries]
    assert Counter(said) == Counter(loads)
    for chat in {chat for chat, _ in loads}:
        order = [int(text) for other, text in said if other == chat]
        assert order == sorted(order)
    times = [e["received"] for e in entries]
    share = (each - 1) / (max(times) - min(times))
    assert share >= 0.9 or not FULL, share


async def test_who_taps_is_answered_though_thousands_of_notices_drain(senders: Senders) -> None:
    if len(senders.programs) > 1:
        pytest.skip("several programs are pushed to, at no address in this test")
    client = senders.city.client
    people = range(10_001, 10_001 + DRAINING)
    await senders.meet(people)
    askers = [await client.person(user) for user in range(50_001, 50_001 + TAPS)]
    await senders.meet(asker.id for asker in askers)
    await client.limits()
    await senders.put([(user, "x") for user in people])
    asked: dict[int, float] = {}

    async def ask(asker: Person, at: float) -> None:
        await asyncio.sleep(at)
        asked[asker.id] = time.monotonic()
        await asker.type("/help")
        await asker.expect("怎么用", timeout=30)

    await asyncio.gather(*(ask(asker, n / 5) for n, asker in enumerate(askers)))
    assert await senders.left() > 0, "nothing was draining any more"
    entries = [e for e in await senders.asked() if e["chat_id"] in asked]
    assert [e["status"] for e in await senders.asked() if not e["ok"]] == []
    waits = sorted(e["received"] - asked[e["chat_id"]] for e in entries)
    assert len(waits) == len(askers)
    p99 = waits[int(len(waits) * 0.99)]
    print(f"\n{len(waits)} answers: median {waits[len(waits) // 2]:.3f} s, p99 {p99:.3f} s")
    assert p99 < 0.3 or not FULL, p99
