"""Two servers of PostgreSQL's wheel: a primary, and a standby that every commit waits for."""

import contextlib
import itertools
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from servers import OPTIONS, PATIENCE, Process, _end_with_parent

NAMES = ("one", "two")


class Pair:
    """Two servers, one of which is the primary; close it."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._programs = process._programs / "bin"
        self._folder = process._folder / f"pair-{time.monotonic_ns()}"
        self._folder.mkdir()
        if process._user:
            shutil.chown(self._folder, process._user)
        self.ports = {name: _free_port() for name in NAMES}
        self._thread = ThreadPoolExecutor(1)
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.primary, self.standby = NAMES
        self._made = (f"desk_{n}" for n in itertools.count())

    def database(self, first: str = NAMES[0]) -> str:
        """The address of a new database: both servers, `first` before the other."""
        name = next(self._made)
        self.tell(self.primary, f"CREATE DATABASE {name}")
        order = sorted(NAMES, key=lambda server: server != first)
        hosts = ",".join(f"127.0.0.1:{self.ports[server]}" for server in order)
        return f"postgresql://minsheng@{hosts}/{name}?target_session_attrs=read-write"

    def at(self, name: str, database: str = "postgres") -> str:
        """The address of one of them."""
        return f"postgresql://minsheng@127.0.0.1:{self.ports[name]}/{database}"

    def make(self) -> None:
        """A primary with nothing in it, and its standby; every commit waits for both."""
        how = ["--locale=C.UTF-8", "--username=minsheng", "--auth=trust", "--no-sync"]
        self._call("initdb", "-D", self._data(self.primary), *how)
        self._start(self.primary)
        self.follow()

    def follow(self) -> None:
        """Make a standby of the primary as it is, in place of whatever was there."""
        shutil.rmtree(self._data(self.standby), ignore_errors=True)
        source = f"{self.at(self.primary)}?application_name={self.standby}"
        how = ["--write-recovery-conf", "--checkpoint=fast", "--no-sync"]
        self._call("pg_basebackup", "-D", self._data(self.standby), "-d", source, *how)
        with (self._data(self.standby) / "postgresql.auto.conf").open("a") as told:
            # The copy brings this along, and once promoted would wait for a standby nobody made.
            told.write("synchronous_standby_names = ''\n")
        self.start_standby()
        self.tell(self.primary, f"ALTER SYSTEM SET synchronous_standby_names = '{self.standby}'")
        self.tell(self.primary, "SELECT pg_reload_conf()")
        wanted = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
        _until(lambda: self.tell(self.primary, wanted) == "1", "a synchronous standby")

    def start_standby(self) -> None:
        """Start it where it left off."""
        self._start(self.standby)

    def kill(self, name: str) -> None:
        """kill -9 the server and all it has started."""
        running = self._running.pop(name)
        self._signal(running.pid, signal.SIGKILL)
        running.wait(PATIENCE)
        (self._data(name) / "postmaster.pid").unlink()

    def halt(self, name: str) -> None:
        """It takes connections and answers nobody any more, as one whose disk hangs."""
        self._signal(self._running[name].pid, signal.SIGSTOP)

    def promote(self) -> None:
        """The standby is the primary from now on."""
        self._call("pg_ctl", "promote", "-D", self._data(self.standby), "--wait", "--silent")
        self.primary, self.standby = self.standby, self.primary

    def close(self) -> None:
        """End what still runs."""
        for name in list(self._running):
            self.kill(name)
        self._thread.shutdown()
        shutil.rmtree(self._folder)

    def _signal(self, pid: int, number: int) -> None:
        """To the server and to each of its processes, of which none is in its group."""
        os.kill(pid, signal.SIGSTOP)  # so that it starts no more of them
        found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, check=False)
        for one in (pid, *map(int, found.stdout.split())):
            with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
                os.kill(one, number)

    def _data(self, name: str) -> Path:
        return self._folder / name

    def _start(self, name: str) -> None:
        options = OPTIONS | {"listen_addresses": "127.0.0.1", "port": str(self.ports[name])}
        options |= {"unix_socket_directories": ""}
        told = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        log = self._folder / f"{name}.log"
        with log.open("ab") as written:
            # The kernel ends it with the thread that started it, so that is one that stays.
            started = self._thread.submit(
                subprocess.Popen,
                [str(self._programs / "postgres"), "-D", str(self._data(name)), *told],
                stdout=written,
                stderr=written,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=_end_with_parent,
                **self._process._as_user(),
            ).result()
        self._running[name] = started
        ready = ["-q", "-h", "127.0.0.1", "-p", self.ports[name]]

        def is_ready() -> bool:
            assert started.poll() is None, log.read_text()
            return self._run("pg_isready", *ready).returncode == 0

        _until(is_ready, f"{name} is ready")

    def tell(self, name: str, statement: str, database: str = "postgres") -> str:
        """What this one answers."""
        done = self._call("psql", "-d", self.at(name, database), "-X", "-A", "-t", "-c", statement)
        return done.stdout.decode().strip()

    def _call(self, program: str, *arguments: object) -> subprocess.CompletedProcess[bytes]:
        done = self._run(program, *arguments)
        assert done.returncode == 0, done.stderr.decode()
        return done

    def _run(self, program: str, *arguments: object) -> subprocess.CompletedProcess[bytes]:
        return self._process._call(self._programs / program, *arguments)


def _until(true: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"{what}: not within {PATIENCE} s"
        time.sleep(0.05)


def _free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
