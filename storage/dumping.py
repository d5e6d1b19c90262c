"""How is a PostgreSQL copied? By its own pg_dump, at one moment, while everybody goes on."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from storage.copying import CopyError

DUMP = "minsheng.dump"
LOOK_SECONDS = 0.5
"""Between two looks at whether it is to end."""
KNOWN = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "database": "PGDATABASE",
    "passfile": "PGPASSFILE",
    "sslmode": "PGSSLMODE",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslrootcert": "PGSSLROOTCERT",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}
"""What an address may name beside its hosts, and the variable that PostgreSQL's tools read."""


def dump(url: str, target: Path, ends: Callable[[], bool]) -> None:
    """Write everything to `target`; `ends` is asked in between whether to give up.

    Raises `CopyError`.
    """
    program = shutil.which("pg_dump")
    if program is None:
        raise CopyError("pg_dump is not there: install PostgreSQL's client, as new as the server")
    # The address goes by the environment: whoever lists processes reads what they were called with.
    environment = {**os.environ, **variables(url)}
    call = [program, "--format=custom", "--no-password", f"--file={target}"]
    target.touch(0o600)
    with subprocess.Popen(  # noqa: S603 - nothing in it was typed by anybody
        call, env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as running:
        said = _wait(running, ends)
    if running.returncode:
        raise CopyError(f"pg_dump failed: {said or running.returncode}")


def _wait(running: "subprocess.Popen[bytes]", ends: Callable[[], bool]) -> str:
    """The last it said before it ended."""
    while True:
        try:
            _, said = running.communicate(timeout=LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            if ends():
                running.kill()
                raise CopyError("ended before it was whole") from None
        else:
            return said.decode("utf-8", "replace").strip().rpartition("\n")[2]


def variables(url: str) -> Mapping[str, str]:
    """An address of PostgreSQL's as the variables that its tools read. Raises `CopyError`."""
    parts = urlsplit(url)
    login, _, places = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    hosts = [re.fullmatch(r"(\[.*\]|[^:]*):?(\d*)", place) for place in places.split(",")]
    if None in hosts:
        raise CopyError("DATABASE_URL: its hosts cannot be read")
    found = {
        "user": unquote(user),
        "password": unquote(password),
        "host": ",".join(host[1].strip("[]") for host in hosts if host),
        "port": ",".join(host[2] or "5432" for host in hosts if host) if places else "",
        "dbname": unquote(parts.path.removeprefix("/")),
        **dict(parse_qsl(parts.query)),
    }
    if "," in found["host"]:  # of a primary and its standby the standby is never meant
        found.setdefault("target_session_attrs", "read-write")
    return {KNOWN[name]: value for name, value in found.items() if value and name in KNOWN}
