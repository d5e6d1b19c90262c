"""A messenger's process, and a program that talks with it in a process of its own."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path

from cryptography.fernet import Fernet

from benchmarks.filing.messenger import Found, Run
from benchmarks.filing.steps import BOT_ID, SECRET, TOKEN

__all__ = [
    "BOT_ID",
    "FILE",
    "FLOOR",
    "KEY",
    "OURS",
    "PEER",
    "Messenger",
    "Program",
    "a_messenger",
    "a_program",
]

ROOT = Path(__file__).parents[2]
OURS = ("-c", "from bot.start import main; main()", "run")
PEER = ("-m", "benchmarks.filing.peer")
FLOOR = ("-m", "benchmarks.filing.floor")
FILE = "minsheng.sqlite3"
KEY = Fernet.generate_key().decode()


class Messenger:
    """The bare messenger, to be told who files."""

    def __init__(self, process: asyncio.subprocess.Process, api: str) -> None:
        self._process = process
        self.pid = process.pid
        self.api = api

    async def file(self, run: Run) -> Found:
        """Let so many file."""
        reader, writer = self._process.stdout, self._process.stdin
        assert reader is not None
        assert writer is not None
        writer.write(json.dumps(asdict(run)).encode() + b"\n")
        return Found(**json.loads(await reader.readline()))


class Program:
    """A program that is pushed to."""

    def __init__(self, process: asyncio.subprocess.Process, webhook: str) -> None:
        self.pid = process.pid
        self.webhook = webhook


@asynccontextmanager
async def a_messenger() -> AsyncIterator[Messenger]:
    """A messenger, until it is not needed any more."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.filing.messenger"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdout is not None
    port = int(await process.stdout.readline())
    try:
        yield Messenger(process, f"http://127.0.0.1:{port}")
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def a_program(
    folder: Path, command: Sequence[str], api: str, url: str = ""
) -> AsyncIterator[Program]:
    """One of the programs, from when it listens; its data are in the folder, or at the URL."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    webhook = f"http://127.0.0.1:{port}/webhook"
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": api,
        "FIELD_KEYS": KEY,
        "OFFICE_FILE": str(files("bot") / "sample" / "office.toml"),
        "DATA_FOLDER": str(folder),
        "DATABASE_URL": url or f"sqlite:///{folder / FILE}",
        "WEBHOOK_URL": webhook,
        "WEBHOOK_SECRET": SECRET,
        "LISTEN_PORT": str(port),
        # The messenger's limits are its own: what is measured is how fast the program could be.
        "PACE_OVERALL": "100000",
        "PACE_CHAT": "100000",
        "PACE_GROUP": "6000000",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, stderr=asyncio.subprocess.PIPE, cwd=ROOT, env=env
    )
    assert process.stderr is not None
    said = b""
    while b"bot.started" not in said:
        line = await process.stderr.readline()
        assert line, said.decode()
        said += line
    reading = asyncio.create_task(_pass_on(process.stderr))
    try:
        yield Program(process, webhook)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        await reading


async def _pass_on(reader: asyncio.StreamReader) -> None:
    """What it warns of is shown; that it ends is not news."""
    while line := await reader.readline():
        if b"bot.stopped" not in line:
            sys.stderr.buffer.write(line)
