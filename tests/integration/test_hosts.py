"""Several servers in one address: a host that is away, hangs or takes no writes is passed over."""

import asyncio
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest
from servers import Server

from storage import hosts
from storage.database import Unavailable
from storage.hosts import Hosts, each
from storage.postgres import PostgresDatabase


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("postgresql://u:p@a/d", ["postgresql://u:p@a/d"]),
        (
            "postgresql://u:p@a:1,b,[::1]:3/d?x=y",
            [f"postgresql://u:p@{host}/d?x=y" for host in ("a:1", "b", "[::1]:3")],
        ),
        ("postgresql://a,b/d", ["postgresql://a/d", "postgresql://b/d"]),
        (
            "postgresql://u@/d?host=/a,/b&port=1,2",
            [f"postgresql://u@/d?host=%2F{host}&port={n}" for host, n in (("a", 1), ("b", 2))],
        ),
        ("postgresql://u@/d?host=/a", ["postgresql://u@/d?host=/a"]),
        ("postgresql://[u/d", ["postgresql://[u/d"]),
    ],
)
def test_each_host_has_an_address(url: str, found: list[str]) -> None:
    assert each(url) == found


@pytest.fixture
def hanging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a server that takes connections and says nothing."""
    folder = tmp_path_factory.mktemp("h")
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(folder / ".s.PGSQL.5432"))
        silent.listen()
        yield folder


def before(url: str, *folders: object) -> str:
    """The address with these hosts before its own."""
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if "host" not in query:
        pytest.skip("TEST_DATABASE_URL names a server that is reached by no socket")
    query["host"] = ",".join([*map(str, folders), query["host"]])
    return urlunsplit(parts._replace(query=urlencode(query)))


async def test_a_host_that_hangs_costs_a_moment_and_only_once(
    postgres: Server, hanging: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosts, "EACH_SECONDS", 0.5)
    named = Hosts(before(await postgres.empty(), hanging, "/nowhere"))
    took = []
    for _ in range(2):
        began = time.monotonic()
        connection = await named.connect()
        took.append(time.monotonic() - began)
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()
    assert took[0] >= 0.5
    assert took[1] < 0.5


async def test_where_all_hang_it_is_unavailable(hanging: Path) -> None:
    database = PostgresDatabase(f"postgresql://u@/d?host={hanging},{hanging}")
    began = asyncio.get_running_loop().time()
    with pytest.raises(Unavailable):
        await database.open()
    assert asyncio.get_running_loop().time() - began < 2 * hosts.EACH_SECONDS + 1
    await database.close()


async def test_where_none_takes_writes_it_is_unavailable(postgres: Server) -> None:
    """And not an error of the update's, which would be set aside after five of them."""
    url = await postgres.empty()
    name = urlsplit(url).path.removeprefix("/")
    await postgres.ask(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    for address in (before(url, "/nowhere"), f"{url}&target_session_attrs=read-write"):
        database = PostgresDatabase(address)
        with pytest.raises(Unavailable, match=r"takes writes|No such file"):
            await database.open()
        await database.close()
