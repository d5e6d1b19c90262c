"""Which files were sent, and what may be had of them? Contents, sizes and Telegram's names."""

from __future__ import annotations

import mimetypes
import re
import secrets
import struct
from dataclasses import asdict, dataclass

from .errors import bad
from .model import Json
from .store import Store

MAX_DOWNLOAD = 20 * 1024 * 1024
_ID = re.compile(r"[A-Za-z0-9_-]{8,120}")
_FOLDERS = {
    "photo": "photos",
    "document": "documents",
    "video": "videos",
    "voice": "voice",
    "audio": "music",
}
_ENDINGS = {"photo": ".jpg", "video": ".mp4", "voice": ".oga", "audio": ".mp3"}
_MIME = {"photo": "image/jpeg", "video": "video/mp4", "voice": "audio/ogg", "audio": "audio/mpeg"}
_SIZES = (90, 320, 800)


@dataclass
class File:
    """A file as Telegram knows it; one made of nothing but a size has no content."""

    id: str
    unique_id: str
    kind: str
    name: str
    mime: str
    size: int
    path: str
    width: int = 0
    height: int = 0

    def ids(self) -> Json:
        """The fields every file object has."""
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": self.size}


class Files:
    """Every file ever sent, by id and by download path."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._by_id: dict[str, File] = {}
        self._by_path: dict[str, File] = {}
        for _, row in store.rows("file"):
            self._remember(File(**row))

    def add(self, kind: str, name: str, content: bytes | None, size: int = 0) -> File:
        """Keep a file; without ``content`` it is ``size`` bytes of nothing."""
        length = size if content is None else len(content)
        width, height = dimensions(content or b"") if kind == "photo" else (0, 0)
        ending = _ENDINGS.get(kind) or "".join(re.findall(r"\.[A-Za-z0-9]{1,8}$", name))
        file = File(
            id=f"{kind[0].upper()}Q{secrets.token_urlsafe(36)}",
            unique_id=f"AQ{secrets.token_urlsafe(10)}",
            kind=kind,
            name=name,
            mime=_MIME.get(kind) or mimetypes.guess_type(name)[0] or "application/octet-stream",
            size=length,
            path=f"{_FOLDERS.get(kind, 'documents')}/file_{len(self._by_id)}{ending}",
            width=width,
            height=height,
        )
        self._remember(file)
        self._store.put("file", file.id, asdict(file))
        if content is not None:
            self._store.put_content(file.id, content)
        return file

    def get(self, file_id: str) -> File | None:
        """The file, or None; odd ids are simply unknown."""
        return self._by_id.get(file_id) if _ID.fullmatch(file_id) else None

    def at_path(self, path: str) -> File | None:
        """The file a download path names."""
        return self._by_path.get(path)

    def content(self, file: File) -> bytes:
        """Its bytes."""
        content = self._store.content(file.id)
        return b"\0" * file.size if content is None else content

    def describe(self, file_id: str) -> Json:
        """The answer of ``getFile``; raises 400 for unknown and for too big files."""
        file = self.get(file_id)
        if file is None:
            raise bad("wrong file_id or the file is temporarily unavailable")
        if file.size > MAX_DOWNLOAD:
            raise bad("file is too big")
        return {**file.ids(), "file_path": file.path}

    def _remember(self, file: File) -> None:
        self._by_id[file.id] = file
        self._by_path[file.path] = file


def content_of(file: File) -> Json:
    """The part of a message that carries the file."""
    if file.kind == "photo":
        return {"photo": _photo_sizes(file)}
    if file.kind == "video":
        shape = {"width": 640, "height": 360, "duration": 5}
        return {"video": {**file.ids(), **shape, "file_name": file.name, "mime_type": file.mime}}
    if file.kind == "voice":
        return {"voice": {**file.ids(), "duration": 3, "mime_type": file.mime}}
    if file.kind == "audio":
        about = {"duration": 3, "file_name": file.name, "mime_type": file.mime}
        return {"audio": {**file.ids(), **about}}
    return {"document": {**file.ids(), "file_name": file.name, "mime_type": file.mime}}


def _photo_sizes(file: File) -> list[Json]:
    """Smaller sizes share the bytes of the original: nobody here can scale pictures."""
    width, height = file.width or 1280, file.height or 960
    sizes = []
    for index, edge in enumerate(size for size in _SIZES if size < max(width, height)):
        scale = edge / max(width, height)
        small = {"width": max(1, int(width * scale)), "height": max(1, int(height * scale))}
        sizes.append({**file.ids(), "file_unique_id": f"{file.unique_id}{index}", **small})
    return [*sizes, {**file.ids(), "width": width, "height": height}]


def dimensions(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG or JPEG, (0, 0) for anything else."""
    if content[:8] == b"\x89PNG\r\n\x1a\n" and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    at = 2
    while content[:2] == b"\xff\xd8" and at + 9 < len(content) and content[at] == 0xFF:
        if 0xC0 <= content[at + 1] <= 0xC3:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    return 0, 0


def file_of(body: Json) -> Json | None:
    """The file of a message as the page wants it: kind, name, size, url; None without one."""
    for kind, default in (
        ("photo", "photo.jpg"),
        ("document", "file"),
        ("video", "video.mp4"),
        ("voice", "voice.oga"),
        ("audio", "recording.mp3"),
    ):
        if kind in body:
            item = body[kind][-1] if kind == "photo" else body[kind]
            return {
                "kind": kind,
                "name": item.get("file_name") or default,
                "size": item.get("file_size", 0),
                "url": f"/_/files/{item['file_id']}",
                "file_id": item["file_id"],
            }
    return None
