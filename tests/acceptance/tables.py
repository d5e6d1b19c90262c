"""What does the database hold, read beside the programs that use it?"""

import sqlite3
from contextlib import closing
from typing import Any

import asyncpg

from bot.settings import Settings


class Tables:
    """Reads, and does what somebody else might do, in SQLite or in PostgreSQL."""

    def __init__(self, settings: Settings) -> None:
        self.postgres = settings.postgres_url
        self.file = settings.sqlite_file

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What this query finds."""
        if not self.postgres:
            with closing(sqlite3.connect(self.file)) as connection:
                return list(connection.execute(query))
        connection = await asyncpg.connect(self.postgres)
        try:
            return [tuple(row) for row in await connection.fetch(query)]
        finally:
            await connection.close()

    async def ask(self, query: str) -> Any:
        """The first thing this query finds."""
        return (await self.rows(query))[0][0]
