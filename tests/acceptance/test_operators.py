"""What an operator has of the notifier, with the program running: its numbers and its outbox."""

import asyncio
import json
import re
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from acceptance.conftest import City
from acceptance.officers import settled
from acceptance.programs import Forge, Program, environment
from acceptance.scenes import ask, until
from acceptance.walks import ZH, file_petition
from prometheus_client.parser import text_string_to_metric_families

from bot.opening import open_desk
from emulator import Person
from storage import outbox
from storage.messages import Parcel, Post

PEOPLE = range(1001, 1013)
EACH = 4
BLOCKER, HELD_UP, NOBODY = 1003, 1002, 4040404
WAITING = 'minsheng_outbox_rows{priority="ordinary",state="waiting"}'
HEADS = {"id", "state", "reason", "notice", "petition", "due", "settled", "tries"}

Numbers = dict[str, float]


class Operator:
    """Somebody at the machine: commands, and a monitoring that scrapes."""

    def __init__(self, city: City, forge: Forge) -> None:
        self.city = city
        self.forge = forge
        self.env = environment(city.settings(), METRICS_PORT="0")
        self.http = aiohttp.ClientSession()
        self.program: Program

    async def start(self) -> None:
        self.program = await self.forge.start(self.env)
        await self.program.writes("bot.started")
        found = re.search(r'"port": (\d+), "event": "monitor.started"', self.program.err)
        assert found, self.program.err
        self.url = f"http://127.0.0.1:{found[1]}"

    async def scrape(self) -> Numbers:
        async with self.http.get(f"{self.url}/metrics") as answer:
            assert answer.status == 200
            text = await answer.text()
        samples = (s for f in text_string_to_metric_families(text) for s in f.samples)
        return {
            f"{s.name}{{{labels}}}" if (labels := _labels(s.labels)) else s.name: s.value
            for s in samples
        }

    async def run(self, *arguments: str, code: int = 0) -> str:
        """`minsheng outbox …` beside the bot; what it said."""
        done = await self.forge.run(self.env, "outbox", *arguments)
        assert done.code == code, (done.out, done.err)
        assert "Traceback" not in done.err
        return done.out if code < 2 else done.err

    async def lines(self, *arguments: str, code: int = 0) -> list[dict[str, Any]]:
        said = await self.run(*arguments, "--json", code=code)
        return [json.loads(line) for line in said.splitlines()]


def _labels(labels: dict[str, str]) -> str:
    return ",".join(f'{name}="{value}"' for name, value in labels.items())


@pytest.fixture
async def alone(quiet_city: City, forge: Forge) -> AsyncIterator[Operator]:
    """An operator whose bot does not run."""
    made = Operator(quiet_city, forge)
    yield made
    await made.http.close()


@pytest.fixture
async def operator(alone: Operator) -> AsyncIterator[Operator]:
    """An operator beside a running bot."""
    await alone.start()
    yield alone
    await alone.program.kill()


def sends(numbers: Numbers, outcome: str) -> float:
    return numbers[f'minsheng_sends_total{{outcome="{outcome}"}}']


async def flood(operator: Operator) -> int:
    """Store messages for a dozen people, and one for nobody, beside the running bot."""
    parcels = [
        Parcel(chat_id=chat, post=Post(key="k", text=f"第{n}条"), urgent=False)
        for n in range(EACH)
        for chat in (*PEOPLE, *([NOBODY] if n == 0 else []))
    ]
    desk = await open_desk(operator.city.settings())
    try:
        await desk.unit(lambda unit: outbox.put(unit, parcels))
    finally:
        await desk.database.close()
    return len(parcels)


# -- the numbers -------------------------------------------------------------------------------


async def test_the_numbers_move_as_a_flood_drains(operator):
    city = operator.city
    for user_id in PEOPLE:
        person = await city.citizen(user_id)
        await person.type("/help")
        await person.expect("怎么用")
        if user_id == BLOCKER:
            await person.block()
    await settled(city)
    before = await operator.scrape()
    assert (before[WAITING], sends(before, "failed")) == (0, 0)
    await city.client.limits(True)
    await city.client.fault("sendMessage", "429", retry_after=3, chat_id=HELD_UP)
    start = (await city.client.log())[-1]["seq"]
    count = await flood(operator)

    seen = [await operator.scrape()]
    while seen[-1][WAITING] or sends(seen[-1], "sent") + sends(seen[-1], "blocked") < 1:
        await asyncio.sleep(0.1)  # as often as a monitoring asks that is in a hurry
        seen.append(await operator.scrape())
    depths = [numbers[WAITING] for numbers in seen]
    assert depths[0] > count / 2
    assert depths == sorted(depths, reverse=True)
    oldest = [n['minsheng_outbox_oldest_due_seconds{priority="ordinary"}'] for n in seen]
    assert (max(oldest) > 1, oldest[-1]) == (True, 0)

    after = await operator.scrape()  # a message is counted right after it was written down
    ended = {o: sends(after, o) - sends(before, o) for o in ("sent", "blocked", "gone", "failed")}
    assert ended == {"sent": count - EACH - 1, "blocked": EACH, "gone": 1, "failed": 0}
    # The messenger's own log is the judge of what it refused.
    log = await city.client.log(start, method="sendMessage")
    waits = [int(e["error"].rsplit(maxsplit=1)[1]) for e in log if e["status"] == 429]
    assert after["minsheng_asked_to_wait_total"] == len(waits) >= 1
    assert after["minsheng_asked_to_wait_seconds_total"] == sum(waits) >= 3
    assert sends(after, "retried") >= 1
    assert after["minsheng_tick_seconds_count"] > before["minsheng_tick_seconds_count"]
    assert after["minsheng_database_up"] == 1


async def test_health_is_there_with_polling(operator):
    async with operator.http.get(f"{operator.url}/health") as answer:
        assert (answer.status, await answer.json()) == (200, {"database": "ok"})


async def test_the_numbers_are_not_where_the_internet_comes_in(quiet_city, forge):
    hook = {"WEBHOOK_URL": "https://example.org/webhook", "WEBHOOK_SECRET": "0123456789abcdef"}
    env = environment(quiet_city.settings(), METRICS_PORT="0", LISTEN_PORT="0", **hook)
    program = await forge.start(env)
    await program.writes("monitor.started")
    await program.writes("bot.started")
    ports = [p for p in listening(program.pid) if p != _port(program)]
    assert len(ports) == 1  # the webhook's
    async with aiohttp.ClientSession() as http:
        for path, status in (("/metrics", 404), ("/health", 200)):
            async with http.get(f"http://127.0.0.1:{ports[0]}{path}") as answer:
                assert answer.status == status
    await program.kill()


async def test_nothing_listens_that_was_not_asked_for(quiet_city, forge):
    program = await forge.start(environment(quiet_city.settings()))
    await program.writes("bot.started")
    assert listening(program.pid) == []
    await program.kill()


def _port(program: Program) -> int:
    found = re.search(r'"port": (\d+), "event": "monitor.started"', program.err)
    assert found
    return int(found[1])


def listening(pid: int) -> list[int]:
    """The ports this process listens on, as the kernel has them."""
    links = [p.readlink() for p in Path(f"/proc/{pid}/fd").iterdir() if p.is_symlink()]
    own = {m[1] for link in links if (m := re.fullmatch(r"socket:\[(\d+)\]", str(link)))}
    table = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return [int(r[1].split(":")[1], 16) for r in table if r[3] == "0A" and r[9] in own]


# -- the outbox --------------------------------------------------------------------------------


async def becomes(city: City, row_id: int, state: str) -> None:
    query = "SELECT state FROM outbox WHERE id = ?"
    await until(city, lambda: ask(city, query, row_id) == [(state,)])


async def blocked_once(operator: Operator) -> tuple[Person, str, int]:
    """Somebody who had blocked the bot when their petition was accepted; number, message."""
    city = operator.city
    chen = await city.citizen()
    number, _, _ = await file_petition(chen)
    await chen.block()
    await accept(city)
    query = "SELECT id FROM outbox WHERE key = 'notice.accepted' AND state = 'blocked'"
    await until(city, lambda: len(ask(city, query)) == 1)
    return chen, number, ask(city, query)[0][0]


async def accept(city: City) -> None:
    """An officer takes the case and accepts it."""
    for button in ("认领", "受理"):
        await city.li.expect(_has(button), chat=city.zhujian)
        await city.li.tap(button, chat=city.zhujian)


def _has(label: str) -> Callable[[Any], bool]:
    return lambda seen: seen.data(label) is not None


async def test_what_a_blocker_missed_is_listed_and_sent_again(operator):
    chen, number, row_id = await blocked_once(operator)
    (told,) = await operator.lines("list", "--state", "blocked", "--petition", number)
    assert (told["id"], told["state"], told["reason"]) == (row_id, "blocked", "forbidden")
    assert (told["notice"], told["petition"]) == ("notice.accepted", number)
    assert (told["required"], told["can_return"]) == (True, True)
    assert re.fullmatch(r"2026-03-02T10:\d\d:\d\d\+08:00", told["due"])
    table = await operator.run("list", "--state", "blocked")
    head, *rows = table.splitlines()
    assert set(head.split()) == HEADS
    assert [row.split()[:3] for row in rows] == [[str(row_id), "blocked", "forbidden"]]
    assert re.search(r"blocked +forbidden +1", await operator.run("counts"))

    await chen.unblock()
    assert await operator.run("retry", str(row_id)) == f"{row_id}: waits again\n"
    await chen.expect(ZH.accepted)  # the running bot found it by itself
    await becomes(operator.city, row_id, "sent")
    again = await operator.run("retry", str(row_id), "4040", code=1)
    assert again.splitlines() == [
        f"{row_id}: it is not one that failed: sent",
        "4040: there is no such message",
    ]


async def test_all_that_ended_so_since_a_day_comes_back(operator):
    chen, _, row_id = await blocked_once(operator)
    await chen.unblock()
    since = ("--state", "blocked", "--since")
    assert await operator.run("retry", *since, "2026-03-03") == ""
    assert await operator.lines("retry", *since, "2026-03-02") == [
        {"id": row_id, "done": True, "why": None}
    ]
    await chen.expect(ZH.accepted)


async def test_nothing_of_what_is_said_and_nobody_is_shown(operator):
    chen, number, row_id = await blocked_once(operator)
    shown = [
        await operator.run(*command, *more)
        for command in (("list", "--petition", number), ("show", str(row_id)), ("counts",))
        for more in ((), ("--json",))
    ]
    for text in shown:
        plain = text.replace(number, "")
        for private in (chen.name, str(chen.id), "水管", "受理"):
            assert private not in plain
    with_chats = await operator.lines("list", "--petition", number, "--chats")
    assert {line["chat"] for line in with_chats} == {chen.id, operator.city.zhujian.id}
    assert f"chat: {chen.id}" in await operator.run("show", str(row_id), "--chats")


async def test_a_list_that_was_cut_says_so(operator):
    """Who had 51 failures read 50 and thought that was all."""
    _, number, _ = await blocked_once(operator)
    asked = ("outbox", "list", "--petition", number, "--json", "--limit")
    for limit, cut in ((1, True), (50, False)):
        done = await operator.forge.run(operator.env, *asked, str(limit))
        assert (len(done.out.splitlines()) == 1) is cut
        assert (f"more than these {limit}" in done.err) is cut


async def test_what_waits_for_the_morning_is_called_off_by_a_word_more(operator):
    city = operator.city
    chen = await city.citizen()
    number, _, _ = await file_petition(chen)
    await city.client.clock(set="2026-03-02T15:00:00+00:00")  # 23:00 there
    await accept(city)
    query = "SELECT id FROM outbox WHERE key = 'notice.accepted' AND reason = 'quiet hours'"
    await until(city, lambda: len(ask(city, query)) == 1)
    (told,) = await operator.lines("list")
    assert (told["state"], told["petition"]) == ("deferred", number)
    assert told["due"] == "2026-03-03T07:00:00+08:00"
    row_id = str(told["id"])
    refused = await operator.run("cancel", row_id, "--reason", "wrong", code=1)
    assert "--even-required" in refused
    off = ("cancel", row_id, "--reason", "wrong", "--even-required")
    assert await operator.run(*off) == f"{row_id}: called off\n"
    assert "reason: called off though required: wrong" in await operator.run("show", row_id)
    await city.later(hours=10)
    assert await operator.lines("list") == []
    await chen.type("/help")
    await chen.expect("怎么用")
    assert not [seen for seen in await chen.sees() if ZH.accepted in seen.text]


WRONG = {
    "an unknown state": ("list", "--state", "lost"),
    "an unknown number": ("list", "--petition", "990100-20260302-00001-6"),
    "no number": ("list", "--petition", "x"),
    "no day": ("list", "--since", "yesterday"),
    "no message": ("show", "404"),
    "nothing to retry": ("retry",),
    "both": ("retry", "1", "--state", "failed", "--since", "2026-03-02"),
    "no time": ("retry", "--state", "failed"),
    "no reason": ("cancel", "1"),
    "a reason of one's own": ("cancel", "1", "--reason", "because"),
}


@pytest.mark.parametrize("what", WRONG)
async def test_what_is_wrong_is_said_in_a_line(alone, what):
    said = await alone.run(*WRONG[what], code=2)
    assert said.startswith("minsheng: ") or "Usage:" in said


async def test_a_busy_database_is_named_and_nothing_is_half_done(alone):
    assert await alone.run("list") == "none\n"  # there is a database now
    file = alone.city.settings().sqlite_file
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        said = await alone.run("retry", "1", code=2)
        assert said.startswith("minsheng: DATABASE_URL: database is locked")
        other.execute("COMMIT")
    assert await alone.run("retry", "1", code=1) == "1: there is no such message\n"


async def test_two_operators_bring_the_same_back_once(operator):
    chen, _, row_id = await blocked_once(operator)
    await chen.unblock()
    done = await asyncio.gather(
        *(operator.forge.run(operator.env, "outbox", "retry", str(row_id)) for _ in range(2))
    )
    assert sorted(d.code for d in done) == [0, 1]
    await becomes(operator.city, row_id, "sent")
    told = [seen.text for seen in await chen.sees() if ZH.accepted in seen.text]
    assert len([text for text in told if "您不在的时候" not in text]) == 1
