"""The bare messenger, a process of its own: it answers every method, pushes, and takes the time.

Each citizen is in lock-step: the next update is pushed when the reply to the last is there. What
it is told stands in a line of JSON on its standard input (see `Run`); what it found, in a line on
its standard output.
"""

import asyncio
import gc
import json
import re
import sys
import time
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from benchmarks.filing.steps import BOT_ID, SECRET, STEPS
from benchmarks.filing.wire import Answering, Pool

CONNECTIONS = 100
"""The most that the messenger opens to one webhook."""
DATA = re.compile(r'"callback_data": ?"([^"]*)"')
ME = {"id": BOT_ID, "is_bot": True, "first_name": "民声", "username": "minsheng_bot"}
SENDS = ("sendMessage", "editMessageText")


@dataclass(frozen=True)
class Run:
    """Push to this address; so many people at once file so often each, ids from `first`."""

    webhook: str
    people: int
    rounds: int = 1
    first: int = 1_000_000


@dataclass(frozen=True)
class Found:
    """Seconds from the first push until all was there; of each update, ms until its reply."""

    filings: int
    updates: int
    seconds: float
    p50: float
    p99: float
    longest: float
    cards: int
    calls: int
    refused: int

    @property
    def rate(self) -> float:
        """Complete filings a second."""
        return self.filings / self.seconds


class Citizen:
    """One person, filing again and again."""

    def __init__(self, messenger: "Messenger", user: int, rounds: int) -> None:
        self._messenger = messenger
        self._who = {"id": user, "first_name": "陈秀英", "language_code": "zh-hans"}
        self._left = rounds
        self._step = 0
        self._began = 0.0
        self.user = user

    def go(self, data: str = "", message: int = 0) -> None:
        """Do the next step: say it, or tap what was shown."""
        step = STEPS[self._step]
        chat = {**self._who, "type": "private"}
        if step.text:
            said: dict[str, Any] = {"message_id": 1, "date": 1772400000, "chat": chat}
            said |= {"from": {**self._who, "is_bot": False}, "text": step.text}
            if step.text.startswith("/"):
                length = len(step.text)
                said["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
            update = {"message": said}
        else:
            shown = {"message_id": message, "date": 1772400000, "chat": chat, "text": "…"}
            query = {"id": str(self._messenger.next_id()), "chat_instance": "1", "data": data}
            query |= {"from": {**self._who, "is_bot": False}}
            update = {"callback_query": {**query, "message": {**shown, "from": ME}}}
        self._began = time.perf_counter()
        self._messenger.push(update)

    def reads(self, text: str, markup: str, message: int) -> None:
        """Something has come; if it is what was waited for, the next step follows."""
        if STEPS[self._step].reply not in text:
            return
        self._messenger.took.append(time.perf_counter() - self._began)
        self._step += 1
        if self._step == len(STEPS):
            self._step = 0
            self._left -= 1
            self._messenger.filed(self)
            if not self._left:
                return
        wanted = STEPS[self._step].tap
        if not wanted:
            self.go()
            return
        data = next(found for found in DATA.findall(markup) if wanted in found)
        self.go(data, message)


class Messenger:
    """Answers the bot and plays the citizens."""

    def __init__(self) -> None:
        self._ids = 1000
        self._pool = Pool()
        self._citizens: dict[str, Citizen] = {}
        self._path = ""
        self._host = ""
        self._wanted = 0
        self._done = asyncio.Event()
        self.took: list[float] = []
        self._filed = self._cards = self._calls = 0

    def next_id(self) -> int:
        """An id nobody has had."""
        self._ids += 1
        return self._ids

    def push(self, update: dict[str, Any]) -> None:
        """Push it with the next id."""
        body = json.dumps({"update_id": self.next_id(), **update}).encode()  # ASCII, as theirs is
        self._pool.send(
            f"POST {self._path} HTTP/1.1\r\nHost: {self._host}\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )

    def answer(self, path: str, is_json: bool, body: bytes) -> bytes:
        """The least that each method may answer."""
        self._calls += 1
        method = path.rpartition("/")[2]
        if method == "getMe":
            return _ok(ME)
        if method not in SENDS:
            return _ok([]) if method.startswith("getMy") else _ok(True)
        given = _fields(is_json, body)
        chat, message = given["chat_id"], int(given.get("message_id") or self.next_id())
        if given["chat_id"].startswith("-"):
            self._card(method)
        elif citizen := self._citizens.get(chat):
            # After the answer to this call is on its way.
            asyncio.get_running_loop().call_soon(
                citizen.reads, given.get("text", ""), given.get("reply_markup", ""), message
            )
        kind = "private" if not chat.startswith("-") else "supergroup"
        return _ok(
            {
                "message_id": message,
                "date": 1772400000,
                "chat": {"id": int(chat), "type": kind, "title": "群"},
                "from": ME,
                "text": "…",
            }
        )

    async def run(self, run: Run) -> Found:
        """Let them file; returns when every filing and every card is there."""
        address = urlsplit(run.webhook)
        self._path, self._host = address.path, address.netloc
        self._pool = Pool()
        await self._pool.open(address.hostname or "", address.port or 0, CONNECTIONS)
        people = range(run.first, run.first + run.people)
        citizens = [Citizen(self, user, run.rounds) for user in people]
        self._citizens = {str(c.user): c for c in citizens}
        self._wanted, self._filed, self._cards = run.people * run.rounds, 0, 0
        self.took, self._calls = [], 0
        self._done.clear()
        began = time.perf_counter()
        for citizen in citizens:
            citizen.go()
        await self._done.wait()
        seconds = time.perf_counter() - began
        self._pool.close()
        took = sorted(self.took)

        def at(share: float) -> float:
            return took[min(len(took) - 1, int(len(took) * share))] * 1000

        return Found(
            self._filed,
            len(took),
            seconds,
            at(0.5),
            at(0.99),
            took[-1] * 1000,
            self._cards,
            self._calls,
            self._pool.refused,
        )

    def filed(self, _citizen: Citizen) -> None:
        """One more has read their number."""
        self._filed += 1
        self._see()

    def _card(self, method: str) -> None:
        if method == "sendMessage":
            self._cards += 1
            self._see()

    def _see(self) -> None:
        if self._filed >= self._wanted and self._cards >= self._wanted:
            self._done.set()


def _ok(result: object) -> bytes:
    return json.dumps({"ok": True, "result": result}).encode()


def _fields(is_json: bool, body: bytes) -> dict[str, str]:
    if not is_json:
        return dict(parse_qsl(body.decode()))
    given = json.loads(body)
    markup = given.get("reply_markup")
    said = markup if isinstance(markup, str) else json.dumps(markup)
    return {**given, "chat_id": str(given["chat_id"]), "reply_markup": said}


async def main() -> None:
    """Serve; run whatever a line says, until there are no more."""
    gc.disable()  # it must not be the measure that stops
    loop = asyncio.get_running_loop()
    messenger = Messenger()
    server = await loop.create_server(lambda: Answering(messenger.answer), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        print(json.dumps(asdict(await messenger.run(Run(**json.loads(line))))), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
