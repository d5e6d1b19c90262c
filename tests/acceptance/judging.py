"""What must hold when all is over: nothing acknowledged is lost, nothing happened twice."""

import asyncio
from collections import Counter
from collections.abc import Collection

from acceptance.conftest import City
from acceptance.crowds import Crowd, Filed
from acceptance.scenes import ask

from bot import evidence
from bot.opening import open_desk
from petitions.events import Registered
from storage import record

WAITING = (
    "SELECT (SELECT count(*) FROM inbox WHERE state = 'new')"
    " + (SELECT count(*) FROM outbox WHERE state = 'waiting')"
    " + (SELECT count(*) FROM files WHERE state = 'wanted')"
)


async def drained(city: City, seconds: float = 120) -> None:
    """Wait until nothing is left to handle, to send or to fetch."""
    async with asyncio.timeout(seconds):
        while await asyncio.to_thread(ask, city, WAITING) != [(0,)]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def held(city: City, crowd: Crowd, known: Collection[int]) -> None:
    """Of all these updates each had its effect, and one; what was typed is there, and proven.

    No program uses the database any more.
    """
    assert len({each.number for each in crowd.filed}) == len(crowd.filed)
    await numbers_and_record(city, crowd.filed)
    assert {update for (update,) in ask(city, "SELECT update_id FROM inbox")} == set(known)
    assert sorted(crowd.worked) == sorted(each.number for each in crowd.filed)
    entries = "SELECT kind, count(*) FROM entries WHERE kind IN ('registered', 'taken', 'accepted')"
    each_once = dict.fromkeys(("registered", "taken", "accepted"), len(crowd.filed))
    assert dict(ask(city, f"{entries} GROUP BY kind")) == each_once
    drafts = dict(ask(city, "SELECT state, count(*) FROM drafts GROUP BY state"))
    assert drafts == {"submitted": len(crowd.filed)}
    told = "SELECT petition_id, count(*) FROM outbox WHERE key = 'notice.accepted'"
    assert Counter(n for _, n in ask(city, f"{told} GROUP BY petition_id")) == {1: len(crowd.filed)}


async def numbers_and_record(city: City, filed: list[Filed]) -> None:
    """Every number shown is there once, with what was typed for it; the record verifies."""
    numbers = [number for (number,) in ask(city, "SELECT number FROM petitions")]
    assert sorted(numbers) == sorted(each.number for each in filed)
    assert ask(city, "SELECT count(*) FROM inbox WHERE state <> 'done'") == [(0,)]
    assert ask(city, "SELECT count(*) FROM drafts WHERE state = 'open'") == [(0,)]
    faults: list[str] = []
    await asyncio.to_thread(evidence.verify, city.settings(), None, None, faults.append)
    assert faults == []
    desk = await open_desk(city.settings())
    try:
        for each in filed:
            found = await desk.look(lambda unit, each=each: record.by_number(unit, each.number))
            _as_typed(found[0].entries[0].event, each)
    finally:
        await desk.database.close()


def _as_typed(event: Registered, filed: Filed) -> None:
    typed, kept = filed.typed, event.filing
    assert kept.title == typed["title"]
    assert kept.facts == (typed["facts"], typed["more facts"])
    assert kept.request == (typed["request"],)
    assert kept.address == typed["address"]
    assert kept.name == typed["name"]
    assert kept.phone == "+86" + typed["phone"]
    assert kept.earlier == typed["earlier"]
    assert kept.tried == typed["tried"]
    assert len(kept.files) == 1
    masked = {"name": typed["name"][:1], "phone": typed["phone"][-4:]}
    shown = (typed | masked).values()
    assert [text for text in shown if text not in filed.review] == [], filed.review
