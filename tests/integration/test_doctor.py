"""What the doctor says: each check on what is well, and on what is not."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from archives import file
from checks import Found, ended, only, seen, sort
from desks import KEY, PLACES, Time, a_desk
from making import NOW, sample_office
from pydantic import SecretStr
from servers import Server
from sqlalchemy import update

from bot.doctor import copies, days, machine, queues, sealing, server, token
from bot.doctor.eyes import Eyes
from bot.doctor.finding import Finding, Level, exit_code, lasting, listed
from bot.settings import Settings, load_settings
from petitions.deadlines import Calendar
from storage import backups, due, inbox, outbox, people, sealkeys, seals, tables
from storage.database import Desk
from storage.inbox import Arrival
from storage.messages import Notice, Parcel, Post
from storage.seallog import SealLog

FIRST = 1
DAY = timedelta(days=1)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time().patch(monkeypatch)


@pytest.fixture
async def desk(either: None, tmp_path: Path, time: Time) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path / "m.sqlite3", time) as desk:
        yield desk


def settings(folder: Path, **more: Any) -> Settings:
    needed = {"bot_token": "42:test-token", "field_keys": ("k",), "office_file": sample_office()}
    return load_settings(**needed, data_folder=folder, **more)


# -- what a finding is -------------------------------------------------------------------------


def test_the_exit_code_is_that_of_the_gravest() -> None:
    def code(*levels: Level) -> int:
        return exit_code([Finding("x", level, "") for level in levels])

    assert code(Level.WELL, Level.NOTE) == 0
    assert code(Level.CARE, Level.WELL) == 1
    assert code(Level.CARE, Level.BLIND, Level.NOTE) == 2


def test_long_lists_and_spans_are_said_shortly() -> None:
    assert listed(range(3)) == "0, 1, 2"
    assert listed(range(14), most=12).endswith("10, 11 and 2 more")
    assert [lasting(s) for s in (1.9, 60, 7200, 86_400 * 3)] == [
        "1 s",
        "1 minute",
        "2 hours",
        "3 days",
    ]


# -- the machine -------------------------------------------------------------------------------


def test_a_folder_that_takes_nothing_is_named(tmp_path: Path) -> None:
    assert "well" in sort(machine.folder(settings(tmp_path)))
    assert list(tmp_path.iterdir()) == []
    assert "is not there" in only(sort(machine.folder(settings(tmp_path / "nowhere"))))
    # /proc takes no file, not even of root's.
    assert "nothing can be written" in only(sort(machine.folder(settings(Path("/proc")))))


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    copies_ = tmp_path / "copies"
    copies_.mkdir()
    both = settings(tmp_path, backup_folder=str(copies_))
    assert len(sort(machine.disk(both, least=0))["well"]) == 2
    assert len(sort(machine.disk(both, least=2**62))["care"]) == 2


def test_clocks_that_are_apart() -> None:
    assert "well" in sort(machine.apart(1001.9, 1000, 1000))
    assert "+3 s" in only(sort(machine.apart(1003, 1000, 1000)))
    assert "-9 s" in only(sort(machine.apart(991, 1000, 1000)))
    # It took four seconds to ask: so much is not known better.
    assert "well" in sort(machine.apart(1005.5, 1000, 1004))


def test_a_movable_clock_is_a_fault_at_the_real_messenger_alone(tmp_path: Path) -> None:
    assert sort(machine.moved(settings(tmp_path))) == {}
    at_home = {"demo_clock": tmp_path / "clock", "bot_api_url": "http://127.0.0.1:1"}
    assert "note" in sort(machine.moved(settings(tmp_path, **at_home)))
    assert "DEMO_CLOCK" in only(sort(machine.moved(settings(tmp_path, demo_clock=tmp_path / "c"))))


# -- copies ------------------------------------------------------------------------------------


async def test_a_token_of_another_bot_gave_empty_lists_and_the_doctor_said_well(
    desk: Desk, time: Time, tmp_path: Path
) -> None:
    assert set(await seen(desk, token.fits)) == {"well"}  # nothing is stored yet
    await desk.unit(lambda u: people.meet(u, 5, "en", private=True))
    assert set(await seen(desk, token.fits)) == {"well"}
    async with a_desk(tmp_path / "m.sqlite3", time, KEY, bot=43) as other:
        assert only(await seen(other, token.fits)).startswith(
            "all that is stored is of another bot (42)"
        )
        await other.unit(lambda u: people.meet(u, 5, "en", private=True))
        assert set(await seen(other, token.fits)) == {"well"}


async def test_copies(desk: Desk, time: Time, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    chosen = settings(tmp_path, backup_folder=str(folder))
    assert "nothing is copied" in only(await seen(desk, copies.copied, settings(tmp_path)))
    assert "is not there" in only(await seen(desk, copies.copied, chosen))
    (folder / "000001-2026-03-02").mkdir(parents=True)
    assert "no copy was ever made" in only(await seen(desk, copies.copied, chosen))
    await desk.unit(lambda unit: backups.note(unit, "000001-2026-03-02", 10))
    time.now += 2 * DAY
    assert list(await seen(desk, copies.copied, chosen)) == ["well"]
    time.now += timedelta(seconds=1)
    assert "2 days old" in only(await seen(desk, copies.copied, chosen))
    await desk.unit(lambda unit: backups.note(unit, "000002-2026-03-04", 10))
    assert "000002" in only(await seen(desk, copies.copied, chosen))
    (folder / "000002-2026-03-04").mkdir()
    await desk.unit(lambda unit: backups.failed(unit, "OSError"))
    assert "failed: OSError" in only(await seen(desk, copies.copied, chosen))


async def test_whether_postgresql_is_copied_some_other_way_is_not_known(
    desk: Desk, tmp_path: Path
) -> None:
    elsewhere = settings(tmp_path, database_url="postgresql://db/minsheng")
    assert list(await seen(desk, copies.copied, elsewhere)) == ["note"]


# -- the seal key ------------------------------------------------------------------------------


async def test_the_seal_key(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "seal.key"

    async def found() -> Found:
        return await seen(desk, sealing.sealed, path, sealing.logged(path))

    assert list(await found()) == ["note"]
    key = sealkeys.make(path)
    await file(desk, FIRST)
    mark = await desk.unit(lambda unit: seals.seal(unit, key, seals.NONE))
    assert mark is not None
    assert "log of seals is empty" in only(await found())
    book = SealLog.beside(path)
    book.append([mark])
    assert list(await found()) == ["well"]

    path.chmod(0o640)
    assert "others can read" in only(await found())
    path.chmod(0o600)
    book.append([seals.Mark(2, b"x")])
    assert "the log names seal 2" in only(await found())
    book.path.write_text("1 AAAA\n")
    assert "another in the log" in only(await found())
    book.path.write_text("not a line\n")
    assert "not as it was written" in only(await found())
    book.path.unlink()
    book.append([mark])

    path.rename(tmp_path / "away")
    assert "1 seals were made with it" in only(await found())
    sealkeys.make(path)
    assert "not made with" in only(await found())
    path.write_text("no key")
    assert "no Ed25519 key" in only(await found())


# -- what waits --------------------------------------------------------------------------------


def notice(chat: int = 5) -> Parcel:
    return Parcel(chat_id=chat, notice=Notice(kind="accepted"), urgent=False)


async def test_updates(desk: Desk, time: Time) -> None:
    await desk.unit(lambda u: inbox.store(u, [Arrival(1, 5, b"{}")]))
    time.pass_(60)
    assert set(await seen(desk, queues.stand)) == {"well"}
    time.pass_(1)
    assert "1 due, the oldest for 1 minute" in only(await seen(desk, queues.stand))
    await desk.unit(lambda u: inbox.set_aside(u, 1, "KeyError"))
    assert "set aside" in only(await seen(desk, queues.stand))


async def test_duties(desk: Desk, time: Time) -> None:
    await desk.unit(lambda u: due.plan(u, "survey", "p1", u.now))
    time.pass_(600)
    assert set(await seen(desk, queues.stand)) == {"well"}
    time.pass_(1)
    assert "10 minutes" in only(await seen(desk, queues.stand))
    often = update(tables.due).values(attempts=due.FAILING, due_at=time.now)
    await desk.unit(lambda u: u.run(often))
    assert "1 of the kind survey fail again" in only(await seen(desk, queues.stand))
    once_less = update(tables.due).values(attempts=due.FAILING - 1)
    await desk.unit(lambda u: u.run(once_less))
    assert set(await seen(desk, queues.stand)) == {"well"}


async def test_messages(desk: Desk, time: Time) -> None:
    answer = Parcel(chat_id=5, post=Post(key="k", text="t"))
    await desk.unit(lambda u: outbox.put(u, [notice(), answer]))
    time.pass_(60)
    assert set(await seen(desk, queues.stand)) == {"well"}
    time.pass_(1)
    assert only(await seen(desk, queues.stand)).startswith("answer: 1 due")
    time.pass_(3600)
    both = [each.says.split(":")[0] for each in (await seen(desk, queues.stand))["care"]]
    assert both == ["answer", "ordinary"]


async def test_messages_that_were_refused(desk: Desk, time: Time) -> None:
    await ended(desk, 5, "gone")
    assert set(await seen(desk, queues.stand)) == {"well"}
    await ended(desk, 5, "failed")
    assert "1 were refused" in only(await seen(desk, queues.stand))
    time.pass_(8 * 86_400)
    assert set(await seen(desk, queues.stand)) == {"well"}


# -- days --------------------------------------------------------------------------------------


def test_the_calendar() -> None:
    known = Calendar()
    spring, november, december = date(2026, 3, 2), date(2026, 11, 30), date(2026, 12, 1)
    assert list(sort(days.known(spring, known))) == ["well"]
    assert list(sort(days.known(november, known))) == ["well"]
    assert "2027" in only(sort(days.known(december, known)))
    assert list(sort(days.known(december, Calendar(complete=frozenset({2027}))))) == ["well"]
    assert "of 2040 are not known" in only(sort(days.known(date(2040, 1, 1), known)))


async def test_provisional_dates(desk: Desk, time: Time) -> None:
    assert await seen(desk, days.provisional) == {}
    time.now = datetime(2040, 5, 7, 2, tzinfo=UTC)
    await file(desk, FIRST)
    (said,) = (await seen(desk, days.provisional))["note"]
    assert said.says.startswith("1 cases have provisional dates, the first on 2040-")


# -- PostgreSQL's server -----------------------------------------------------------------------


@pytest.fixture
async def served(postgres: Server, tmp_path: Path) -> AsyncIterator[Desk]:
    PLACES.server = postgres
    async with a_desk(tmp_path / "m.sqlite3", lambda: NOW) as desk:
        yield desk
    await PLACES.clear()


async def test_one_server_alone_is_worth_a_note(served: Desk) -> None:
    assert list(await seen(served, server.keeps)) == ["note"]


async def test_a_server_that_forgets_what_it_acknowledged_is_told_of(
    postgres: Server, tmp_path: Path
) -> None:
    """The bot does not start so; the doctor looks nonetheless, and says why."""
    url = await postgres.empty()
    name = url.partition("?")[0].rpartition("/")[2]
    await postgres.ask(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    chosen = settings(tmp_path, database_url=url)
    eyes = Eyes(chosen.model_copy(update={"field_keys": (SecretStr(KEY),)}))
    found = sort(await eyes.look(lambda unit: list(server.keeps(unit))))
    await eyes.close()
    assert "synchronous_commit is off" in only(found)
