"""How does a test play somebody? A person who writes, presses, sends files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import aiohttp

from . import samples
from .model import Json
from .onlooker import Onlooker
from .seen import Seen

if TYPE_CHECKING:
    from .client import Group


class Person(Onlooker):
    """Somebody with a messenger in hand. ``chat`` is a group, or None for the bot's chat."""

    async def type(
        self, text: str, chat: int | Group | None = None, reply_to: int | Seen | None = None
    ) -> Seen:
        """Write a text."""
        answered = reply_to.id if isinstance(reply_to, Seen) else reply_to
        return await self._send(chat, text=text, reply_to=answered)

    async def tap(
        self, label: str, chat: int | Group | None = None, message: int | Seen | None = None
    ) -> str | None:
        """Press an inline button by text or data and return the bot's answer, None without one.

        A ``Seen`` as ``message`` is pressed as it was seen, so stale buttons can be pressed.
        """
        pressed, data = await self._button(label, chat, message)
        answer = await self._client.post("tap", **self._at(chat), message_id=pressed.id, data=data)
        self.mark = max(self.mark, answer["seq"])
        return None if answer["answer"] is None else str(answer["answer"]["text"])

    async def press(self, label: str, chat: int | Group | None = None) -> Seen:
        """Press a button of the reply keyboard; it may share the phone number or the place."""
        screen = await self._screen(chat)
        for row in (screen["keyboard"] or {}).get("keyboard", []):
            for button in row:
                if label not in button["text"]:
                    continue
                if button.get("request_contact"):
                    return await self.contact(chat=chat)
                if button.get("request_location"):
                    return await self.location(chat=chat)
                return await self.type(button["text"], chat)
        raise AssertionError(f"{self} sees no key {label!r}:\n{await self.screen(chat)}")

    async def contact(self, phone: str | None = None, chat: int | Group | None = None) -> Seen:
        """Share one's own phone number, or another one."""
        contact = {"phone_number": phone or self.phone, "first_name": self.name}
        return await self._send(chat, contact={**contact, "user_id": self.id})

    async def location(
        self, lat: float = 30.2741, lon: float = 120.1551, chat: int | Group | None = None
    ) -> Seen:
        """Share a place on the map, in degrees."""
        return await self._send(chat, location={"latitude": lat, "longitude": lon})

    async def sticker(self, emoji: str = "😀", chat: int | Group | None = None) -> Seen:
        """Send a sticker."""
        return await self._send(chat, sticker=emoji)

    async def poll(
        self,
        question: str = "?",
        options: Sequence[str] = ("1", "2"),
        chat: int | Group | None = None,
    ) -> Seen:
        """Send a poll."""
        return await self._send(chat, poll={"question": question, "options": list(options)})

    async def forward(self, text: str, from_name: str, chat: int | Group | None = None) -> Seen:
        """Forward what somebody else wrote."""
        return await self._send(chat, text=text, forward_from=from_name)

    async def photo(
        self,
        data: bytes | None = None,
        caption: str | None = None,
        chat: int | Group | None = None,
    ) -> Seen:
        """Send a picture."""
        return (
            await self._upload("photo", [("photo.jpg", data or samples.jpeg())], caption, chat)
        )[0]

    async def album(
        self,
        pictures: Sequence[bytes] | int = 3,
        caption: str | None = None,
        chat: int | Group | None = None,
    ) -> list[Seen]:
        """Send several pictures at once, given or ``n`` of the emulator's own."""
        given = [samples.jpeg() for _ in range(pictures)] if isinstance(pictures, int) else pictures
        files = [(f"photo{index}.jpg", data) for index, data in enumerate(given)]
        return await self._upload("photo", files, caption, chat)

    async def document(
        self,
        name: str = "letter.txt",
        data: bytes | int = b"a letter\n",
        caption: str | None = None,
        chat: int | Group | None = None,
    ) -> Seen:
        """Send a file; a number as ``data`` is a file of that many bytes."""
        return (await self._upload("document", [(name, data)], caption, chat))[0]

    async def voice(self, data: bytes | int = b"OggS", chat: int | Group | None = None) -> Seen:
        """Send a voice message."""
        return (await self._upload("voice", [("voice.oga", data)], None, chat))[0]

    async def audio(
        self,
        name: str = "recording.mp3",
        data: bytes | int = b"ID3",
        chat: int | Group | None = None,
    ) -> Seen:
        """Send a recording with a name."""
        return (await self._upload("audio", [(name, data)], None, chat))[0]

    async def video(
        self,
        data: bytes | int = 100_000,
        caption: str | None = None,
        chat: int | Group | None = None,
    ) -> Seen:
        """Send a video; a number as ``data`` is one of that many bytes."""
        return (await self._upload("video", [("video.mp4", data)], caption, chat))[0]

    async def edit(self, message: int | Seen, text: str, chat: int | Group | None = None) -> Seen:
        """Change one's own message."""
        number = message.id if isinstance(message, Seen) else message
        raw = await self._client.post("edit", **self._at(chat), message_id=number, text=text)
        return self._did(raw)

    async def delete(self, message: int | Seen, chat: int | Group | None = None) -> None:
        """Delete one's own message."""
        number = message.id if isinstance(message, Seen) else message
        done = await self._client.post("delete", **self._at(chat), message_id=number)
        self.mark = max(self.mark, done["seq"])

    async def block(self) -> None:
        """Stop the bot."""
        self.mark = (await self._client.post("block", user_id=self.id))["seq"]

    async def unblock(self) -> None:
        """Take the bot back."""
        self.mark = (await self._client.post("unblock", user_id=self.id))["seq"]

    def _at(self, chat: int | Group | None) -> Json:
        return {"from": self.id, "chat_id": self._place(chat)}

    def _did(self, raw: Json) -> Seen:
        self.mark = max(self.mark, raw["seq"])
        return Seen.of(raw)

    async def _send(self, chat: int | Group | None, **content: object) -> Seen:
        return self._did(await self._client.post("send", **self._at(chat), **content))

    async def _upload(
        self,
        kind: str,
        files: Sequence[tuple[str, bytes | int]],
        caption: str | None,
        chat: int | Group | None,
    ) -> list[Seen]:
        form = aiohttp.FormData()
        for name, value in {**self._at(chat), "kind": kind, "caption": caption or ""}.items():
            form.add_field(name, str(value))
        for name, data in files:
            if isinstance(data, int):
                form.add_field("name", name)
                form.add_field("size", str(data))
            else:
                form.add_field("file", data, filename=name)
        return [self._did(raw) for raw in await self._client.post_form("upload", form)]
