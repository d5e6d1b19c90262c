"""The program as a process of its own: started with an environment, read, killed.

Importing aiogram takes seconds, nearly all of a start. So one process imports the program once,
and every program a test wants is forked from it: its own process, which `kill -9` ends like any
other, at a tenth of the cost. `console` runs the installed command itself.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.settings import Settings

COMMAND = str(Path(sys.executable).with_name("minsheng"))
LONG = 65536


def environment(settings: Settings, **more: str) -> dict[str, str]:
    """The environment that gives a program these settings."""
    named = {
        "BOT_TOKEN": settings.bot_token.get_secret_value(),
        "BOT_API_URL": str(settings.bot_api_url),
        "FIELD_KEYS": ",".join(key.get_secret_value() for key in settings.field_keys),
        "OFFICE_FILE": str(settings.office_file),
        "DATA_FOLDER": str(settings.data_folder),
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "DEMO_CLOCK": str(settings.demo_clock or ""),
        "TICK_SECONDS": str(settings.tick_seconds),
        "PACE_OVERALL": str(settings.pace_overall),
        "PACE_CHAT": str(settings.pace_chat),
        "PACE_GROUP": str(settings.pace_group),
        "WEBHOOK_URL": settings.webhook_url,
        "WEBHOOK_SECRET": settings.webhook_secret.get_secret_value(),
        "LISTEN_PORT": str(settings.listen_port),
    }
    return named | more


class Program:
    """A running program; `out` and `err` are what it has written so far."""

    def __init__(self, pid: int, reap: Callable[[int], int]) -> None:
        self.pid = pid
        self.out = ""
        self.err = ""
        self.code: int | None = None
        self._reap = reap
        self._readers: list[asyncio.Task[None]] = []
        self._written = asyncio.Event()

    async def listen(self, out: int, err: int) -> None:
        """Read what the program writes into these pipes."""
        for name, end in (("out", out), ("err", err)):
            self._readers.append(asyncio.create_task(self._read(name, end)))

    async def writes(self, text: str, timeout: float = 20) -> None:  # noqa: ASYNC109
        """Wait until the program has written this to its log."""
        async with asyncio.timeout(timeout):
            while text not in self.err:
                assert not all(reader.done() for reader in self._readers), self.err
                self._written.clear()
                await self._written.wait()

    def signal(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    async def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        if self.code is None:
            self.signal(signal.SIGKILL)
            await self.ends()

    async def ends(self, timeout: float = 30) -> int:  # noqa: ASYNC109
        """Wait for its end; its exit code, negative for a signal."""
        async with asyncio.timeout(timeout):
            await asyncio.wait(self._readers)
        if self.code is None:
            self.code = self._reap(self.pid)
        return self.code

    async def _read(self, name: str, end: int) -> None:
        reader = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(end, "rb", 0)
        )
        try:
            while chunk := await reader.read(LONG):
                setattr(self, name, getattr(self, name) + chunk.decode("utf-8", "replace"))
                self._written.set()
        finally:
            transport.close()
            self._written.set()


class Forge:
    """Makes programs. Close it when all of them are gone."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        root = str(Path(__file__).parents[2])
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(theirs.fileno())], pass_fds=[theirs.fileno()], cwd=root
        )
        theirs.close()

    async def start(self, env: Mapping[str, str], *arguments: str, stdin: bytes = b"") -> Program:
        """`minsheng ARGUMENTS`, forked, with this environment and no other, reading `stdin`."""
        out, out_end = os.pipe()
        err, err_end = os.pipe()
        words = json.dumps({"env": dict(env), "arguments": arguments or ("run",)}).encode()
        with tempfile.TemporaryFile() as given:
            given.write(stdin)
            given.seek(0)
            socket.send_fds(self._socket, [words], [out_end, err_end, given.fileno()])
        os.close(out_end)
        os.close(err_end)
        program = Program(int(self._socket.recv(LONG)), self._reap)
        await program.listen(out, err)
        return program

    async def console(self, env: Mapping[str, str], *arguments: str) -> Program:
        """The installed command, as a shell would start it."""
        out, out_end = os.pipe()
        err, err_end = os.pipe()
        process = _open([COMMAND, *arguments], env, out_end, err_end)
        os.close(out_end)
        os.close(err_end)
        program = Program(process.pid, lambda _pid: process.wait())
        await program.listen(out, err)
        return program

    async def run(self, env: Mapping[str, str], *arguments: str, stdin: bytes = b"") -> Program:
        """Start, and wait for the end."""
        program = await self.start(env, *arguments, stdin=stdin)
        await program.ends()
        return program

    def close(self) -> None:
        """End the forge."""
        self._socket.close()
        self._process.wait(60)

    def _reap(self, pid: int) -> int:
        self._socket.send(json.dumps({"reap": pid}).encode())
        return int(self._socket.recv(LONG))


def _open(command: list[str], env: Mapping[str, str], out: int, err: int) -> Any:
    return subprocess.Popen(command, env=env, stdout=out, stderr=err)


async def until(condition: Callable[[], object], what: str, seconds: float = 20) -> None:
    """Wait for something that sends no event of its own."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{what}: not within {seconds} s"
        await asyncio.sleep(0.005)


def _serve(ours: socket.socket) -> None:
    """Fork programs and reap them, as asked, until nobody asks any more.

    Tests that are cut off cannot end what they started, so what still runs then is ended here.
    """
    import bot.app
    import bot.cli
    import bot.tools  # noqa: F401 - imported once, for all of them

    running: set[int] = set()
    while True:
        words, ends, _, _ = socket.recv_fds(ours, LONG, 3)
        if not words:
            for pid in running:
                os.kill(pid, signal.SIGKILL)
            return
        asked = json.loads(words)
        if "reap" in asked:
            _, status = os.waitpid(asked["reap"], 0)
            running.discard(asked["reap"])
            ours.send(str(os.waitstatus_to_exitcode(status)).encode())
            continue
        pid = os.fork()
        if pid == 0:
            ours.close()
            _become(asked["env"], asked["arguments"], *ends)
        running.add(pid)
        for end in ends:
            os.close(end)
        ours.send(str(pid).encode())


def _become(
    env: Mapping[str, str], arguments: Sequence[str], out: int, err: int, given: int
) -> None:
    """Be the program, in the forked process."""
    from bot.cli import main

    os.dup2(given, 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["minsheng", *arguments]
    code: object = 1
    try:
        main()
        code = 0
    except SystemExit as end:
        code = end.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
