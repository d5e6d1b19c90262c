"""How do tests and scripts drive an emulator? A client of its control API.

It works with an emulator in this process or in another one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiohttp

from .model import Json
from .person import Person
from .seen import Seen

__all__ = ["Client", "Group", "Person", "Seen"]

_PATIENCE = aiohttp.ClientTimeout(total=120)


@dataclass(frozen=True)
class Group:
    """A group chat."""

    id: int
    title: str
    type: str


class Client:
    """Talks to the emulator at ``url``. Close it, or use it as an async context manager."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None
        self._people: dict[int, Person] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def bot(self, token: str, *, privacy: bool = True) -> Json:
        """Make a bot known before its program connects."""
        return dict(await self.post("bot", token=token, privacy=privacy))

    async def person(self, id: int, first_name: str = "", language_code: str = "") -> Person:
        """A person, made if not yet there; their language is zh-hans.

        The same id is the same object, which remembers what this person did last.
        """
        made = await self.post("people", id=id, first_name=first_name, language_code=language_code)
        person = self._people.setdefault(id, Person(self, made))
        person.name = made["first_name"]
        return person

    async def group(
        self,
        title: str,
        members: Sequence[Person | int] = (),
        id: int | None = None,
        *,
        bot_is_admin: bool = False,
    ) -> Group:
        """A group of these people and the bot, made if ``id`` is not yet there."""
        ids = [member.id if isinstance(member, Person) else member for member in members]
        made = await self.post("groups", title=title, members=ids, id=id, bot_is_admin=bot_is_admin)
        return Group(made["id"], made["title"], made["type"])

    async def member(self, chat: Group | int, user: Person | int, status: str) -> None:
        """Change what somebody (or the bot, by its id) is in a group."""
        chat_id = chat.id if isinstance(chat, Group) else chat
        user_id = user.id if isinstance(user, Person) else user
        await self.post("members", chat_id=chat_id, user_id=user_id, status=status)

    async def migrate(self, chat: Group) -> Group:
        """Turn a group into a supergroup."""
        return Group(await self.post("migrate", chat_id=chat.id), chat.title, "supergroup")

    async def state(self) -> Json:
        """The bot, the people, the groups and the time."""
        return dict(await self.get("state"))

    async def messages(self, chat_id: int, viewer: int, after: int = 0) -> Json:
        """A chat as a viewer sees it."""
        return dict(await self.get(f"chats/{chat_id}/messages", viewer=viewer, after=after))

    async def wait(
        self,
        after: int,
        timeout: float = 10,  # noqa: ASYNC109 - the server waits
        *,
        chat_id: int | None = None,
        viewer: int | None = None,
    ) -> list[Json]:
        """Events after a number, as soon as there is one; empty after ``timeout`` seconds."""
        where = {"chat_id": chat_id, "viewer": viewer}
        given = {name: value for name, value in where.items() if value is not None}
        return list(await self.get("wait", after=after, timeout=timeout, **given))

    async def clock(self, add: float | None = None, set: str | None = None) -> str:
        """Move the clock by seconds, or to a moment in ISO format; the time then."""
        asked = {"set": set} if set is not None else {"add": add or 0}
        return str((await self.post("clock", **asked))["now"])

    async def fault(self, method: str = "*", kind: str = "500", **rule: Any) -> None:
        """Make the next requests fail; see :class:`emulator.faults.Fault`."""
        await self.post("faults", method=method, kind=kind, **rule)

    async def no_faults(self) -> None:
        """Lift every fault."""
        await self._ask("DELETE", "faults")

    async def down(self, down: bool = True) -> None:
        """Take the Bot API down, or up again."""
        await self.post("down", down=down)

    async def limits(self, on: bool = True) -> None:
        """Switch Telegram's sending rates."""
        await self.post("limits", on=on)

    async def raw(self, update: Json) -> int:
        """Queue any update for the bot; its number."""
        return int((await self.post("raw", update=update))["update_id"])

    async def log(self, after: int = 0, method: str | None = None) -> list[Json]:
        """What the bot asked, one method alone if named."""
        entries = await self.get("log", after=after)
        return [entry for entry in entries if method in (None, entry["method"])]

    async def download(self, file: Json) -> bytes:
        """The bytes of one of the ``files`` of a message."""
        session = self._connected()
        async with session.get(f"{self.url}{file['url']}") as response:
            response.raise_for_status()
            return await response.read()

    async def get(self, path: str, **query: object) -> Any:
        """GET below ``/_/``."""
        return await self._ask("GET", path, params={k: str(v) for k, v in query.items()})

    async def post(self, path: str, /, **body: object) -> Any:
        """POST JSON below ``/_/``."""
        return await self._ask("POST", path, json=body)

    async def post_form(self, path: str, form: aiohttp.FormData) -> Any:
        """POST a form below ``/_/``."""
        return await self._ask("POST", path, data=form)

    async def _ask(self, verb: str, path: str, **request: Any) -> Any:
        url = f"{self.url}/_/{path}"
        async with self._connected().request(verb, url, **request) as response:
            body = await response.json()
            if not response.ok:
                raise RuntimeError(f"{verb} /_/{path}: {body.get('error', response.status)}")
            return body

    def _connected(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0)
            self._session = aiohttp.ClientSession(timeout=_PATIENCE, connector=connector)
        return self._session
