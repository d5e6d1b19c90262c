"""How is the emulator run alone? ``python -m emulator --port 8081 --data DIR``."""

from __future__ import annotations

import argparse
import asyncio
import gc
import signal
import sys
from pathlib import Path

from .app import Emulator


async def _run(host: str, port: int, data: Path | None, limits: bool) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    # The collector would walk the library's many model objects again and again.
    gc.collect()
    gc.freeze()
    emulator = Emulator(data, limits=limits)
    await emulator.start(host, port)
    sys.stdout.write(f"{emulator.url}\n")
    sys.stdout.flush()
    await stop.wait()
    await emulator.stop()


def main() -> None:
    """Read the command line and run until interrupted."""
    parser = argparse.ArgumentParser(prog="emulator", description="A messenger on this machine")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--data", type=Path, default=None, help="folder that outlives the process")
    parser.add_argument("--limits", action="store_true", help="enforce Telegram's sending rates")
    given = parser.parse_args()
    asyncio.run(_run(given.host, given.port, given.data, given.limits))


if __name__ == "__main__":
    main()
