"""kill -9 of whoever sends, and a messenger that fails in every way: none is lost.

A message is sent again only where nobody can tell whether it arrived; each such time stands in
its row, and the messenger's log is held against them.
"""

import asyncio
import os
import random
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from acceptance.conftest import City
from acceptance.programs import Forge
from acceptance.senders import Senders, the_senders

pytestmark = pytest.mark.torture
FULL = bool(os.environ.get("MINSHENG_TORTURE"))
MESSAGES = 20_000 if FULL else 400
KILLS = 100 if FULL else 4
CHATS = 1000 if FULL else 80
FAULTS = {"429": 0.002, "500": 0.005, "502": 0.005, "timeout": 0.0005, "drop_before": 0.005}
LOST_ANSWER = {"drop_after": 0.005}
RAISED = {"pace_overall": 2000, "pace_chat": 2000, "pace_group": 100_000}


@pytest.fixture(params=["one process", "three processes"])
async def senders(
    request: pytest.FixtureRequest, quiet_city: City, forge: Forge
) -> AsyncIterator[Senders]:
    async with the_senders(request, quiet_city, forge, **RAISED, tick_seconds=0.2) as made:
        yield made


async def test_none_is_lost_and_only_what_nobody_can_tell_is_sent_again(senders: Senders) -> None:
    chance = random.Random(os.environ.get("MINSHENG_SEED", "4"))
    client = senders.city.client
    await senders.meet(range(10_001, 10_001 + CHATS))
    for kind, probability in (FAULTS | LOST_ANSWER).items():
        await client.fault("sendMessage", kind, times=10**9, probability=probability, retry_after=1)
    messages = [(10_001 + n % CHATS, f"m{n}") for n in range(MESSAGES)]
    await senders.put(messages)
    in_flight = 0
    for kill in range(KILLS):
        due = MESSAGES * (KILLS - kill) / (KILLS + 1)
        async with asyncio.timeout(300):
            while await senders.left() > due:  # noqa: ASYNC110 - other processes do it
                await asyncio.sleep(0.01)
        await asyncio.sleep(chance.random() * 0.1)
        number = chance.randrange(len(senders.programs))
        await senders.programs[number].kill()
        in_flight += await senders.in_flight()
        await senders.kill(number)
    await client.no_faults()
    await senders.through(300)
    await _judge(senders, messages, in_flight)


async def _judge(senders: Senders, messages: list[tuple[int, str]], in_flight: int) -> None:
    rows = {row.id: row for row in await senders.rows()}
    assert Counter(row.state for row in rows.values()) == {"sent": len(messages)}
    log = await senders.asked()
    arrived = Counter(entry["params"]["text"] for entry in log if entry["ok"])
    assert set(arrived) == {text for _, text in messages}, "lost"
    unknown = {text: row.unknown for (_, text), row in zip(messages, rows.values(), strict=True)}
    for text, times in arrived.items():
        assert times - 1 <= unknown[text], f"{text} came {times} times"
    lost_answers = sum(e["ok"] and e["status"] == 0 for e in log)
    again = sum(times - 1 for times in arrived.values())
    crashes = again - lost_answers
    assert crashes <= in_flight
    print(
        f"\n{len(messages)} messages, {KILLS} kills: {again} sent again, "
        f"{lost_answers} after a lost answer, {max(crashes, 0)} after a crash "
        f"({in_flight} in flight at the kills); {sum(unknown.values())} of unknown outcome; "
        f"refused: {dict(Counter(e['status'] for e in log if not e['ok']))}"
    )
