"""Which of several servers takes writes now? The hosts of one address, each tried for itself.

The driver reads such an address too, but gives all its hosts one time together: a first one that
hangs, as a machine without power does, would leave none for the others. What was asked of such a
one is not answered either; as soon as another takes writes, nobody waits for it any more.
"""

import asyncio
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from weakref import WeakKeyDictionary

import asyncpg

from storage.database import Unavailable

ALONE_SECONDS = 5.0
"""How long the only host may take to let us in."""
EACH_SECONDS = 2.0
"""How long each of several may: shorter than who does not connect takes to be thought dead."""
WATCH_SECONDS = 2.0
"""So often one looks, where there are several, whether another one takes writes by now."""
ATTRS = "target_session_attrs"
NEXT = (
    OSError,  # not there, or it does not answer
    asyncpg.PostgresError,  # starting, or ending; a standby that has yet to hear of the database
)


class Hosts:
    """The servers that an address names; the one that took us last is tried first."""

    def __init__(self, url: str) -> None:
        self._urls = each(url)
        self._first = 0
        several = len(self._urls) > 1
        self._seconds = EACH_SECONDS if several else ALONE_SECONDS
        # Of a primary and its standby the standby is never meant, unless the address says so.
        self._wanted: dict[str, Any] = {} if ATTRS in url or not several else {ATTRS: "read-write"}
        self._made: WeakKeyDictionary[Any, int] = WeakKeyDictionary()
        # One of them takes writes at a time, unless the address wants something else.
        self.one_writes = several and (
            bool(self._wanted) or f"{ATTRS}=read-write" in url or f"{ATTRS}=primary" in url
        )

    async def connect(self, **how: Any) -> Any:
        """A connection to the first of them that is as the address wants it.

        Raises `Unavailable` when there is none, or what the driver does.
        """
        failed: BaseException | None = None
        for number in self._in_turn():
            try:
                made = await asyncpg.connect(
                    self._urls[number], timeout=self._seconds, **self._wanted, **how
                )
            except asyncpg.TargetServerAttributeNotMatched:
                continue  # a standby
            except NEXT as error:
                failed = failed or error
                continue
            except (ValueError, OverflowError, asyncpg.InterfaceError):
                # What asyncpg says of it quotes it.
                raise Unavailable("its address cannot be read") from None
            self._made[made] = number
            if number != self._first:
                self._first = number
                self._leave_others()
            return made
        raise failed or Unavailable("no host of its address takes writes")

    async def watch(self) -> None:
        """Look again and again which one it is: whoever waits for one that hangs cannot."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            try:
                found = await self.connect()
                await found.close(timeout=self._seconds)
            except (Unavailable, asyncpg.PostgresError, OSError):
                continue  # whoever wants something of it is told

    def _leave_others(self) -> None:
        """It is another one now: what was asked of the one before will not be answered."""
        for connection, number in list(self._made.items()):
            if number != self._first:
                connection.terminate()

    def _in_turn(self) -> list[int]:
        first, count = self._first, len(self._urls)
        return [(first + further) % count for further in range(count)]


def each(url: str) -> list[str]:
    """The address of each host that this one names, and otherwise as it is."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return [url]  # the driver tells what is wrong with it
    who, at, hosts = parts.netloc.rpartition("@")
    if "," in hosts:
        return [urlunsplit(parts._replace(netloc=f"{who}{at}{h}")) for h in hosts.split(",")]
    query = parse_qsl(parts.query)
    named = dict(query)
    if hosts or "," not in named.get("host", ""):
        return [url]
    several = named["host"].split(",")
    ports = named.get("port", "").split(",")
    if len(ports) != len(several):
        ports = ports[:1] * len(several)
    found = []
    for host, port in zip(several, ports, strict=True):
        one = named | {"host": host} | ({"port": port} if port else {})
        found.append(urlunsplit(parts._replace(query=urlencode(one))))
    return found
