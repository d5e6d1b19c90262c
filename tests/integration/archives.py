"""A desk with a record, sealed as the bot seals it, and looked at as the operator looks at it."""

import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from desks import BOT, PLACES, Time
from making import CITIZEN, COLLEAGUE, HOLDER, RULES, a_filing

from bot import evidence
from bot.opening import open_desk
from bot.sealing import make_sealer
from bot.settings import Settings, load_settings
from petitions import events as ev
from petitions.commands import Register
from petitions.lifecycle import register
from petitions.numbers import make
from petitions.record import Party, Petition
from storage import record
from storage.database import Desk
from storage.unit import Unit
from storage.verifying import Checked

OFFICER = Party("officer", HOLDER, "front")
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def number_of(serial: int) -> str:
    """A tracking number."""
    return make("990100", (Time().now + timedelta(hours=8)).date(), serial)


def ties_of(petition: Petition) -> set[tuple[str, str]]:
    """Made up for the tests: who is involved in the case."""
    if petition.filing.purpose is ev.Purpose.ACCUSATION:
        return {("accused", "roads"), ("accused", "housing")}
    return {("assisting", "roads")} if petition.holder == COLLEAGUE else set()


class Archive:
    """A folder with a database, the key that seals it, and their log."""

    def __init__(self, folder: Path, *keys: str) -> None:
        self.folder = folder
        self.keys = keys or (OLD,)
        self.time = Time()
        self.url = ""

    @property
    def settings(self) -> Settings:
        return load_settings(
            bot_token=f"{BOT}:abc",
            field_keys=self.keys,
            office_file="office.toml",
            data_folder=self.folder,
            database_url=self.url,
        )

    @property
    def file(self) -> Path:
        return self.settings.sqlite_file

    @property
    def log(self) -> Path:
        return self.folder / "seals.log"

    @asynccontextmanager
    async def desk(self) -> AsyncIterator[Desk]:
        """The desk, as the bot opens it."""
        self.url = await PLACES.url(self.folder)
        desk = await open_desk(self.settings)
        desk.clock = self.time
        try:
            yield desk
        finally:
            await desk.database.close()

    async def seal(self, desk: Desk) -> None:
        """What the bot does every minute."""
        await (await make_sealer(desk, self.settings.seal_key)).run()

    def verify(self, **how: Path | None) -> list[str]:
        """Every fault, as the operator reads it."""
        faults: list[str] = []
        self.examine(faults, **how)
        return faults

    def examine(self, faults: list[str], **how: Path | None) -> Checked:
        """What was checked; the faults are added to the list."""
        how = {"database": None, "public_key": None, **how}
        with ThreadPoolExecutor(1) as other:  # a program of its own, with a loop of its own
            done = other.submit(evidence.verify, self.settings, tell=faults.append, **how)
        checked, count = done.result()
        assert count == len([fault for fault in faults if not fault.startswith("note: ")])
        return checked

    @contextmanager
    def sql(self, file: Path | None = None) -> Iterator[sqlite3.Connection]:
        """The database by itself, as an intruder has it."""
        with closing(sqlite3.connect(file or self.file)) as connection:
            yield connection
            connection.commit()

    def change(self, statement: str, *values: Any) -> None:
        """Change something behind the program's back; it must be there."""
        with self.sql() as connection:
            assert connection.execute(statement, values).rowcount > 0

    def copy(self, folder: Path) -> "Archive":
        """The same again, for somebody to change."""
        shutil.copytree(self.folder, folder)
        other = Archive(folder, *self.keys)
        other.time = self.time
        return other


async def file(desk: Desk, serial: int, **more: Any) -> Petition:
    """File a petition."""

    def work(unit: Unit) -> Petition:
        command = Register(a_filing(**more), number_of(serial), "ab")
        event = register(command, unit.now, RULES)
        key = unit.vault.new_key(unit.connection)
        by = Party("petitioner", CITIZEN + serial)
        digest = unit.digest("code", command.number, "CODE")
        return record.register(unit, event, CITIZEN + serial, by, key, digest)

    return await desk.unit(work)


async def add(desk: Desk, petition: Petition, event: Any, by: Party = OFFICER) -> Petition:
    """Add an entry."""
    return await desk.unit(lambda unit: record.append(unit, petition, event, by))


async def erase(desk: Desk, petition: Petition) -> None:
    """Erase it, as the operator's command does."""
    from storage import erasing

    assert await desk.unit(lambda unit: erasing.erase(unit, petition.number, "request"))


async def some_lives(archive: Archive, desk: Desk, first: int = 1) -> list[Petition]:
    """Seven petitions some way along, sealed as they come; two of them are erased."""
    made: list[Petition] = []
    for serial, more in enumerate(
        [
            {"category": "urban.roads", "district": "north"},
            {"purpose": ev.Purpose.ACCUSATION},
            {"title": "停水", "point": (30.25, 120.5)},
            {"purpose": ev.Purpose.SUGGESTION, "category": "urban"},
            {},
            {"district": "north"},
            {"purpose": ev.Purpose.ACCUSATION, "affected": "many"},
        ],
        first,
    ):
        petition = await file(desk, serial, **more)
        petition = await add(desk, petition, ev.Taken(holder=HOLDER))
        archive.time.pass_(61.25)
        if serial % 2:
            petition = await add(desk, petition, ev.Looked())
            petition = await add(desk, petition, ev.Accepted(deadlines=_accepted(archive)))
            await archive.seal(desk)
            supplement = ev.Supplemented(text=("补充", "材料"))
            by = Party("petitioner", petition.petitioner)
            petition = await add(desk, petition, supplement, by)
            petition = await add(desk, petition, ev.Reassigned(holder=COLLEAGUE))
        made.append(petition)
    for petition in (made[1], made[4]):
        await erase(desk, petition)
    await archive.seal(desk)
    return made


def _accepted(archive: Archive) -> tuple[Any, ...]:
    return RULES.deadlines("accepted", archive.time.now)
