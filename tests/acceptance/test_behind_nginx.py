"""The web server of deploy/ before real workers: one is killed, and no update is lost.

Needs Debian's nginx (MINSHENG_NGINX names one elsewhere); its configuration is the one that is
shipped, with the ports, the certificate and the networks of this test in place of an office's.
"""

import asyncio
import io
import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import pytest
from acceptance.conftest import City
from acceptance.programs import Forge, Program, environment
from certificates import a_certificate
from servers import Server

NGINX = os.environ.get("MINSHENG_NGINX") or shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
DEPLOY = Path(__file__).parents[2] / "deploy" / "nginx"
SECRET = "a-secret-of-this-test"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
COUNT = 150
CITIZENS = range(3001, 3031)

pytestmark = pytest.mark.skipif(NGINX is None, reason="no nginx here to try deploy/nginx with")


def free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Front:
    """nginx as it is shipped, on ports of this test's."""

    def __init__(self, folder: Path, workers: list[int], allowed: str = "127.0.0.1") -> None:
        self.folder = folder
        folder.mkdir()
        a_certificate(folder)
        self.port, self.inner = free_port(), free_port()
        site = (DEPLOY / "minsheng.conf").read_text("utf-8")
        for old, new in (
            ("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl"),
            ("listen 127.0.0.1:8080", f"listen 127.0.0.1:{self.inner}"),
            ("/etc/nginx/tls", str(folder)),
            ("allow 91.108.4.0/22;", f"allow 91.108.4.0/22; allow {allowed};"),
        ):
            assert old in site, old
            site = site.replace(old, new)
        upstream = (DEPLOY / "upstream-systemd.conf").read_text("utf-8")
        ports = iter(workers)
        upstream = re.sub(r"(?<=127\.0\.0\.1:)844\d", lambda _: str(next(ports)), upstream)
        user = "user root;" if os.geteuid() == 0 else ""
        places = "".join(
            f"{kind}_temp_path {folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
            f"http {{ {places}\n{upstream}\n{site}\n}}"
        )
        self._call = [str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf")]
        self._process: subprocess.Popen[bytes] | None = None

    def test(self) -> "subprocess.CompletedProcess[bytes]":
        """`nginx -t`."""
        return subprocess.run([*self._call, "-t"], capture_output=True, check=False)

    async def start(self) -> None:
        """Start it, and wait until it listens."""
        self._process = self._open()
        async with asyncio.timeout(10):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.inner)
                except ConnectionRefusedError:
                    assert self._process.poll() is None, (self.folder / "error.log").read_text()
                    await asyncio.sleep(0.02)
                else:
                    writer.close()
                    return

    def _open(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(self._call)

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)


class Site:
    """Three workers on one PostgreSQL behind nginx."""

    def __init__(self, city: City, forge: Forge, folder: Path) -> None:
        self.city = city
        self.forge = forge
        self.folder = folder
        self.workers: list[Program] = []
        self.front: Front
        self.http: aiohttp.ClientSession

    async def start(self, **front: Any) -> None:
        self.workers = [await self.worker() for _ in range(3)]
        ports = [_port(worker) for worker in self.workers]
        self.front = Front(self.folder / "nginx", ports, **front)
        await self.front.start()
        trusted = ssl.create_default_context(cafile=str(self.front.folder / "fullchain.pem"))
        self.http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trusted, limit=40))

    async def worker(self, port: int = 0) -> Program:
        """A worker, on this port or on one of its own."""
        env = environment(
            self.city.settings(),
            WEBHOOK_URL="http://127.0.0.1:9/webhook",
            WEBHOOK_SECRET=SECRET,
            LISTEN_PORT=str(port),
        )
        worker = await self.forge.start(env)
        await worker.writes("bot.started")
        return worker

    async def ask(self, path: str, verb: str = "GET", inner: bool = False, **more: Any) -> int:
        where = f"http://127.0.0.1:{self.front.inner}" if inner else self.url
        async with self.http.request(verb, where + path, **more) as answer:
            await answer.read()
            return answer.status

    @property
    def url(self) -> str:
        return f"https://localhost:{self.front.port}"

    async def push(self, body: Any) -> int:
        """Deliver an update through the front; the status of the answer."""
        return await self.ask("/webhook", "POST", json=body, headers={HEADER: SECRET})

    async def stop(self) -> None:
        await self.http.close()
        self.front.stop()
        for worker in self.workers:
            await worker.kill()


def _port(worker: Program) -> int:
    found = re.search(r'"port": (\d+), "event": "web.started"', worker.err)
    assert found, worker.err
    return int(found[1])


def says(number: int, user: int, text: str) -> dict[str, Any]:
    return {
        "update_id": 700_000_000 + number,
        "message": {
            "message_id": number + 1,
            "date": 1772400000,
            "chat": {"id": user, "type": "private", "first_name": "陈秀英"},
            "from": {"id": user, "is_bot": False, "first_name": "陈秀英"},
            "text": text,
        },
    }


@pytest.fixture
async def site(
    quiet_city: City, forge: Forge, postgres: Server, tmp_path: Path
) -> AsyncIterator[Site]:
    quiet_city.database_url = await postgres.empty()
    made = Site(quiet_city, forge, tmp_path)
    yield made
    await made.stop()


def test_what_is_shipped_is_what_nginx_reads(tmp_path: Path) -> None:
    done = Front(tmp_path / "nginx", [1, 2, 3]).test()
    assert done.returncode == 0, done.stderr.decode()
    broken = Front(tmp_path / "broken", [1, 2, 3])
    conf = broken.folder / "nginx.conf"
    conf.write_text(conf.read_text().replace("proxy_pass", "proxy_past"))
    assert broken.test().returncode != 0


async def test_a_worker_is_killed_and_no_update_is_lost(site: Site) -> None:
    await site.start()
    for user in CITIZENS:
        await site.city.client.post("people", id=user, started=True)
    log = await site.city.client.log()
    begun = log[-1]["seq"] if log else 0
    killed = asyncio.Event()

    async def deliver(number: int) -> int:
        if number == COUNT // 3:
            await site.workers[0].kill()
            killed.set()
        return await site.push(says(number, CITIZENS[number % len(CITIZENS)], "/help"))

    together = asyncio.Semaphore(12)

    async def in_turn(number: int) -> int:
        async with together:
            return await deliver(number)

    answers = await asyncio.gather(*map(in_turn, range(COUNT)))
    assert killed.is_set()
    assert answers == [200] * COUNT  # the messenger had to send none of them again
    # As systemd does: started anew, where it was.
    site.workers[0] = await site.worker(_port(site.workers[0]))

    connection = await asyncpg.connect(site.city.database_url)
    ours = "update_id >= 700000000 GROUP BY state"
    async with asyncio.timeout(120):
        while True:
            found = await connection.fetch(f"SELECT state, count(*) FROM inbox WHERE {ours}")
            waiting = await connection.fetchval(
                "SELECT count(*) FROM outbox WHERE state = 'waiting'"
            )
            if dict(map(tuple, found)) == {"done": COUNT} and not waiting:
                break
            await asyncio.sleep(0.2)
    await connection.close()
    sent = await site.city.client.log(begun, "sendMessage")
    told = [int(each["params"]["chat_id"]) for each in sent if each["status"] == 200]
    each_of = COUNT // len(CITIZENS)
    # What the dead one was sending goes out again: at least once, as every message does.
    assert all(told.count(user) >= each_of for user in CITIZENS)


async def test_nothing_but_the_webhook_is_passed_on(site: Site) -> None:
    await site.start()
    update = says(1, 3001, "/help")
    assert await site.push(update) == 200
    for path in ("/health", "/ready", "/metrics", "/", "/webhook/", "/webhook/x"):
        assert await site.ask(path) == 404, path
    assert await site.ask("/webhook") == 403  # a GET
    assert await site.ask("/webhook", "POST", json=update) == 401  # no secret: the worker's word
    large = io.BytesIO(b"a" * (1024 * 1024 + 1))
    assert await site.ask("/webhook", "POST", data=large) == 413
    assert await site.ask("/ready", inner=True) == 200
    assert await site.ask("/metrics", inner=True) == 404
    for worker in site.workers:
        await worker.kill()
    assert await site.ask("/ready", inner=True) == 502
    assert await site.push(says(2, 3001, "/help")) == 502  # the messenger sends it again


async def test_who_is_not_the_messenger_is_turned_away(site: Site) -> None:
    await site.start(allowed="192.0.2.1")
    assert await site.push(says(1, 3001, "/help")) == 403
