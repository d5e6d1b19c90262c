"""The database is busy, the messenger away: it is waited out, and nothing is lost or doubled."""

import asyncio
import sqlite3
from contextlib import closing

from acceptance.scenes import (
    REPLIED,
    ask,
    case,
    current,
    keys,
    newest,
    until,
)
from acceptance.walks import ZH, to_step

from petitions import numbers
from storage.database import Unavailable


async def test_a_busy_database_delays_an_answer_and_loses_nothing(quiet_city, monkeypatch):
    city = quiet_city
    monkeypatch.setattr("storage.sqlite.BUSY_SECONDS", 0.2)
    await city.start()
    chen = await city.citizen()
    await to_step(chen, ZH, "facts")
    mark = newest(city, chen.id)
    path = city.folder / "data" / "minsheng.sqlite3"
    polls = len(await city.client.log(method="getUpdates"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await chen.type("水一直漏。")
        # The bot could not store it, and asked for it again: twice, to be sure it was refused.
        async with asyncio.timeout(20):
            while len(await city.client.log(method="getUpdates")) < polls + 2:
                await city.client.wait((await city.client.state())["seq"], 0.05)
        assert keys(city, chen.id, mark) == []
        other.execute("ROLLBACK")
    await chen.expect("已记下第 1 段", timeout=20)
    assert keys(city, chen.id, mark) == ["text.gathered"]
    assert (await current(city, chen)).answers["facts"] == ["水一直漏。"]


async def test_the_database_busy_in_the_middle_of_a_turn_gives_one_effect(city, monkeypatch):
    """The update is stored already; its own unit meets the lock, and waits it out."""
    monkeypatch.setattr("bot.updates.BUSY_PAUSE", 0.01)
    chen = await city.citizen()
    await to_step(chen, ZH, "facts")
    mark, refused, unit = newest(city, chen.id), [], city.app.desk.unit

    async def busy(work):
        if len(refused) < 8 and work.__qualname__.startswith("Door._handle"):
            refused.append(work)
            raise Unavailable("database is locked")
        return await unit(work)

    monkeypatch.setattr(city.app.desk, "unit", busy)
    await chen.type("水一直漏。")
    await chen.expect("已记下第 1 段")
    assert len(refused) == 8  # more often than a faulty update is tried
    assert keys(city, chen.id, mark) == ["text.gathered"]
    assert ask(city, "SELECT count(*) FROM inbox WHERE state != 'done'") == [(0,)]


async def test_the_messenger_away_for_a_while_what_was_stored_comes_after_in_order(city):
    chen, wang = await city.citizen(), await city.citizen(1002)
    first = await case(city, chen, *REPLIED)
    second = await case(city, chen, *REPLIED, title="楼道灯不亮")
    await until(city, lambda: keys(city, chen.id).count("notice.replied") == 2)
    await until(city, lambda: not ask(city, "SELECT 1 FROM outbox WHERE state = 'waiting'"))
    await to_step(wang, ZH, "facts")
    mark = newest(city, chen.id)

    await city.client.down(True)
    await city.later(days=1, minutes=1)
    for text in ("第一段。", "第二段。", "第三段。"):
        await wang.type(text)
    surveys = "SELECT count(*), max(attempts), max(state) FROM outbox WHERE key = 'notice.survey'"
    await until(city, lambda: ask(city, surveys)[0][0] == 2)
    await until(city, lambda: ask(city, surveys)[0][1] >= 2)  # it was tried
    assert ask(city, surveys)[0][2] == "waiting"
    # The first fails once more on its own: the second waits for it.
    await city.client.fault("sendMessage", "500", chat_id=chen.id)
    await city.client.down(False)

    await wang.expect("已记下第 3 段", timeout=20)
    assert (await current(city, wang)).answers["facts"] == ["第一段。", "第二段。", "第三段。"]
    last = numbers.show(second.number)
    await chen.expect(lambda seen: "共两题" in seen.text and last in seen.text, timeout=20)
    came = [m.text for m in await chen.sees() if "共两题" in m.text]
    found = [n for text in came for n in (first.number, second.number) if numbers.show(n) in text]
    assert found == [first.number, second.number]
    assert keys(city, chen.id, mark) == ["notice.survey"] * 2
