"""What SQLite's one writer made safe is safe where there are many: on a real PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from archives import file
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from desks import KEY, PLACES, Time, a_desk, rows
from making import HOLDER
from servers import Server
from sqlalchemy import text

from bot.sealing import make_sealer
from petitions import events as ev
from petitions.record import Party
from storage import (
    drafts,
    due,
    erasing,
    files,
    groups,
    inbox,
    people,
    record,
    schema,
    sealkeys,
    seals,
    serials,
    throttle,
    verifying,
)
from storage.database import Desk
from storage.inbox import Arrival
from storage.postgres import PostgresDatabase
from storage.seallog import SealLog
from storage.unit import Unit
from storage.vault import Vault

pytestmark = pytest.mark.parametrize("either", ["postgres"], indirect=True)
OFFICER = Party("officer", HOLDER, "front")
GATE = 7
HOUR = timedelta(hours=1)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time().patch(monkeypatch)


@pytest.fixture
async def crowd(either: None, tmp_path: Path, time: Time) -> AsyncIterator[list[Desk]]:
    """Five programs that share one database, each with its own connections and keys in memory."""
    async with AsyncExitStack() as stack:
        path = tmp_path / "m"
        yield [await stack.enter_async_context(a_desk(path, time)) for _ in range(5)]


async def at_once(desks: list[Desk], work: Callable[[Unit], Any]) -> list[Any]:
    """The same unit of all of them; what they came to."""
    return await asyncio.gather(*(desk.unit(work) for desk in desks), return_exceptions=True)


async def at_the_gate(desks: list[Desk], work: Callable[[Unit], Any]) -> list[Any]:
    """The same, and none goes through its `gate` before all of them stand there."""
    async with a_gate() as waiting:
        units = asyncio.ensure_future(at_once(desks, work))
        await waiting("advisory", len(desks))
    return await units


@asynccontextmanager
async def a_gate() -> AsyncIterator[Callable[[str, int], Awaitable[None]]]:
    """A gate that is shut meanwhile; given is how to wait until so many wait for such a lock."""
    connection = await asyncpg.connect(PLACES.only())
    query = "SELECT count(*) FROM pg_locks WHERE locktype = $1 AND NOT granted"

    async def waiting(kind: str, count: int) -> None:
        async with asyncio.timeout(20):
            while await connection.fetchval(query, kind) < count:
                pass  # each look takes its turn with the units

    try:
        await connection.execute(f"SELECT pg_advisory_lock({GATE})")
        yield waiting
    finally:
        await connection.close()


def gate(unit: Unit) -> None:
    unit.run(text(f"SELECT pg_advisory_xact_lock_shared({GATE})"))


async def test_all_that_append_to_a_petition_are_kept_one_after_another(crowd: list[Desk]) -> None:
    petition = await file(crowd[0], 1)

    runs = 0

    def look(unit: Unit) -> int:
        nonlocal runs
        runs += 1
        known = record.load(unit, petition.id, lock=True)
        return len(record.append(unit, known, ev.Looked(), OFFICER).entries)

    lengths = [n for _ in range(4) for n in await at_once(crowd, look)]
    assert sorted(lengths) == list(range(2, 22))
    assert runs == 20  # each waited for its turn; none had to be run again
    found = await crowd[0].look(lambda u: record.load(u, petition.id))
    assert len(found.entries) == 21


async def test_who_did_not_lock_is_run_again_on_what_the_other_left(crowd: list[Desk]) -> None:
    petition = await file(crowd[0], 1)

    def look(unit: Unit) -> None:
        known = record.load(unit, petition.id)
        gate(unit)
        record.append(unit, known, ev.Looked(), OFFICER)

    assert await at_the_gate(crowd, look) == [None] * 5
    assert len((await crowd[0].look(lambda u: record.load(u, petition.id))).entries) == 6


async def test_an_update_stored_by_all_at_once_is_new_to_one(crowd: list[Desk]) -> None:
    for update in range(10):
        arrivals = [Arrival(update, 5, b"{}"), Arrival(update + 100, 6, b"{}")]
        fresh = await at_once(crowd, lambda u, a=arrivals: inbox.store(u, a))
        assert sorted(a.update_id for each in fresh for a in each) == [update, update + 100]
    assert len(await rows(crowd[0], "inbox")) == 20


async def test_an_update_that_two_have_in_hand_has_its_effect_once(crowd: list[Desk]) -> None:
    await crowd[0].unit(lambda u: inbox.store(u, [Arrival(1, 5, b"{}")]))

    def handle(unit: Unit) -> bool:
        gate(unit)
        if not inbox.take(unit, Arrival(1, 5, b"")):
            return False
        throttle.count(unit, "effect", HOUR)
        return True

    assert sorted(await at_the_gate(crowd, handle)) == [False] * 4 + [True]
    assert [row.count for row in await rows(crowd[0], "throttle")] == [1]


async def test_serials_have_no_gap_and_no_double(crowd: list[Desk]) -> None:
    day = date(2026, 3, 2)

    def take(unit: Unit) -> int:
        number = serials.take(unit, day)
        if number in (3, 7) and len(failed) < 2:
            failed.append(number)
            raise RuntimeError
        return number

    failed: list[int] = []
    taken = [n for _ in range(4) for n in await at_once(crowd, take)]
    assert [type(n) for n in taken].count(RuntimeError) == 2
    assert sorted(n for n in taken if isinstance(n, int)) == list(range(1, 19))


async def test_every_try_counts(crowd: list[Desk]) -> None:
    def attempt(unit: Unit) -> bool:
        if throttle.spent(unit, "lookup", 7, HOUR):
            return False
        throttle.count(unit, "lookup", HOUR)
        return True

    assert await crowd[0].unit(attempt)
    tried = [n for _ in range(4) for n in await at_once(crowd, attempt)]
    assert tried.count(True) == 6
    assert [row.count for row in await rows(crowd[0], "throttle")] == [7]


async def test_somebody_new_is_met_once_and_keeps_the_language_they_chose(
    crowd: list[Desk],
) -> None:
    await at_once(crowd, lambda u: people.meet(u, 9, "en", private=True))
    assert len(await rows(crowd[0], "people")) == 1

    def choose(unit: Unit) -> None:
        people.choose_language(unit, 9, "zh_Hans")
        gate(unit)

    async with a_gate() as waiting:
        chosen = asyncio.ensure_future(crowd[0].unit(choose))
        await waiting("advisory", 1)
        # In another chat they are met in the language of their telephone, which is another now.
        met = crowd[1].unit(lambda u: people.meet(u, 9, "de", private=True))
        both = asyncio.gather(chosen, met)
        await waiting("transactionid", 1)
    await both
    (person,) = await rows(crowd[0], "people")
    assert (person.language, person.language_chosen) == ("zh_Hans", True)


async def test_a_bind_code_is_spent_once(crowd: list[Desk]) -> None:
    await crowd[0].unit(lambda u: groups.store_code(u, "code", "front"))
    used = await at_the_gate(crowd, lambda u: (gate(u), groups.use_code(u, "code"))[1])
    assert sorted(map(str, used)) == ["None"] * 4 + ["front"]


async def test_a_file_is_leased_to_one(crowd: list[Desk]) -> None:
    def add_some(unit: Unit) -> None:
        key = unit.vault.new_key(unit.connection)
        for n in range(20):
            about = {"file_id": f"f{n}", "unique_id": "u", "chat_id": 5, "message_id": n}
            files.add(unit, key, {**about, "kind": "photo", "size": 1, "name": "", "caption": ""})

    await crowd[0].unit(add_some)
    leased = [a.id for each in await at_once(crowd, files.wanted) for a in each]
    assert len(leased) == len(set(leased)) == 20


async def test_a_duty_is_done_by_one(crowd: list[Desk]) -> None:
    await crowd[0].unit(lambda u: due.plan(u, "survey", "p", u.now))

    def do(unit: Unit) -> bool:
        gate(unit)
        claimed = due.claim(unit)
        for duty in claimed:
            throttle.count(unit, "done", HOUR)
            due.done(unit, duty)
        return bool(claimed)

    assert sorted(await at_the_gate(crowd, do)) == [False] * 4 + [True]
    assert [row.count for row in await rows(crowd[0], "throttle")] == [1]


async def test_two_answers_to_one_draft_are_both_kept(crowd: list[Desk]) -> None:
    begun = await crowd[0].unit(lambda u: drafts.begin(u, 5, 5, "filing", "title"))

    def answer(unit: Unit) -> None:
        gate(unit)
        draft = drafts.current(unit, 5, 5)
        assert draft is not None
        drafts.save(unit, draft.answered(f"step{draft.version}", "x").at("next"))

    assert await at_the_gate(crowd, answer) == [None] * 5
    found = await crowd[0].look(lambda u: drafts.load(u, begun.id))
    assert found is not None
    assert (found.version, len(found.answers)) == (6, 5)


async def test_what_is_begun_while_a_petition_is_erased_goes_with_it_or_is_not_begun(
    crowd: list[Desk],
) -> None:
    for serial in range(1, 6):
        petition = await file(crowd[0], serial)

        def erase(unit: Unit, number: str = petition.number) -> bool:
            return erasing.erase(unit, number, "request")

        def begin(unit: Unit, subject: str = petition.id) -> None:
            drafts.begin(unit, 5, 5, "reply", "text", subject=subject, answers={"text": "MARK"})

        done = await asyncio.gather(
            *(desk.unit(begin) for desk in crowd[:3]),
            *(desk.unit(erase) for desk in crowd[3:]),
            return_exceptions=True,
        )
        assert sorted(done[3:]) == [False, True]  # type: ignore[type-var]
        assert {type(each) for each in done[:3]} <= {type(None), record.Unknown}
        assert await rows(crowd[0], "drafts", subject=petition.id) == []


async def test_the_first_start_of_many_makes_one_database_and_one_key(
    either: None, postgres: Server, tmp_path: Path
) -> None:
    url = await postgres.empty()
    desks = [Desk(PostgresDatabase(url), Vault([KEY]), 42, Time()) for _ in range(5)]
    try:
        await asyncio.gather(*(desk.database.write(schema.prepare) for desk in desks))
        await asyncio.gather(*(desk.database.write(desk.vault.check) for desk in desks))
        assert len({await desk.look(lambda u: u.digest("code")) for desk in desks}) == 1
        key = tmp_path / "seal.key"
        sealers = await asyncio.gather(*(make_sealer(desk, key) for desk in desks))
        known = {sealer._key.private_bytes_raw() for sealer in sealers}
        assert known == {sealkeys.load(key).private_bytes_raw()}
    finally:
        await asyncio.gather(*(desk.database.close() for desk in desks))


async def test_each_entry_is_under_one_seal_whoever_makes_it(
    crowd: list[Desk], tmp_path: Path
) -> None:
    """Programs of one machine share the log; one elsewhere has a copy of the key and its own."""
    key, elsewhere = tmp_path / "seal.key", tmp_path / "elsewhere" / "seal.key"
    sealers = [await make_sealer(desk, key) for desk in crowd[:4]]
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(key.read_bytes())
    sealers.append(await make_sealer(crowd[4], elsewhere))
    for serial in range(1, 9):
        await asyncio.gather(file(crowd[serial % 5], serial), *(sealer.run() for sealer in sealers))
    for sealer in sealers:
        await sealer.run()

    def verify(unit: Unit, log: Path) -> list[str]:
        public = [sealkeys.load(key).public_key()]
        book = SealLog(log)
        return [str(f) for f in verifying.verify(unit, public, book.marks(book.size() or 0))]

    for log in (key.with_name("seals.log"), elsewhere.with_name("seals.log")):
        assert await crowd[0].look(lambda u, log=log: verify(u, log)) == []
    assert await crowd[0].look(seals.unsealed) == 0


async def test_the_seal_another_made_is_not_made_again(crowd: list[Desk], tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()

    def seal(unit: Unit) -> object:
        return seals.seal(unit, key, seals.NONE)

    await file(crowd[0], 1)
    assert await crowd[0].unit(seal) is not None
    await file(crowd[0], 2)
    assert await crowd[1].unit(seal) is None
    assert await crowd[0].look(seals.unsealed) == 1


async def test_one_program_of_a_machine_seals_at_a_time(crowd: list[Desk], tmp_path: Path) -> None:
    key = tmp_path / "seal.key"
    sealer = await make_sealer(crowd[0], key)
    await file(crowd[0], 1)
    with SealLog.beside(key).held() as ours:
        assert ours
        await sealer.run()
        assert await crowd[0].look(seals.unsealed) == 1
    await sealer.run()
    assert await crowd[0].look(seals.unsealed) == 0


async def test_what_is_added_while_a_seal_is_made_waits_for_the_next(
    crowd: list[Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not put under a seal that was made without it."""
    key = Ed25519PrivateKey.generate()
    await file(crowd[0], 1)

    def seal(unit: Unit) -> object:
        made = seals.seal(unit, key, seals.NONE)
        gate(unit)
        return made

    sealing = asyncio.ensure_future(at_the_gate([crowd[0]], seal))
    await file(crowd[1], 2)
    await sealing
    faults = await crowd[0].look(lambda u: list(verifying.verify(u, [key.public_key()], None)))
    assert faults == []
    assert await crowd[0].look(seals.unsealed) <= 1
