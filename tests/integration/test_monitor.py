"""The numbers an operator watches, read from a door out that is at work."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import closing

import aiohttp
import pytest
from doors import WANG, Door, answer, notice
from making import sample_office
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from bot.health import Health
from bot.monitor import Monitor
from bot.settings import SettingsError, load_settings
from notifier.meters import OUTCOMES, Meters
from notifier.outbox import Outbox
from notifier.schedule import Schedule
from storage import due, inbox
from storage.database import Desk, Unavailable
from storage.inbox import Arrival
from storage.messages import Later, Parcel, Skip
from storage.unit import Unit

Numbers = dict[str, float]


def settings(**more: object):
    needed = {"bot_token": "42:test-token", "field_keys": ("k",), "office_file": sample_office()}
    return load_settings(**{**needed, "metrics_port": 0, **more})


class Watched:
    """A door out and its monitor, scraped over HTTP."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.desk: Desk = door.desk
        self.meters = Meters()
        self.health = Health(door.desk)
        door.out = Outbox(door.desk, door.bot, door.hooks, door.gate, self.meters)
        self.monitor = Monitor(settings(), door.desk, self.meters, self.health)

    async def text(self, path: str = "/metrics") -> tuple[int, str]:
        url = f"http://127.0.0.1:{self.monitor.port}{path}"
        async with aiohttp.ClientSession() as http, http.get(url) as answer:
            return answer.status, await answer.text()

    async def scrape(self) -> Numbers:
        status, text = await self.text()
        assert status == 200
        return numbers(text)

    async def outcomes(self) -> dict[str, float]:
        found = await self.scrape()
        counted = {o: found[f'minsheng_sends_total{{outcome="{o}"}}'] for o in OUTCOMES}
        return {outcome: count for outcome, count in counted.items() if count}


def numbers(text: str) -> Numbers:
    """Every number by its name and labels, as the text form itself reads them."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f'{name}="{value}"' for name, value in sample.labels.items())
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


@pytest.fixture
async def watched(door: Door) -> AsyncIterator[Watched]:
    made = Watched(door)
    await made.monitor.start()
    yield made
    await made.monitor.stop()


# -- what became of messages -------------------------------------------------------------------


async def test_each_end_is_counted_once(watched: Watched) -> None:
    door = watched.door
    assert await watched.outcomes() == {}
    door.said["stale"] = Skip(reason="not true any more")
    door.said["night"] = Later(at=door.time.now.replace(hour=23))
    await door.put(answer("1"), answer("2"), answer("<b>"), answer("nobody", chat=-404))
    await door.put(notice("stale"))
    await door.put(notice("night"))
    await door.sweep()
    assert await watched.outcomes() == {
        "sent": 2,
        "failed": 1,
        "gone": 1,
        "skipped": 1,
        "deferred": 1,
    }
    await door.wang.block()
    await door.put(answer("3"))
    assert (await watched.outcomes())["blocked"] == 1


async def test_a_group_the_bot_was_removed_from_counts_as_gone(watched: Watched) -> None:
    door = watched.door
    group = await door.client.group("街道办", [door.wang])
    await door.client.member(group, 42, "kicked")
    await door.put(answer("1", chat=group.id))
    assert await watched.outcomes() == {"gone": 1}


async def test_a_429_is_counted_with_its_seconds(watched: Watched) -> None:
    door = watched.door
    await door.client.fault("sendMessage", "429", retry_after=30, chat_id=WANG, times=2)
    await door.put(answer("1"))
    await door.put(answer("behind"))
    await door.sweep(30)
    await door.sweep(30)
    found = await watched.scrape()
    assert found["minsheng_asked_to_wait_total"] == 2
    assert found["minsheng_asked_to_wait_seconds_total"] == 60
    assert await watched.outcomes() == {"sent": 2, "retried": 2}


@pytest.mark.parametrize(("fault", "unknown"), [("drop_after", 1), ("drop_before", 1), ("500", 0)])
async def test_what_may_have_arrived_and_is_sent_again_is_counted(
    watched: Watched, fault: str, unknown: int
) -> None:
    door = watched.door
    await door.client.fault("sendMessage", fault)
    await door.put(answer("1"))
    await door.sweep(60)
    expected = {"sent": 1, "retried": 1} | ({"unknown": unknown} if unknown else {})
    assert await watched.outcomes() == expected


async def test_what_cannot_be_said_at_all_counts_as_failed_at_the_end(watched: Watched) -> None:
    door = watched.door
    door.said["broken"] = KeyError("x")
    await door.put(notice("broken"))
    for _ in range(12):
        await door.sweep(60)
    assert await watched.outcomes() == {"retried": 9, "failed": 1}


# -- what stands -------------------------------------------------------------------------------


async def test_what_waits_is_read_anew_with_every_scrape(watched: Watched) -> None:
    door = watched.door
    await door.desk.unit(lambda u: inbox.store(u, [Arrival(1, 5, b"{}")]))
    await door.client.down()
    await door.put(answer("1"), notice("n", chat=8))
    door.time.pass_(45)
    found = await watched.scrape()
    waits = 'minsheng_outbox_rows{{priority="{}",state="{}"}}'.format
    assert [found[waits(p, "waiting")] for p in ("answer", "ordinary")] == [1, 1]
    assert found[waits("ordinary", "deferred")] == 0
    assert found['minsheng_outbox_oldest_due_seconds{priority="answer"}'] == 45
    assert (found["minsheng_inbox_new"], found["minsheng_inbox_oldest_new_seconds"]) == (1, 45)
    await door.client.down(False)
    await door.sweep(60)
    await door.desk.unit(lambda u: inbox.set_aside(u, 1, "KeyError"))
    found = await watched.scrape()
    assert [found[waits(p, "waiting")] for p in ("answer", "ordinary")] == [0, 0]
    assert (found["minsheng_inbox_new"], found["minsheng_inbox_set_aside"]) == (0, 1)


async def test_ticks_and_duties_that_fail(watched: Watched) -> None:
    def fail(unit: Unit, duty: due.Duty) -> list[Parcel]:
        raise KeyError(duty.subject)

    schedule = Schedule(watched.desk, fail, {}, meters=watched.meters)
    await watched.desk.unit(lambda u: due.plan(u, "survey", "1001-secret", u.now))
    watched.door.time.pass_(7)
    await schedule.tick()
    await schedule.tick()
    found = await watched.scrape()
    assert found["minsheng_tick_seconds_count"] == 2
    assert 0 < found["minsheng_tick_seconds_sum"] < 20
    assert found['minsheng_duties_failed_total{kind="survey"}'] == 1
    assert (found["minsheng_duties_due"], found["minsheng_duty_oldest_due_seconds"]) == (1, 7)


async def test_what_it_is_and_that_the_database_answers(watched: Watched) -> None:
    found = await watched.scrape()
    assert found["minsheng_database_up"] == 1
    (built,) = (name for name in found if name.startswith("minsheng_build_info"))
    assert re.search(r'schema="\d+"', built)
    assert re.search(r'python="3\.\d+', built)
    assert found["process_resident_memory_bytes"] > 0
    assert await watched.text("/health") == (200, '{"database": "ok"}')


async def test_without_the_database_the_counters_are_still_told(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    await watched.door.put(answer("1"))
    await watched.scrape()

    async def gone(_work: object) -> None:
        raise Unavailable("gone")

    monkeypatch.setattr(watched.desk.database, "read", gone)
    found = await watched.scrape()
    assert found["minsheng_database_up"] == 0
    assert found['minsheng_sends_total{outcome="sent"}'] == 1
    # An old number would look like a quiet desk.
    assert not [name for name in found if name.startswith(("minsheng_outbox", "minsheng_inbox"))]
    assert await watched.text("/health") == (503, '{"database": "unavailable"}')


async def test_two_scrapes_at_once_tell_the_same(watched: Watched) -> None:
    texts = await asyncio.gather(*(watched.text() for _ in range(20)))
    assert {status for status, _ in texts} == {200}
    assert all("minsheng_outbox_rows" in text for _, text in texts)


# -- nobody in it ------------------------------------------------------------------------------


async def test_no_label_holds_a_person_a_chat_or_a_word_of_a_message(watched: Watched) -> None:
    door = watched.door
    await door.put(answer("陈秀英的地址"), answer("<MARKER>"), answer("x", chat=-100777))
    await door.put(notice("accepted", petition_id="PETITION"))
    await door.sweep()
    _, text = await watched.text()
    labels = set(re.findall(r'(\w+)="', text))
    known = {"outcome", "priority", "state", "kind", "le", "version", "schema", "python"}
    assert labels <= known | {"implementation"}
    for private in ("陈秀英", "MARKER", "100777", "PETITION", f'"{WANG}"'):
        assert private not in text
    # The same names, however many chats there are.
    names = set(numbers(text))
    door.time.pass_(5)
    await door.put(*(answer(f"{n}", chat=1000 + n) for n in range(20)))
    assert set(await watched.scrape()) == names


async def test_the_log_names_what_was_refused_by_its_row_and_nobody(watched: Watched) -> None:
    door = watched.door
    door.said["broken"] = KeyError("陈秀英")
    with capture_logs() as log:
        await door.put(answer("<MARKER>"), answer("x", chat=-100777))
        await door.put(notice("broken"))
        await door.sweep()
    assert {e["event"] for e in log} == {"outbox.refused", "outbox.row_failed"}
    known = {"event", "log_level", "row", "key", "error"}
    assert all({"row", "error"} <= set(entry) <= known for entry in log)
    for private in ("陈秀英", "MARKER", "100777"):
        assert private not in str(log)


# -- where it listens --------------------------------------------------------------------------


async def test_it_listens_where_it_is_told_and_nowhere_by_itself(door: Door) -> None:
    silent = Monitor(settings(metrics_port=None), door.desk, Meters(), Health(door.desk))
    await silent.start()
    assert silent.port is None
    await silent.stop()


async def test_a_port_that_is_taken_is_named(door: Door) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        taken_port = settings(metrics_port=taken.getsockname()[1])
        monitor = Monitor(taken_port, door.desk, Meters(), Health(door.desk))
        with pytest.raises(SettingsError, match="METRICS_HOST, METRICS_PORT"):
            await monitor.start()
        await monitor.stop()


async def test_nothing_else_is_served_there(watched: Watched) -> None:
    assert (await watched.text("/webhook"))[0] == 404
    assert (await watched.text("/"))[0] == 404
