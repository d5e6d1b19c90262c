"""How is the database looked at, beside a running bot or without one? It is not changed by it."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from bot.clock import clock_of
from bot.opening import make_database, vault_of
from bot.settings import Settings
from storage.database import Database
from storage.reading import look_at
from storage.unit import Unit

T = TypeVar("T")


class Eyes:
    """The database that the settings name. Raises `WrongKey` where a key is none."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._vault = vault_of(settings)
        self._clock = clock_of(settings)
        self._bot_id = int(settings.bot_token.get_secret_value().split(":")[0])
        # Not opened: that would refuse a server whose settings the doctor is to tell of.
        self._server: Database | None = make_database(settings) if settings.postgres_url else None

    async def look(self, work: Callable[[Unit], T]) -> T:
        """Run `work` on the state of one moment. Raises `Unavailable`."""

        def whole(connection: Connection) -> T:
            now = self._clock()
            return work(Unit(connection, self._vault, self._bot_id, now, writes=False))

        if self._server is not None:
            return await self._server.read(whole)
        with look_at(self._settings.sqlite_file) as connection:
            return whole(connection)

    async def close(self) -> None:
        """Let go of it."""
        if self._server is not None:
            await self._server.close()
