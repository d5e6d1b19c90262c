"""A stand-in for the Telegram messenger on this machine, so that nobody needs a token.

Alone::

    python -m emulator --port 8081 --data var/emulator

and give the bot ``BOT_API_URL=http://127.0.0.1:8081`` and any token such as ``42:demo``.

In a test::

    emulator = Emulator(None)            # a folder instead of None remembers
    await emulator.start()
    bot = Bot("42:demo", session=LocalSession(emulator.url))
    async with Client(emulator.url) as client:
        await client.bot("42:demo")      # unless the bot's program has connected already
        wang = await client.person(7, "王芳")
        desk = await client.group("街道办", [wang], bot_is_admin=False)
        await wang.type("/start")
        card = await wang.expect("您好")  # new or edited since wang's last action
        await wang.tap("提交")            # returns the text of the bot's answer
        await client.clock(add=86400)
        await client.fault("sendMessage", "429", retry_after=1, times=2)
        print(await wang.screen(), await client.log(method="sendMessage"))
    await emulator.stop()

``Emulator`` answers the Bot API (``botapi``, ``methods_*``), people are played through
the control API under ``/_/`` (``control*``), by :class:`Client` or by the page.
"""

from .app import Emulator
from .client import Client, Group, Person, Seen
from .session import LocalSession

__all__ = ["Client", "Emulator", "Group", "LocalSession", "Person", "Seen"]
