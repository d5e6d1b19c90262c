"""What an operator sees of the outbox, brings back and calls off."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from archives import erase, file
from desks import KEY, Time, a_desk, rows
from making import CITIZEN
from plans import asked_of, scans

from petitions.record import Petition
from storage import claiming, outbox, outlook, returning
from storage.database import Desk
from storage.messages import Notice, Parcel, Post, Rank
from storage.outlook import Message
from storage.unit import Unit

STATES = ("sent", "blocked", "gone", "failed", "skipped")
MISSED = ("blocked", "gone", "failed")


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time().patch(monkeypatch)


@pytest.fixture
async def desk(tmp_path: Path, time: Time) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path / "m.sqlite3", time) as desk:
        yield desk


@pytest.fixture
async def petition(desk: Desk) -> Petition:
    return await file(desk, 1)


def notice(kind: str, chat: int = 5, **more: Any) -> Parcel:
    return Parcel(chat_id=chat, notice=Notice(kind=kind), urgent=False, **more)


async def put(desk: Desk, *parcels: Parcel) -> None:
    await desk.unit(lambda u: outbox.put(u, parcels))


async def ended(desk: Desk, state: str, parcel: Parcel, reason: str | None = "forbidden") -> int:
    """A message that ended so; its id."""

    def work(unit: Unit) -> int:
        leased = outbox.put(unit, [parcel])
        row = leased[0] if leased else claiming.claim(unit, 100)[-1]
        outbox.settle(unit, row, state, reason=reason)
        return row.id

    return await desk.unit(work)


async def found(desk: Desk, *states: str, **more: Any) -> list[str]:
    seen = await desk.look(lambda u: outlook.find(u, states, **more))
    return [f"{m.state} {m.key}" for m in seen]


async def back(desk: Desk, row_id: int) -> str | None:
    return await desk.unit(lambda u: returning.bring_back(u, row_id))


async def off(desk: Desk, row_id: int, *, required: bool = False) -> str | None:
    return await desk.unit(
        lambda u: returning.call_off(u, row_id, "outdated", even_required=required)
    )


async def sent_next(desk: Desk) -> list[str]:
    return [r.parcel.key for r in await desk.unit(lambda u: claiming.claim(u, 100))]


# -- seen --------------------------------------------------------------------------------------


async def test_a_message_is_told_of_without_what_it_says(
    desk: Desk, time: Time, petition: Petition
) -> None:
    row_id = await ended(desk, "blocked", notice("accepted", petition_id=petition.id, lasting=True))
    assert await desk.look(lambda u: outlook.one(u, row_id)) == Message(
        id=row_id,
        state="blocked",
        reason="forbidden",
        key="notice.accepted",
        number=petition.number,
        chat_id=5,
        rank=Rank.ORDINARY,
        lasting=True,
        due_at=time.now,
        settled_at=time.now,
        held=False,
        attempts=1,
        progress=0,
        again=True,
        message_id=None,
    )
    assert await desk.look(lambda u: outlook.one(u, 404)) is None


async def test_each_state_is_found_by_its_name(desk: Desk, time: Time) -> None:
    for chat, state in enumerate(STATES, 100):
        await ended(desk, state, notice(f"was_{state}", chat))
    await put(desk, notice("now", 1), notice("later", 2, delay_seconds=60))
    await put(desk, notice("cut", 3))
    cut = next(r for r in await desk.unit(lambda u: claiming.claim(u, 9)) if r.parcel.chat_id == 3)
    await desk.unit(lambda u: outbox.retry(u, cut, 30, "TelegramNetworkError", unknown=True))
    for state in STATES:
        assert await found(desk, state) == [f"{state} notice.was_{state}"]
    assert await found(desk, "waiting") == ["waiting notice.now", "waiting notice.cut"]
    assert await found(desk, "deferred") == ["deferred notice.later"]
    assert await found(desk, "unknown") == ["waiting notice.cut"]
    both = ["failed notice.was_failed", "gone notice.was_gone"]
    assert await found(desk, "failed", "gone") == both
    held = await desk.look(lambda u: [m.held for m in outlook.find(u, ["waiting"])])
    assert held == [True, True]
    time.pass_(60)
    assert await found(desk, "deferred") == []


async def test_what_waits_comes_in_order_and_what_ended_the_newest_first(
    desk: Desk, time: Time
) -> None:
    for n in range(3):
        await ended(desk, "failed", notice(f"f{n}", 10 + n))
        await put(desk, notice(f"w{n}", 20 + n, delay_seconds=100 - n))
        time.pass_(1)
    assert await found(desk, "failed") == [
        "failed notice.f2",
        "failed notice.f1",
        "failed notice.f0",
    ]
    assert await found(desk, "failed", limit=1) == ["failed notice.f2"]
    since = time.now - timedelta(seconds=2)
    assert await found(desk, "failed", since=since) == ["failed notice.f2", "failed notice.f1"]
    order = ["deferred notice.w0", "deferred notice.w1", "deferred notice.w2"]
    assert await found(desk, "deferred") == order
    assert await found(desk, "deferred", limit=2) == order[:2]


async def test_all_of_one_petition_in_order(desk: Desk, petition: Petition) -> None:
    this = {"petition_id": petition.id}
    await ended(desk, "sent", notice("routed", **this))
    await ended(desk, "failed", notice("accepted", **this))
    await ended(desk, "failed", notice("other"))
    await put(desk, notice("replied", **this))
    of = {"number": petition.number}
    every = ["sent notice.routed", "failed notice.accepted", "waiting notice.replied"]
    assert await found(desk, **of) == every
    assert await found(desk, **of, limit=2) == every[1:]
    assert await found(desk, "failed", **of) == ["failed notice.accepted"]
    with pytest.raises(LookupError):
        await found(desk, number="1")


async def test_counts_are_of_what_did_not_arrive_and_why(desk: Desk, time: Time) -> None:
    for reason in ("bad request", "bad request", "KeyError"):
        await ended(desk, "failed", notice("n"), reason)
    await ended(desk, "sent", notice("n"), None)
    await put(desk, notice("n"), notice("n", 6, delay_seconds=9))
    assert await desk.look(outlook.counts) == [
        ("waiting", None, 1),
        ("deferred", None, 1),
        ("failed", "KeyError", 1),
        ("failed", "bad request", 2),
    ]


async def test_another_bot_s_are_not_shown_and_not_touched(
    desk: Desk, tmp_path: Path, time: Time
) -> None:
    failed = await ended(desk, "failed", notice("n"))
    await put(desk, notice("w", 6))
    async with a_desk(tmp_path / "m.sqlite3", time, KEY, bot=43) as other:
        assert await found(other, "failed", "waiting") == []
        assert await other.look(outlook.counts) == []
        assert await other.look(lambda u: outlook.one(u, failed)) is None
        assert await other.look(lambda u: outlook.ids(u, "failed", time.now, 0, 9)) == []
        assert await back(other, failed) == "there is no such message"
        assert await off(other, failed + 1) == "there is no such message"


async def test_what_did_not_arrive_is_found_by_its_index(
    desk: Desk, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(unit: Unit) -> None:
        for state in ("waiting", "deferred", "unknown", "blocked", "gone", "failed", "skipped"):
            outlook.find(unit, [state])
            outlook.find(unit, [state], since=time.now)
        outlook.counts(unit)
        outlook.ids(unit, "failed", time.now, 0, 9)

    asked = await asked_of(desk, ask, monkeypatch)
    plans = await desk.look(lambda unit: [scans(unit, query) for query in asked])
    lines = [line for plan in plans for line in plan if " outbox " in line]
    assert len(lines) == 18
    assert {line.partition(" USING ")[2].split(" (")[0] for line in lines} == {
        "INDEX ix_outbox_due",
        "INDEX ix_outbox_unsent",
    }


# -- brought back ------------------------------------------------------------------------------


@pytest.mark.parametrize("state", MISSED)
async def test_what_did_not_arrive_waits_again_now_as_if_it_were_new(
    desk: Desk, time: Time, state: str
) -> None:
    row_id = await ended(desk, state, notice("n"))
    time.pass_(3600)
    assert await back(desk, row_id) is None
    (row,) = await rows(desk, "outbox")
    assert (row.state, row.reason, row.attempts) == ("waiting", "brought back", 0)
    assert row.settled_at is None
    assert await sent_next(desk) == ["notice.n"]


async def test_it_goes_on_where_it_stopped(desk: Desk) -> None:
    await put(desk, notice("long"))
    (row,) = await desk.unit(lambda u: claiming.claim(u, 1))
    await desk.unit(lambda u: outbox.advance(u, row, 2))
    await desk.unit(lambda u: outbox.settle(u, row, "failed", reason="r"))
    await back(desk, row.id)
    (row,) = await desk.unit(lambda u: claiming.claim(u, 1))
    assert row.progress == 2


@pytest.mark.parametrize("state", ["sent", "skipped", "waiting"])
async def test_what_did_not_fail_is_not_brought_back(desk: Desk, state: str) -> None:
    await put(desk, notice("n")) if state == "waiting" else await ended(desk, state, notice("n"))
    before = await rows(desk, "outbox")
    assert await back(desk, 1) == f"it is not one that failed: {state}"
    assert await rows(desk, "outbox") == before


async def test_an_answer_to_a_tap_is_not_brought_back(desk: Desk) -> None:
    row_id = await ended(desk, "failed", Parcel(chat_id=5, post=Post(key="k", text="t")))
    assert await back(desk, row_id) == "it was an answer to a tap, and nothing is left of it"


async def test_what_tells_of_an_erased_petition_is_not_brought_back(
    desk: Desk, petition: Petition
) -> None:
    row_id = await ended(desk, "failed", notice("n", petition_id=petition.id))
    await erase(desk, petition)
    assert await back(desk, row_id) == "there is no such message"
    late = await ended(desk, "failed", notice("n", petition_id=petition.id))
    assert await back(desk, late) == "its petition was erased"


async def test_what_is_under_a_key_that_was_destroyed_is_not_brought_back(desk: Desk) -> None:
    key = await desk.unit(lambda u: u.vault.new_key(u.connection))
    row_id = await ended(desk, "failed", notice("draft_warning", key_id=key))
    await desk.unit(lambda u: u.vault.destroy(u.connection, key, u.now))
    assert await back(desk, row_id) == "its petition was erased"


async def test_a_card_is_not_brought_back_over_a_newer_one(desk: Desk) -> None:
    card = {"petition_id": "p", "slot": "card:p:front"}
    row_id = await ended(desk, "failed", notice("card", **card))
    await ended(desk, "failed", notice("card", petition_id="p", slot="card:p:roads"))
    await put(desk, notice("line", petition_id="p"))
    assert await back(desk, row_id) is None
    for row in await desk.unit(lambda u: claiming.claim(u, 1)):
        await desk.unit(lambda u, row=row: outbox.settle(u, row, "failed"))
    await ended(desk, "sent", notice("card", **card))
    assert await back(desk, row_id) == "a newer one has taken its place"


async def test_pages_of_what_ended_since(desk: Desk, time: Time) -> None:
    old = await ended(desk, "failed", notice("n"))
    time.pass_(10)
    since = time.now
    new = [await ended(desk, "failed", notice("n")) for _ in range(3)]
    await ended(desk, "gone", notice("n"))
    pages = [
        await desk.look(lambda u, a=after: outlook.ids(u, "failed", since, a, 2))
        for after in (0, new[1], new[2])
    ]
    assert pages == [new[:2], new[2:], []]
    assert old not in new


# -- called off --------------------------------------------------------------------------------


async def test_what_waits_is_called_off_and_says_why(desk: Desk, time: Time) -> None:
    await put(desk, notice("n"), notice("later", delay_seconds=60))
    assert [await off(desk, 1), await off(desk, 2)] == [None, None]
    for row in await rows(desk, "outbox"):
        assert (row.state, row.reason) == ("skipped", "called off: outdated")
        assert (row.payload, row.settled_at is None) == (b"", False)
    time.pass_(60)
    assert await sent_next(desk) == []
    assert await off(desk, 1) == "it does not wait: skipped"
    assert await back(desk, 1) == "it is not one that failed: skipped"
    assert await off(desk, 404) == "there is no such message"


async def test_what_the_petitioner_must_be_told_needs_a_word_more_and_tells_so(
    desk: Desk, petition: Petition
) -> None:
    await put(desk, notice("accepted", CITIZEN, petition_id=petition.id, lasting=True))
    assert "--even-required" in (await off(desk, 1) or "")
    assert await found(desk, "waiting") == ["waiting notice.accepted"]
    assert await off(desk, 1, required=True) is None
    (row,) = await rows(desk, "outbox")
    assert (row.state, row.reason) == ("skipped", "called off though required: outdated")
