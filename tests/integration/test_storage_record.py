"""The record as it is kept: appended to, chained, read back, found by those who may."""

import hashlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from desks import REFUSED, Time, a_desk, rows
from making import CITIZEN, HOLDER, RULES, a_filing
from sqlalchemy import text

from petitions import events as ev
from petitions.access import DESK
from petitions.commands import Register
from petitions.lifecycle import register
from petitions.record import OPEN, Party, Petition, State
from storage import projection, record
from storage.database import Desk
from storage.unit import Unit

pytestmark = pytest.mark.usefixtures("either")

OFFICER = Party("officer", HOLDER, "front")


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def desk(tmp_path: Path, time: Time) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path / "m.sqlite3", time) as desk:
        yield desk


async def file(
    desk: Desk, number: str = "1", petitioner: int = CITIZEN, **more: object
) -> Petition:
    def work(unit: Unit) -> Petition:
        event = register(Register(a_filing(**more), number, "ab"), unit.now, RULES)
        key = unit.vault.new_key(unit.connection)
        by = Party("petitioner", petitioner)
        return record.register(unit, event, petitioner, by, key, f"digest-{number}")

    return await desk.unit(work)


async def append(desk: Desk, petition: Petition, event: ev.AnyEvent, by: Party) -> Petition:
    return await desk.unit(lambda u: record.append(u, petition, event, by))


def accepted(time: Time) -> ev.Accepted:
    return ev.Accepted(deadlines=RULES.deadlines("accepted", time.now))


async def test_a_petition_comes_back_as_it_was_told(desk: Desk, time: Time) -> None:
    petition = await file(desk, title="<b>&水", point=(30.25, 120.5), id_number=None)
    time.pass_(60)
    petition = await append(desk, petition, ev.Taken(holder=HOLDER), OFFICER)
    time.pass_(0.000001)
    petition = await append(desk, petition, accepted(time), OFFICER)
    assert await desk.look(lambda u: record.load(u, petition.id)) == petition
    assert await desk.unit(lambda u: record.load(u, petition.id, lock=True)) == petition
    assert petition.entries[2].at == time.now
    assert petition.state is State.HANDLING


async def test_the_row_is_projected_from_the_record(desk: Desk, time: Time) -> None:
    petition = await file(desk, category="urban.roads", district="north")
    (row,) = await rows(desk, "petitions")
    assert (row.purpose, row.category, row.district) == ("request", "urban.roads", "north")
    assert (row.unit_id, row.holder_id, row.state) == ("roads", None, "registered")
    assert (row.version, row.length, row.due_on) == (1, 1, "2026-03-17")
    time.pass_(60)
    petition = await append(desk, petition, ev.Taken(holder=HOLDER), OFFICER)
    petition = await append(desk, petition, ev.Looked(), OFFICER)
    (row,) = await rows(desk, "petitions")
    assert (row.holder_id, row.state, row.version, row.length) == (HOLDER, "registered", 2, 3)
    assert row.updated_at > row.registered_at


async def test_every_entry_is_chained_to_the_one_before(desk: Desk, time: Time) -> None:
    """Recomputed by hand from what the tables hold: the shape of the chain is for ever."""
    petition = await file(desk)
    time.pass_(61.5)
    petition = await append(desk, petition, ev.Taken(holder=HOLDER), OFFICER)
    petition = await append(desk, petition, ev.SurveyOpened(until=time.now), Party("desk"))
    # The petitioner's id is not told: it goes with the content.
    heads = [
        f'["{petition.id}",1,"registered",1,1772416800000000,"petitioner",null,null]',
        f'["{petition.id}",2,"taken",1,1772416861500000,"officer",12,"front"]',
        f'["{petition.id}",3,"survey_opened",1,1772416861500000,"desk",null,null]',
    ]
    key = await desk.look(lambda u: record.key_of(u, petition.id))
    before = bytes(32)
    salts = set()
    for row, head, entry in zip(await rows(desk, "entries"), heads, petition.entries, strict=True):
        plain = await desk.look(lambda u, row=row: u.open(row.body, key))
        salt, place, event = plain[:16], plain[16:48], plain[48:]
        assert event == ev.write_event(entry.event)
        assert place == sha256(before, head.encode(), row.projected)
        assert row.commitment == sha256(plain)
        before = sha256(before, row.commitment, head.encode(), row.projected)
        assert row.chain == before
        salts.add(salt)
    assert len(salts) == 3


async def test_each_entry_keeps_the_digest_of_the_row_as_it_left_it(desk: Desk, time: Time) -> None:
    """By hand again: every column that is not empty, by name, as it is held."""
    petition = await file(desk, "77", category="urban", district="north")
    time.pass_(60)
    await append(desk, petition, ev.Taken(holder=HOLDER), OFFICER)
    key = await desk.look(lambda u: record.key_of(u, petition.id))

    def told(**more: str) -> str:
        row = {
            "bot_id": "42",
            "category": '"urban"',
            "code_digest": '"digest-77"',
            "district": '"north"',
            "due_on": '"2026-03-17"',
            "id": f'"{petition.id}"',
            "key_id": f'"{key}"',
            "number": '"77"',
            "petitioner_id": "1001",
            "purpose": '"request"',
            "registered_at": "1772416800000000",
            "state": '"registered"',
            "unit_id": '"housing"',
            **more,
        }
        return "{" + ",".join(f'"{name}":{row[name]}' for name in sorted(row)) + "}"

    spans = (
        '[{"bot_id":42,"category":"urban","district":"north","how":"first","kind":"registered",'
        '"n":1,"purpose":"request","since_on":"2026-03-02","unit_id":"housing"},'
        '{"bot_id":42,"counted_on":"2026-03-17","due_on":"2026-03-17","kind":"accept","n":2,'
        '"since_on":"2026-03-02","unit_id":"housing"}]'
    )
    units = '[["unit","front"],["unit","housing"]]'  # who sent it, who has it
    first = told(length="1", version="1", updated_at="1772416800000000")
    second = told(length="2", version="2", updated_at="1772416860000000", holder_id="12")
    assert [row.projected for row in await rows(desk, "entries")] == [
        sha256(f'{{"row":{row},"spans":{spans},"ties":{units}}}'.encode())
        for row in (first, second)
    ]


async def test_the_ties_follow_the_record(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is involved is in the table after each entry, and in its digest."""
    of = {1: {("assisting", "roads"), ("accused", "front")}, 2: {("assisting", "ducha")}}
    monkeypatch.setattr(projection, "ties_of", lambda petition: of[len(petition.entries)])
    petition = await file(desk)
    await file(desk, "2")

    async def tied() -> set[tuple[str, str]]:
        return {(t.kind, t.who) for t in await rows(desk, "ties", petition_id=petition.id)}

    assert await tied() == of[1]
    await append(desk, petition, ev.Taken(holder=HOLDER), OFFICER)
    assert await tied() == of[2]
    assert len(await rows(desk, "ties")) == 3
    row = dict((await rows(desk, "petitions", id=petition.id))[0]._mapping)
    (_, last) = await rows(desk, "entries", petition_id=petition.id)
    spans = projection.spans_of(petition, 42)
    assert last.projected == projection.digest(row, of[2], spans)
    assert last.projected != projection.digest(row, of[1], spans)


async def test_the_spans_follow_the_record_and_what_is_taken_back_leaves_none(
    desk: Desk, time: Time
) -> None:
    """Changed, added and taken away again, and each time in the entry's digest."""
    petition = await file(desk, "1", category="urban")
    await file(desk, "2")
    reply = ev.Replied(outcome=ev.Outcome.SUPPORTED, text=("好",), basis="TL", deadlines=())
    events = (accepted(time), reply, ev.Undone(of=3, what="replied"))
    lengths = []
    for event in events:
        time.pass_(86400)
        petition = await append(desk, petition, event, OFFICER)
        found = await rows(desk, "spans", petition_id=petition.id)
        told = [{n: v for n, v in r._mapping.items() if n != "petition_id"} for r in found]
        assert told == projection.spans_of(petition, 42)
        row = dict((await rows(desk, "petitions", id=petition.id))[0]._mapping)
        last = (await rows(desk, "entries", petition_id=petition.id))[-1]
        assert last.projected == projection.digest(row, projection.ties_of(petition), told)
        lengths.append([(span["kind"], span["done_on"]) for span in told])
    begun = [("registered", None), ("accept", "2026-03-03"), ("handle", None)]
    done = [("registered", "2026-03-04"), *begun[1:2], ("handle", "2026-03-04"), ("closed", None)]
    assert lengths == [begun, done, begun]
    assert len(await rows(desk, "spans")) == 3 + 2


async def test_the_chain_holds_when_the_content_is_erased(desk: Desk) -> None:
    petition = await file(desk)
    await desk.unit(lambda u: u.run(text("UPDATE entries SET body = NULL, by_id = NULL")))
    (row,) = await rows(desk, "entries")
    head = f'["{petition.id}",1,"registered",1,1772416800000000,"petitioner",null,null]'
    assert row.chain == sha256(bytes(32), row.commitment, head.encode(), row.projected)


async def test_two_who_append_to_the_same_state_are_not_both_kept(desk: Desk, time: Time) -> None:
    petition = await file(desk)
    await append(desk, petition, ev.Taken(holder=HOLDER), OFFICER)
    with pytest.raises(REFUSED):
        await append(desk, petition, ev.Taken(holder=13), Party("officer", 13, "front"))
    now = await desk.look(lambda u: record.load(u, petition.id))
    assert (now.holder, len(now.entries)) == (HOLDER, 2)
    (row,) = await rows(desk, "petitions")
    assert row.holder_id == HOLDER


async def test_a_number_is_given_once(desk: Desk) -> None:
    await file(desk, "1")
    with pytest.raises(REFUSED):
        await file(desk, "1")
    assert len(await rows(desk, "entries")) == 1


async def test_an_unknown_petition_is_said_to_be(desk: Desk) -> None:
    for look in (record.load, record.key_of):
        with pytest.raises(record.Unknown):
            await desk.look(lambda u, look=look: look(u, "nobody"))
    assert await desk.look(lambda u: record.by_number(u, "404")) is None


async def test_a_petition_is_found_by_its_number_with_the_digest_of_its_code(desk: Desk) -> None:
    petition = await file(desk, "77")
    assert await desk.look(lambda u: record.by_number(u, "77")) == (petition, "digest-77")


async def test_a_wrong_code_opens_nothing(desk: Desk) -> None:
    petition = await file(desk, "77")
    assert await desk.look(lambda u: record.by_code(u, "77", "digest-77")) == petition
    for number, digest in (("77", "digest-78"), ("77", ""), ("78", "digest-77"), ("78", "")):
        found = await desk.look(lambda u, n=number, d=digest: record.by_code(u, n, d))
        assert found is None


async def test_what_was_submitted_is_read_as_it_was_stored(desk: Desk) -> None:
    """A field that a filing gets later was not submitted then, and is in no receipt."""
    petition = await file(desk, "77")
    fields = await desk.look(lambda u: record.registered(u, "77"))
    assert fields is not None
    assert fields["filing"] == petition.filing.model_dump(mode="json")
    assert await desk.look(lambda u: record.registered(u, "78")) is None


async def test_whether_a_key_is_a_petition_s(desk: Desk) -> None:
    petition = await file(desk)
    key = await desk.look(lambda u: record.key_of(u, petition.id))
    other = await desk.unit(lambda u: u.vault.new_key(u.connection))
    assert await desk.look(lambda u: (record.uses_key(u, key), record.uses_key(u, other))) == (
        True,
        False,
    )


async def test_a_person_sees_their_own_newest_first(desk: Desk, time: Time) -> None:
    for number in ("1", "2", "3"):
        time.pass_(60)
        await file(desk, number)
    await file(desk, "4", petitioner=99)
    mine = await desk.look(lambda u: record.of_petitioner(u, CITIZEN, 2))
    assert [p.number for p in mine] == ["3", "2"]
    assert await desk.look(lambda u: record.of_petitioner(u, 404)) == []


async def test_another_bot_s_petitions_are_not_shown(
    desk: Desk, tmp_path: Path, time: Time
) -> None:
    await file(desk)
    async with a_desk(tmp_path / "m.sqlite3", time, bot=43) as other:
        assert await other.look(lambda u: record.of_petitioner(u, CITIZEN)) == []


async def test_a_unit_s_cases_come_with_the_soonest_deadline_first(desk: Desk, time: Time) -> None:
    slow = await file(desk, "1")
    slow = await append(desk, slow, ev.Taken(holder=HOLDER), OFFICER)
    slow = await append(desk, slow, accepted(time), OFFICER)
    time.now += timedelta(days=3)
    soon = await file(desk, "2")
    same = await file(desk, "3")
    await file(desk, "4", category="urban.roads")
    states = sorted(OPEN)

    async def of(units: list[str], states: list[str], limit: int = 9) -> list[str]:
        return await desk.look(lambda u: record.of_units(u, DESK, units, states, limit))

    assert await of(["front"], states) == [soon.id, same.id, slow.id]
    assert await of(["front"], states, 2) == [soon.id, same.id]
    assert await of(["front"], [State.HANDLING]) == [slow.id]
    assert await of(["ducha"], states) == []
    assert len(await of(["front", "roads"], states)) == 4


async def test_moments_are_kept_to_the_microsecond_in_utc(desk: Desk, time: Time) -> None:
    time.now = datetime.fromisoformat("2026-03-02T10:00:00.123456+08:00")
    petition = await file(desk)
    (row,) = await rows(desk, "petitions")
    assert row.registered_at == 1772416800123456
    again = await desk.look(lambda u: record.load(u, petition.id))
    assert again.registered_at.isoformat() == "2026-03-02T02:00:00.123456+00:00"
