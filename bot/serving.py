"""How long does the bot run? From its start until it is told to end."""

import asyncio
import signal

from bot.app import App
from bot.collector import seldom
from bot.settings import Settings


async def serve(settings: Settings) -> None:
    """Start, run until told to end, stop. The start too can be ended: it may wait for long."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    told = asyncio.create_task(stop.wait())
    app = App(settings)
    start = asyncio.create_task(app.start())
    await asyncio.wait((start, told), return_when=asyncio.FIRST_COMPLETED)
    if not start.done():
        start.cancel()
        await asyncio.wait((start,))
    if start.cancelled():
        return
    await start
    seldom()
    await told
    await app.stop()
