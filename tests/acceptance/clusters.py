"""A primary and its standby, set up by the scripts of deploy/ as PostgreSQL's image runs them."""

import os
import signal
import socket
import subprocess
import time
from contextlib import closing
from pathlib import Path

from servers import Process

DEPLOY = Path(__file__).parents[2] / "deploy" / "postgres"
PATIENCE = 30.0


class Cluster:
    """Two servers in a folder of their own, on ports of this machine. Close it."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._bin = process._programs / "bin"
        self.folder = process._folder / f"cluster-{time.monotonic_ns()}"
        self.ports = {"primary": _free_port(), "standby": _free_port()}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.folder.mkdir()
        self._secret = self.folder / "replication_password"
        self._secret.write_text("of-this-test\n")
        for name in DEPLOY.iterdir():  # where who runs the servers can read them
            (self.folder / name.name).write_bytes(name.read_bytes())
            (self.folder / name.name).chmod(0o755)
        self._own(self.folder)

    def _own(self, folder: Path) -> None:
        if user := self._process._user:
            subprocess.run(["chown", "-R", user, str(folder)], check=True)

    @property
    def url(self) -> str:
        """Both hosts in one address, whichever of them writes."""
        hosts = ",".join(f"127.0.0.1:{port}" for port in self.ports.values())
        return f"postgresql://minsheng:secret@{hosts}/minsheng?target_session_attrs=read-write"

    def at(self, name: str) -> str:
        """The address of one of them."""
        return f"postgresql://minsheng:secret@127.0.0.1:{self.ports[name]}/minsheng"

    def make(self) -> None:
        """The primary's folder, and what the image does with it at its first start."""
        data = self.folder / "primary"
        password = self.folder / "password"
        password.write_text("secret\n")
        self._own(password)
        self.call(
            "initdb",
            *("--pgdata", data, "--username=minsheng", f"--pwfile={password}", "--no-sync"),
            *("--auth-host=scram-sha-256", "--auth-local=trust", "--locale=C.UTF-8"),
        )
        socket_ = f"-c listen_addresses='' -c unix_socket_directories={self.folder}"
        self.call("pg_ctl", "start", "--pgdata", data, "--wait", "--silent", "--options", socket_)
        self.call("createdb", "--host", self.folder, "--username=minsheng", "minsheng")
        self._script("primary.sh", "primary", PGHOST=str(self.folder))
        self.call("pg_ctl", "stop", "--pgdata", data, "--wait", "--silent")

    def start(self, name: str) -> None:
        """Start one of them, the standby by its script; wait until it answers."""
        more = ["-c", f"port={self.ports[name]}", "-c", "listen_addresses=127.0.0.1"]
        more += ["-c", f"unix_socket_directories={self.folder}", "-c", "shared_buffers=16MB"]
        first = ["postgres"] if name == "primary" else [str(self.folder / "standby.sh")]
        with (self.folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [*first, *more],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env=self._environment(name),
                **self._process._as_user(),
            )
        until = time.monotonic() + PATIENCE
        ready = ["--host=127.0.0.1", f"--port={self.ports[name]}", "--quiet"]
        while self.call("pg_isready", *ready, check=False):
            said = (self.folder / f"{name}.log").read_text()
            assert self._running[name].poll() is None, said
            assert time.monotonic() < until, said
            time.sleep(0.1)

    def kill(self, name: str) -> None:
        """kill -9 the server and all it has started."""
        running = self._running.pop(name)
        os.killpg(running.pid, signal.SIGKILL)
        running.wait(PATIENCE)

    def promote(self) -> None:
        """As fail-over.md has it."""
        self.call("pg_ctl", "promote", "--pgdata", self.folder / "standby", "--wait", "--silent")

    def close(self) -> None:
        """End what still runs."""
        for name in list(self._running):
            self.kill(name)

    def call(self, program: str, *arguments: object, check: bool = True) -> int:
        """One of PostgreSQL's own programs, as who owns the servers."""
        done = subprocess.run(
            [str(self._bin / program), *map(str, arguments)],
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            **self._process._as_user(),
        )
        assert not (check and done.returncode), done.stderr.decode()
        return done.returncode

    def _script(self, name: str, of: str, **env: str) -> None:
        done = subprocess.run(
            [str(self.folder / name)],
            env=self._environment(of) | env,
            check=False,
            capture_output=True,
            **self._process._as_user(),
        )
        assert done.returncode == 0, done.stderr.decode()

    def _environment(self, name: str) -> dict[str, str]:
        return {
            "PATH": f"{self._bin}:{os.environ['PATH']}",
            "PGDATA": str(self.folder / name),
            "POSTGRES_USER": "minsheng",
            "POSTGRES_DB": "minsheng",
            "PRIMARY_HOST": "127.0.0.1",
            "PRIMARY_PORT": str(self.ports["primary"]),
            "REPLICATION_PASSWORD_FILE": str(self._secret),
        }


def _free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
