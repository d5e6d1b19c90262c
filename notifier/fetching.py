"""How do attachments come into our keeping, and leave it? Fetched, encrypted, deleted.

Their content is kept as files beside the database.
"""

import asyncio
import fcntl
import os
from contextlib import suppress
from errno import EAGAIN
from functools import partial
from pathlib import Path

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiohttp import ClientError

from storage import files
from storage.database import Desk
from storage.files import Attachment
from storage.unit import Unit
from storage.vault import Erased

log = structlog.get_logger(__name__)


class Fetcher:
    """Fetches files whose ids were committed; a file that cannot be had is tried again later."""

    def __init__(self, desk: Desk, bot: Bot, folder: Path) -> None:
        self._desk = desk
        self._bot = bot
        self._folder = folder

    async def run(self) -> None:
        """Delete what was removed, and fetch what is wanted.

        One after the other: a file removed while it is fetched is written first, deleted then.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        while True:
            await self._clear()
            wanted = await self._desk.unit(files.wanted)
            if not wanted:
                return
            for attachment in wanted:
                await self._fetch(attachment)

    async def _clear(self) -> None:
        while ids := await self._desk.look(files.dropped):
            for file_id in ids:
                for path in self._paths(file_id):
                    path.unlink(missing_ok=True)
            await self._desk.unit(partial(files.gone, ids=ids))

    async def _fetch(self, attachment: Attachment) -> None:
        try:
            content = await self._bot.download(attachment.file_id)
        except (AiogramError, ClientError, OSError) as error:
            # The row keeps its lease, and is wanted again when that has run out.
            log.warning("file.not_fetched", file=attachment.id, error=type(error).__name__)
            return
        assert content is not None
        try:
            sealed = await self._desk.look(partial(_seal, attachment, content.read()))
        except Erased:
            log.info("file.erased", file=attachment.id)
            return
        try:
            await asyncio.to_thread(_write, *self._paths(attachment.id), sealed)
        except OSError as error:  # the disk is full, say: the others are tried all the same
            log.error("file.not_written", file=attachment.id, error=error.strerror)
            return
        if not await self._desk.unit(lambda unit: files.settle(unit, attachment.id, "kept")):
            for path in self._paths(attachment.id):  # removed meanwhile, and looked for in vain
                path.unlink(missing_ok=True)

    def _paths(self, file_id: str) -> tuple[Path, Path]:
        """Where its content is kept, and where it is while it is written."""
        path = self._folder / file_id
        return path, path.with_suffix(".part")


def _write(path: Path, part: Path, content: bytes) -> None:
    """Have the content on disk, whole, when this returns; nothing of it where that fails.

    One that another process is writing is left to it: its lease ran out while it hung, say.
    """
    with part.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.path.samestat(os.fstat(file.fileno()), part.stat()):
            raise BlockingIOError(EAGAIN, "another process was quicker")
        try:
            file.truncate(0)  # what one that died had written
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            part.replace(path)
        except OSError:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _seal(attachment: Attachment, content: bytes, unit: Unit) -> bytes:
    return unit.seal(content, attachment.key_id)
