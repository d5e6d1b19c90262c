"""Can the world be arranged, broken, watched, and found again after a restart?"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

import aiohttp
import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)

from emulator import Client, Emulator, LocalSession, Person


def make_bot(url: str) -> Bot:
    return Bot("42:x", session=LocalSession(url, timeout=5))


async def test_faults(bot: Bot, client: Client, wang: Person) -> None:
    await client.fault("sendMessage", "429", retry_after=3)
    with pytest.raises(TelegramRetryAfter) as caught:
        await bot.send_message(7, "x")
    assert caught.value.retry_after == 3
    for kind in ("500", "502"):
        await client.fault("*", kind, chat_id=7)
        with pytest.raises(TelegramServerError):
            await bot.send_message(7, "x")
    await client.fault("sendMessage", "drop_before")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(7, "lost")
    await client.fault("sendMessage", "timeout")
    with pytest.raises(TelegramNetworkError, match="timeout"):
        await bot.send_message(7, "lost", request_timeout=1)
    assert [m.text for m in await wang.sees()] == ["/start"]
    await client.fault("sendMessage", "drop_after")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(7, "arrived")
    await wang.expect("arrived")
    await client.fault("*", "500", times=9)
    await client.no_faults()
    await bot.send_message(7, "x")
    log = await client.log(method="sendMessage")
    assert [entry["status"] for entry in log] == [429, 500, 502, 0, 0, 0, 200]
    assert log[-1]["finished"] >= log[-1]["received"]


async def test_the_whole_messenger_down_and_up(
    bot: Bot, client: Client, emulator: Emulator, wang: Person
) -> None:
    await bot.get_updates(offset=-1)
    [update] = await bot.get_updates()
    poll = asyncio.create_task(bot.get_updates(offset=update.update_id + 1, timeout=30))
    await asyncio.wait([poll], timeout=0.1)
    await client.down()
    with pytest.raises(TelegramNetworkError):
        await asyncio.wait_for(poll, 2)
    with pytest.raises(TelegramNetworkError):
        await bot.get_me()
    await wang.type("still here")
    await client.down(False)
    assert len(await bot.get_updates()) == 1


async def test_limits(bot: Bot, client: Client, wang: Person) -> None:
    await client.limits()
    await bot.send_message(7, "x")
    with pytest.raises(TelegramRetryAfter) as caught:
        await bot.send_message(7, "y")
    assert caught.value.retry_after == 1
    await client.limits(False)
    await bot.send_message(7, "y")


async def test_the_page_hears_of_everything(bot: Bot, client: Client, wang: Person) -> None:
    li = await client.person(8, "李雷")
    await li.type("/start")
    seen: list[dict[str, object]] = []

    async def listen() -> None:
        after = (await client.state())["seq"]
        url = f"{client.url}/_/events?viewer=7&after={after}"
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            assert response.content_type == "text/event-stream"
            started.set()
            async for line in response.content:
                if line.startswith(b"data: "):
                    seen.append(json.loads(line[6:]))
                    if seen[-1]["type"] == "clock":
                        return

    started = asyncio.Event()
    listener = asyncio.create_task(listen())
    await started.wait()
    await bot.send_chat_action(7, "typing")
    await bot.send_message(8, "not for wang")
    sent = await bot.send_message(7, "<a>")
    await bot.edit_message_text("b", chat_id=7, message_id=sent.message_id)
    await bot.delete_message(7, sent.message_id)
    await client.clock(add=60)
    await asyncio.wait_for(listener, 5)
    assert [e["type"] for e in seen] == ["typing", "message", "edited", "deleted", "clock"]
    message = seen[1]["message"]
    assert isinstance(message, dict)
    assert (message["html"], message["out"]) == ("&lt;a&gt;", False)


async def test_nobody_reads_what_is_not_theirs(client: Client, wang: Person) -> None:
    await client.person(8, "李雷")
    with pytest.raises(RuntimeError, match="cannot see the private chat"):
        await client.messages(7, viewer=8)
    async with aiohttp.ClientSession(client.url) as session:
        for odd in ("..%2F..%2Fetc%2Fpasswd", "x", "%00"):
            async with session.get(f"/_/files/{odd}") as response:
                assert response.status in (400, 404)


async def test_other_sites_and_strangers_are_kept_out(client: Client, wang: Person) -> None:
    desk = await client.group("街道办", [wang])
    li = await client.person(8, "李雷")
    with pytest.raises(RuntimeError, match="8 is not in the group"):
        await li.sees(desk)
    for wrong in (42, -7):
        with pytest.raises(RuntimeError, match="cannot be a person's id"):
            await client.person(wrong, "x")
    url = f"{client.url}/_/state"
    for origin, status in (("http://evil.example", 403), (client.url, 200)):
        headers = {"Origin": origin}
        async with aiohttp.ClientSession() as web, web.get(url, headers=headers) as response:
            assert response.status == status


async def test_files_are_shown_safely(client: Client, wang: Person) -> None:
    page = await wang.document("信 访.html", b"<script>alert(1)</script>")
    url = client.url + page.files[0]["url"]
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    photo = await wang.photo()
    assert (await client.download(photo.files[0]))[:2] == b"\xff\xd8"


async def test_wrong_questions_get_a_reason(client: Client, wang: Person) -> None:
    for path, body in (
        ("send", {"from": 99, "chat_id": 99, "text": "x"}),
        ("send", {"from": 7, "chat_id": -5, "text": "x"}),
        ("edit", {"from": 7, "chat_id": 7, "message_id": 99, "text": "x"}),
        ("faults", {"method": "*", "kind": "odd"}),
        ("members", {"chat_id": -5, "user_id": 7, "status": "odd"}),
        ("people", {"id": "odd"}),
        ("send", {}),
    ):
        with pytest.raises(RuntimeError, match=f"POST /_/{path}: "):
            await client.post(path, **body)


async def test_stopping_ends_everything_at_once() -> None:
    emulator = Emulator(None)
    await emulator.start()
    async with Client(emulator.url) as client, make_bot(emulator.url) as bot:
        await bot.get_me()
        seq = (await client.state())["seq"]
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        wait = asyncio.create_task(client.wait(seq, timeout=30))
        assert not (await asyncio.wait([poll, wait], timeout=0.1))[0]
        began = time.monotonic()
        await emulator.stop()
        assert time.monotonic() - began < 1
        await asyncio.gather(poll, wait, return_exceptions=True)


async def test_a_restart_finds_everything_again(tmp_path: Path) -> None:
    emulator = Emulator(tmp_path)
    await emulator.start()
    async with Client(emulator.url) as client, make_bot(emulator.url) as bot:
        await client.bot("42:x")
        wang = await client.person(7, "王芳")
        desk = await client.group("街道办", [wang], bot_is_admin=True)
        await wang.type("/start")
        photo = await wang.photo(caption="图")
        lost = await bot.send_message(7, "deleted")
        await bot.delete_message(7, lost.message_id)
        pending = [u.update_id for u in await bot.get_updates()]
        await bot.get_updates(offset=pending[1])
        await client.clock(add=86400)
        assert (tmp_path / "clock").read_text() == "86400.0\n"
        before = await wang.screen()
        seq = (await client.state())["seq"]
    await emulator.stop()

    again = Emulator(tmp_path)
    await again.start()
    async with Client(again.url) as client, make_bot(again.url) as bot:
        state = await client.state()
        assert state["offset"] == 86400
        assert state["seq"] > seq
        assert [g["id"] for g in state["groups"]] == [desk.id]
        wang = await client.person(7)
        assert wang.name == "王芳"
        assert await wang.screen() == before
        assert await client.download(photo.files[0])
        assert [u.update_id for u in await bot.get_updates()] == pending[1:]
        assert (await bot.send_message(7, "x")).message_id == lost.message_id + 1
        assert await bot.get_updates(offset=pending[-1] + 1) == []
        await wang.type("new")
        assert [u.update_id for u in await bot.get_updates()] == [pending[-1] + 1]
    await again.stop()


async def test_a_killed_process_loses_nothing_it_answered(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "emulator", "--port", "0", "--data", str(tmp_path)),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    async with Client(url) as client:
        await client.bot("42:x")
        wang = await client.person(7, "王芳")
        for number in range(20):
            await wang.type(str(number))
        process.kill()
        assert await process.wait() < 0
    emulator = Emulator(tmp_path)
    await emulator.start()
    async with Client(emulator.url) as client, make_bot(emulator.url) as bot:
        assert len(await (await client.person(7, "王芳")).sees()) == 20
        assert len(await bot.get_updates()) == 20
    await emulator.stop()
