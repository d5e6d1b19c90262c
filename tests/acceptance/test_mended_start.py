"""What broke at the start once: each test is named for what it was."""

import asyncio
import time

from acceptance.conftest import City

from bot.opening import open_desk
from storage import outbox
from storage.messages import Parcel, Post

LEFT = 240  # more chats than are taken in hand together


async def test_a_start_with_much_left_to_send_answers_taps_before_it_is_through(
    quiet_city: City,
) -> None:
    """The start waited until all that was left had been sent, and listened to nobody till then."""
    people = range(10_001, 10_001 + LEFT)
    for user in people:
        await quiet_city.client.post("people", id=user, started=True)
    slow = {"pace_overall": 20}
    desk = await open_desk(quiet_city.settings(**slow))
    left = [Parcel(chat_id=user, post=Post(key="n", text="n"), urgent=False) for user in people]
    await desk.unit(lambda unit: outbox.put(unit, left))
    await desk.database.close()
    began = time.monotonic()
    await quiet_city.start(**slow)
    wang = await quiet_city.client.person(7, "王芳")
    await wang.type("/start")

    async def answered() -> bool:
        return 7 in [e["chat_id"] for e in await quiet_city.client.log(method="sendMessage")]

    while not await answered():  # noqa: ASYNC110 - the bot does it
        await asyncio.sleep(0.1)
    assert time.monotonic() - began < LEFT / 20 / 2
