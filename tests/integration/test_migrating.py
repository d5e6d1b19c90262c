"""Every revision's tables become the newest, with all that is in them; a new database has those."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest
import structure
from desks import KEY, PLACES
from sqlalchemy import Connection, text

from bot.folder import IN_USE, only_one
from bot.migrating import migrate
from bot.settings import Settings, SettingsError, load_settings
from storage import migrating, schema
from storage.database import Database
from storage.postgres import PostgresDatabase
from storage.schema import FIRST, NEWEST, NotWhole, Older, OtherSchema
from storage.sqlite import SqliteDatabase
from storage.tables import metadata

pytestmark = pytest.mark.usefixtures("either")
Begin = Callable[..., Awaitable[None]]
EARLIER = structure.revisions()[:-1]


class Place:
    """A database of the test's own, which begins with nothing."""

    def __init__(self, folder: Path, url: str) -> None:
        self.settings: Settings = load_settings(
            bot_token="42:abc",
            field_keys=(KEY,),
            office_file="office.toml",
            data_folder=folder,
            database_url=url,
        )
        self.database = self._make()

    def _make(self) -> Database:
        url = self.settings.postgres_url
        return PostgresDatabase(url) if url else SqliteDatabase(self.settings.sqlite_file)

    async def migrate(self, **how: bool) -> list[str]:
        """What the command says; no other program has the database open."""
        await self.database.close()
        try:
            return await self.migrate_beside(**how)
        finally:
            self.database = self._make()
            await self.database.open()

    async def migrate_beside(self, **how: bool) -> list[str]:
        """What the command says while another program has it open."""
        told: list[str] = []
        await migrate(self.settings, told.append, **how)
        return told

    async def run(self, statement: str) -> None:
        await self.database.write(lambda c: c.execute(text(statement)))


@pytest.fixture
async def places(tmp_path: Path) -> AsyncIterator[list[Place]]:
    """Two of them."""
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made.append(Place(tmp_path / name, await PLACES.server.empty() if PLACES.server else ""))
        await made[-1].database.open()
    yield made
    for place in made:
        await place.database.close()


@pytest.fixture
def place(places: list[Place]) -> Place:
    return places[0]


def test_the_newest_is_the_last_and_each_follows_the_one_before() -> None:
    steps = migrating.steps(None)
    numbers = [step.revision for step in steps]
    assert numbers == [f"{n:04}" for n in range(1, len(steps) + 1)]
    assert [step.before for step in steps] == [None, *numbers[:-1]]
    assert (numbers[0], numbers[-1], steps[-1].oldest) == (FIRST, NEWEST, schema.OLDEST)
    assert [step.oldest for step in steps] == sorted(step.oldest for step in steps)
    assert all(step.oldest <= step.revision for step in steps)
    assert all(step.about.endswith(".") for step in steps)


def test_no_table_refers_to_another() -> None:
    """SQLite makes some changes by making the table anew, and would take what refers to it along.

    Whoever adds a foreign key has `PRAGMA foreign_keys` to think of, which no unit can change.
    """
    assert not [key for table in metadata.sorted_tables for key in table.foreign_keys]


async def test_a_new_database_is_what_the_migrations_make(places: list[Place]) -> None:
    new, grown = (place.database for place in places)
    await new.write(schema.prepare)
    await structure.climb(grown, NEWEST)
    assert await new.read(structure.structure) == await grown.read(structure.structure)
    assert await new.read(structure.noted) == await grown.read(structure.noted)
    for database in (new, grown):
        assert await database.read(structure.difference) == []
        await database.read(schema.check_tables)
        await database.write(schema.prepare)


@pytest.mark.parametrize("revision", EARLIER)
async def test_what_an_earlier_program_left_is_brought_to_the_newest(
    places: list[Place], revision: str
) -> None:
    place, other = places
    await structure.climb(place.database, revision)
    await place.database.write(structure.fill)
    before = await place.database.read(structure.contents)
    assert all(len(rows) == 3 for rows in before.values())
    with pytest.raises(Older, match=f"revision {revision}.*`minsheng migrate`"):
        await place.database.write(schema.prepare)

    planned = await place.migrate(only_tell=True)
    with pytest.raises(Older):
        await place.database.write(schema.prepare)
    said = await place.migrate()
    assert said == planned
    assert said[0].startswith(f"from revision {revision} to {NEWEST}, ")
    assert len(said) == 1 + int(NEWEST) - int(revision)

    await place.database.write(schema.prepare)
    await place.database.read(schema.check_tables)
    assert await place.database.read(structure.difference) == []
    assert structure.kept(before, await place.database.read(structure.contents))
    await other.database.write(schema.prepare)
    same = [await each.database.read(structure.structure) for each in places]
    assert same[0] == same[1]
    assert await place.migrate() == [f"revision {NEWEST}: nothing to do"]


async def test_tables_from_before_there_were_revisions_are_of_the_first(place: Place) -> None:
    await structure.climb(place.database, FIRST)
    await place.run("DROP TABLE alembic_version")
    with pytest.raises(Older, match=f"revision {FIRST}"):
        await place.database.write(schema.prepare)
    assert (await place.migrate())[0].startswith(f"from revision {FIRST} to {NEWEST}")
    await place.database.write(schema.prepare)
    assert await place.database.read(structure.difference) == []


async def test_a_database_without_a_table_is_given_them(place: Place) -> None:
    await place.migrate(only_tell=True)
    with pytest.raises(OtherSchema):
        await place.database.read(schema.check)
    assert await place.migrate() == [f"a new database: its tables are made, of revision {NEWEST}"]
    await place.database.read(schema.check_tables)


async def test_an_older_program_goes_on_where_nothing_it_needs_was_taken(place: Place) -> None:
    await place.database.write(schema.prepare)
    await place.run("UPDATE alembic_version SET version_num = '9998'")
    await place.database.write(schema.prepare)
    assert await place.migrate() == ["revision 9998: nothing to do"]
    await place.run("UPDATE schema SET oldest = '9997'")
    for refused in (place.database.write(schema.prepare), place.migrate()):
        with pytest.raises(OtherSchema, match=f"9998, newer than this program's {NEWEST}"):
            await refused


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("DELETE FROM alembic_version", NotWhole),
        ("DROP TABLE alembic_version", OtherSchema),  # and no 4 beside it
        ("ALTER TABLE alembic_version RENAME TO others", OtherSchema),
    ],
)
async def test_what_is_of_no_known_version_is_left_alone(
    place: Place, statement: str, error: type[OtherSchema]
) -> None:
    await place.database.write(schema.prepare)
    await place.run("UPDATE schema SET version = 3")
    await place.run(statement)
    before = await place.database.read(structure.structure)
    for refused in (place.database.write(schema.prepare), place.migrate()):
        with pytest.raises(error):
            await refused
    assert await place.database.read(structure.structure) == before


# -- what is to come ---------------------------------------------------------------------------

LOOKS = (structure.structure, structure.noted, structure.contents)
COMING = """
'''A revision of the test's own.'''

import sqlalchemy as sa
from alembic import op

revision, down_revision, oldest = "9998", "{before}", "{oldest}"


def upgrade():
    {adds}
    {removes}
    {then}
"""
ADDS = """
    op.add_column("petitions", sa.Column("colour", sa.String()))
"""
REMOVES = """
    with op.batch_alter_table("petitions") as petitions:
        petitions.drop_column("purpose")
        petitions.alter_column("length", type_=sa.BigInteger())
"""
DONE = f"{NEWEST} → 9998: A revision of the test's own."


@pytest.fixture
async def coming(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Begin:
    """The program is one that has this revision too; the database has the one before, and rows."""

    async def begin(**what: str) -> None:
        await place.database.write(schema.prepare)
        await place.database.write(structure.fill)
        migrations = tmp_path / "migrations"
        shutil.copytree(migrating.FOLDER, migrations)
        parts = {"before": NEWEST, "oldest": "9998", "adds": "", "removes": "", "then": "", **what}
        (migrations / "versions" / "r9998.py").write_text(COMING.format(**parts))
        monkeypatch.setattr(migrating, "FOLDER", str(migrations))
        monkeypatch.setattr("storage.schema.NEWEST", "9998")
        monkeypatch.setattr("bot.migrating.NEWEST", "9998")

    return begin


async def test_many_who_add_something_at_once_add_it_once(place: Place, coming: Begin) -> None:
    """And beside a program that is at work."""
    await coming(adds=ADDS, oldest=schema.OLDEST)
    lock = only_one(place.settings)
    told = await asyncio.gather(*(place.migrate_beside() for _ in range(5)))
    if lock is not None:
        lock.close()
    assert {said[0] for said in told} == {f"from revision {NEWEST} to 9998, beside other programs"}
    assert sorted(line for _, line in told) == sorted([DONE, *[DONE[:13] + "done meanwhile"] * 4])


async def test_it_is_refused_while_another_program_would_not_work_with_it(
    place: Place, coming: Begin
) -> None:
    await coming(removes=REMOVES)
    before = [await place.database.read(look) for look in LOOKS]
    assert await place.migrate(only_tell=True) == [f"from revision {NEWEST} to 9998, alone", DONE]
    lock = only_one(place.settings)  # as the bot takes it; on PostgreSQL it is seen as it is
    with pytest.raises(SettingsError, match=IN_USE):
        await place.migrate_beside()
    assert [await place.database.read(look) for look in LOOKS] == before
    if lock is not None:
        lock.close()
    assert (await place.migrate())[1:] == [DONE]


WAITS = (
    "SELECT count(*) FROM pg_locks"
    " WHERE locktype = 'advisory' AND mode = 'ShareLock' AND NOT granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@pytest.mark.parametrize("either", ["postgres"], indirect=True)
async def test_none_begins_to_work_while_something_is_taken_away(
    place: Place, coming: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever starts in the middle waits, and finds the tables of the revision after it."""
    await coming(removes=REMOVES)
    (step,) = migrating.steps(NEWEST)
    monkeypatch.setattr("storage.schema.NEWEST", NEWEST)  # the program that starts is the earlier
    url = place.settings.postgres_url
    held, other = await asyncpg.connect(url), PostgresDatabase(url)
    await held.execute("SELECT pg_advisory_lock(1)")
    taken = asyncio.Event()

    def take(connection: Connection) -> None:
        assert migrating.take(connection, step, place.database.process)
        taken.set()
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(1)")  # not committed before

    taking = asyncio.create_task(place.database.write(take))
    await taken.wait()
    starting = asyncio.create_task(other.write(schema.prepare))
    async with asyncio.timeout(5):
        while not await held.fetchval(WAITS):
            assert not starting.done()
    await held.execute("SELECT pg_advisory_unlock(1)")
    await taking
    with pytest.raises(OtherSchema, match=f"9998, newer than this program's {NEWEST}"):
        await starting
    await other.close()
    await held.close()


async def test_rows_outlive_a_table_that_is_made_anew(place: Place, coming: Begin) -> None:
    await coming(removes=REMOVES)
    before = await place.database.read(structure.contents)
    indexes = await place.database.read(lambda c: structure.structure(c)["indexes"])
    await place.migrate()
    for row in before["petitions"]:
        del row["purpose"]
    assert await place.database.read(structure.contents) == before
    assert await place.database.read(lambda c: structure.structure(c)["indexes"]) == indexes
    assert (await place.database.read(structure.noted))[0][-1] == "9998"


async def test_a_revision_that_fails_leaves_what_was_there(place: Place, coming: Begin) -> None:
    await coming(adds=ADDS, removes=REMOVES, then="raise LookupError")
    before = [await place.database.read(look) for look in LOOKS]
    with pytest.raises(LookupError):
        await place.migrate()
    assert [await place.database.read(look) for look in LOOKS] == before
