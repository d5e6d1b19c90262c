"""How do attachments come into our keeping? Fetched, encrypted, written beside the database."""

from pathlib import Path

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiohttp import ClientError

from storage import files
from storage.database import Desk
from storage.files import Attachment

log = structlog.get_logger(__name__)


class Fetcher:
    """Fetches files whose ids were committed; a file that cannot be had is tried again later."""

    def __init__(self, desk: Desk, bot: Bot, folder: Path) -> None:
        self._desk = desk
        self._bot = bot
        self._folder = folder

    async def run(self) -> None:
        """Fetch what is wanted."""
        self._folder.mkdir(parents=True, exist_ok=True)
        while wanted := await self._desk.unit(files.wanted):
            for attachment in wanted:
                await self._fetch(attachment)

    async def _fetch(self, attachment: Attachment) -> None:
        try:
            content = await self._bot.download(attachment.file_id)
        except (AiogramError, ClientError, OSError) as error:
            # The row keeps its lease, and is wanted again when that has run out.
            log.warning("file.not_fetched", file=attachment.id, error=type(error).__name__)
            return
        assert content is not None
        sealed = await self._desk.look(lambda unit: unit.seal(content.read(), attachment.key_id))
        path = self._folder / attachment.id
        part = path.with_suffix(".part")
        part.write_bytes(sealed)
        part.replace(path)
        await self._desk.unit(lambda unit: files.settle(unit, attachment.id, "kept"))
