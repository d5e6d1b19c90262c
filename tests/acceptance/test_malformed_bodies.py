"""Whatever comes to the webhook: it is taken or refused for good, and the bot goes on.

`make test` sends some hundred bodies, `make torture` 100,000 to each database.
"""

import json
import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from itertools import count, islice
from typing import Any

import pytest
from acceptance.bodies import FIRST, MARK, fuzzed
from acceptance.conftest import City
from acceptance.floods import post_all
from acceptance.programs import Forge
from acceptance.serving import SECRET, Served
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

TORTURE = bool(os.environ.get("MINSHENG_TORTURE"))
FUZZED = 80_000 if TORTURE else 500
IMAGINED = 20_000 if TORTURE else 100
LARGEST = 1024 * 1024
DRAIN_SECONDS = 1800 if TORTURE else 60

pytestmark = pytest.mark.torture


@pytest.fixture(params=["sqlite", "postgres"])
async def served(
    request: pytest.FixtureRequest, quiet_city: City, forge: Forge
) -> AsyncIterator[Served]:
    if request.param == "postgres":
        quiet_city.database_url = await request.getfixturevalue("postgres").database()
    made = Served(quiet_city, forge)
    await made.start()
    yield made
    await made.close()


KINDS = ("message", "edited_message", "callback_query", "my_chat_member", "chat_member", "poll")
FIELDS = ("chat", "from", "text", "data", "message", "id", "type", "date", "message_id", "entities")
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=12,
)
content = st.dictionaries(st.sampled_from(FIELDS), anything, max_size=8) | anything
updates = st.dictionaries(st.sampled_from(KINDS) | st.text(max_size=9), content, max_size=3)


def imagined(number: int) -> list[bytes]:
    """Bodies that hypothesis thinks of: half of them updates by their number at least."""
    found: list[bytes] = []
    serials = count(FIRST + 10_000_000)

    @settings(
        max_examples=number // 2,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )
    @given(update=updates, other=anything | st.binary())
    def think(update: dict[str, Any], other: Any) -> None:
        found.append(json.dumps({**update, "update_id": next(serials)}).encode())
        found.append(other if isinstance(other, bytes) else json.dumps(other).encode())

    think()
    return found


def wanted(body: bytes) -> set[int]:
    """What may be answered: what is an update by its number must be taken."""
    if len(body) > LARGEST:
        return {413}
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return {400}
    number = update.get("update_id") if isinstance(update, dict) else None
    if type(number) is not int or not 0 <= number < 2**63:
        return {400}
    deep = max(body.count(b"["), body.count(b"{")) > 500
    return {200, 400} if deep else {200}


async def test_it_is_taken_or_refused_and_the_bot_goes_on(served):
    statuses: Counter[int] = Counter()
    wrong: list[tuple[int, bytes]] = []

    def note(body: bytes, status: int) -> None:
        statuses[status] += 1
        if status not in wanted(body):
            wrong.append((status, body))

    bodies = [*islice(fuzzed(random.Random(20260302)), FUZZED), *imagined(IMAGINED)]
    await post_all(served.port, SECRET, bodies, note)
    print(dict(statuses))
    assert wrong == []
    assert sum(statuses.values()) == len(bodies)
    chen = await served.city.citizen()
    await chen.type("/help")
    await chen.expect("怎么用", timeout=60)
    await served.drained("inbox", "new", DRAIN_SECONDS)
    print(dict(await served.tables.rows("SELECT state, count(*) FROM inbox GROUP BY state")))
    assert MARK not in served.program.err
    assert "Traceback" not in served.program.err
