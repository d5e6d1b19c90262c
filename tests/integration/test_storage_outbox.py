"""What waits to be sent: one chat's order, slots, leases, tries, parts, and what is kept of it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from desks import KEY, Time, a_desk, rows

from storage import outbox
from storage.database import Desk
from storage.messages import Notice, Parcel, Post
from storage.outbox import LEASE_SECONDS, Row
from storage.unit import Unit

pytestmark = pytest.mark.usefixtures("either")


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time().patch(monkeypatch)


@pytest.fixture
async def desk(tmp_path: Path, time: Time) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path / "m.sqlite3", time) as desk:
        yield desk


def answer(text: str, chat: int = 5, **more: object) -> Parcel:
    return Parcel(chat_id=chat, post=Post(key="k", text=text), **more)


def notice(kind: str, chat: int = 5, **more: object) -> Parcel:
    return Parcel(chat_id=chat, notice=Notice(kind=kind), urgent=False, **more)


async def put(desk: Desk, *parcels: Parcel) -> list[Row]:
    return await desk.unit(lambda u: outbox.put(u, parcels))


async def claim(desk: Desk, limit: int = 100) -> list[Row]:
    return await desk.unit(lambda u: outbox.claim(u, limit))


async def claimed(desk: Desk, limit: int = 100) -> list[str]:
    return [named(r) for r in await claim(desk, limit)]


def named(row: Row) -> str:
    return row.parcel.post.text if row.parcel.post else row.parcel.notice.kind


async def settle(desk: Desk, row: Row, state: str = "sent", **more: object) -> None:
    await desk.unit(lambda u: outbox.settle(u, row, state, **more))


async def states(desk: Desk) -> list[tuple[str, str | None]]:
    return [(r.state, r.reason) for r in await rows(desk, "outbox")]


async def test_an_answer_comes_back_leased_to_who_stored_it_and_a_notice_does_not(
    desk: Desk, time: Time
) -> None:
    (row,) = await put(desk, answer("a"), notice("n", chat=6))
    assert named(row) == "a"
    assert (row.attempts, row.progress) == (1, 0)
    assert await claimed(desk) == ["n"]
    assert await claimed(desk) == []


async def test_a_lease_that_runs_out_is_taken_up_by_the_sweep(desk: Desk, time: Time) -> None:
    await put(desk, answer("a"))
    time.pass_(LEASE_SECONDS - 0.1)
    assert await claimed(desk) == []
    time.pass_(0.1)
    (row,) = await claim(desk)
    assert (named(row), row.attempts) == ("a", 2)
    assert await claimed(desk) == []
    time.pass_(LEASE_SECONDS)
    assert (await claim(desk))[0].attempts == 3


async def test_a_lease_follows_real_time_and_not_the_movable_clock(desk: Desk, time: Time) -> None:
    await put(desk, answer("a"))
    time.now += timedelta(days=30)
    assert await claimed(desk) == []


async def test_a_chat_is_served_in_order_one_at_a_time_and_chats_side_by_side(
    desk: Desk, time: Time
) -> None:
    await put(desk, notice("1"), notice("2"), notice("x", chat=6), notice("3"))
    first = await claim(desk)
    assert sorted(map(named, first)) == ["1", "x"]
    assert await claim(desk) == []
    await settle(desk, next(r for r in first if named(r) == "1"))
    (second,) = await claim(desk)
    assert named(second) == "2"
    # One that is to be tried again holds the later ones of its chat back.
    await desk.unit(lambda u: outbox.retry(u, second, 30, "TelegramServerError"))
    assert await claim(desk) == []
    time.pass_(30)
    assert await claimed(desk) == ["2"]


async def test_answers_go_before_notices_and_the_longest_due_first(desk: Desk, time: Time) -> None:
    await put(desk, notice("later", chat=1, delay_seconds=5), notice("now", chat=2))
    await put(desk, answer("answer", chat=3))
    time.pass_(LEASE_SECONDS)
    assert await claimed(desk) == ["answer", "now", "later"]


async def test_so_many_are_claimed_and_no_more(desk: Desk) -> None:
    await put(desk, *(notice(str(n), chat=n) for n in range(1, 6)))
    assert await claimed(desk, 2) == ["1", "2"]
    assert await claimed(desk, 9) == ["3", "4", "5"]


async def test_a_notice_waits_for_its_time_and_holds_nothing_up_meanwhile(
    desk: Desk, time: Time
) -> None:
    await put(desk, notice("tomorrow", delay_seconds=86400), notice("now"))
    assert await claimed(desk) == ["now"]
    time.pass_(86399)
    assert "tomorrow" not in await claimed(desk)


async def test_a_notice_that_waits_for_the_morning_lets_others_pass_and_then_goes(
    desk: Desk, time: Time
) -> None:
    await put(desk, notice("night"), notice("next"))
    (row,) = await claim(desk)
    morning = time.now + timedelta(hours=9)
    await desk.unit(lambda u: outbox.defer(u, row, morning))
    assert await claimed(desk) == ["next"]
    time.pass_(9 * 3600 - 1)
    await settle(desk, (await claim(desk))[0])
    assert await claimed(desk) == []
    time.pass_(1)
    assert await claimed(desk) == ["night"]


async def test_the_newest_of_a_slot_wins_and_one_being_sent_is_let_finish(
    desk: Desk, time: Time
) -> None:
    await put(desk, notice("old", slot="card:1"), notice("other", slot="card:2"))
    await put(desk, notice("new", slot="card:1"))
    assert await states(desk) == [("skipped", "newer"), ("waiting", None), ("waiting", None)]
    (other,) = await claim(desk)  # of this chat the first: "other"
    await put(desk, notice("other again", slot="card:2"))
    assert await states(desk) == [
        ("skipped", "newer"),
        ("waiting", None),
        ("waiting", None),
        ("waiting", None),
    ]
    await settle(desk, other)
    assert await claimed(desk) == ["new"]


async def test_another_bot_s_rows_are_not_ours(desk: Desk, tmp_path: Path, time: Time) -> None:
    await put(desk, notice("ours", slot="s"))
    async with a_desk(tmp_path / "m.sqlite3", time, KEY, bot=43) as other:
        assert await claimed(other) == []
        await put(other, notice("theirs", slot="s"))
        assert await claimed(other) == ["theirs"]
    assert await claimed(desk) == ["ours"]


async def test_a_parcel_comes_back_as_it_was_put(desk: Desk, time: Time) -> None:
    key = await desk.unit(lambda u: u.vault.new_key(u.connection))
    parcel = notice("n", slot="s", fresh=True, petition_id="p", key_id=key, edit=3)
    await put(desk, parcel)
    assert (await claim(desk))[0].parcel == parcel


async def test_parts_that_are_through_are_not_sent_again(desk: Desk, time: Time) -> None:
    await put(desk, notice("long"))
    (row,) = await claim(desk)
    await desk.unit(lambda u: outbox.advance(u, row, 2))
    time.pass_(LEASE_SECONDS)
    assert (await claim(desk))[0].progress == 2


async def test_what_was_sent_is_kept_for_a_notice_and_not_for_an_answer(desk: Desk) -> None:
    key = await desk.unit(lambda u: u.vault.new_key(u.connection))
    (row,) = await put(desk, answer("hello"))
    await settle(desk, row, message_id=8)
    await put(desk, notice("n", key_id=key, petition_id="p"))
    (told,) = await claim(desk)
    await settle(desk, told, shown="您的信访事项已受理", message_id=9)
    done, kept = await rows(desk, "outbox")
    assert (done.state, done.payload, done.shown, done.message_id) == ("sent", b"", None, 8)
    assert (kept.state, kept.message_id) == ("sent", 9)
    assert kept.settled_at is not None
    assert (await desk.look(lambda u: u.open(kept.shown, key))).decode() == "您的信访事项已受理"
    assert kept.payload
    assert await claimed(desk) == []


async def test_what_is_erased_before_it_is_sent_is_skipped_and_holds_nothing_up(
    desk: Desk, time: Time
) -> None:
    key = await desk.unit(lambda u: u.vault.new_key(u.connection))
    await put(desk, notice("erased", key_id=key), notice("next"))
    await desk.unit(lambda u: u.vault.destroy(u.connection, key, u.now))
    assert await claimed(desk) == []
    assert await claimed(desk) == ["next"]
    (row, _) = await rows(desk, "outbox")
    assert (row.state, row.reason, row.payload) == ("skipped", "erased", b"")


async def test_what_follows_from_erasing_is_kept_under_the_office_s_key(desk: Desk) -> None:
    key = await desk.unit(lambda u: u.vault.new_key(u.connection))

    def erase(unit: Unit) -> None:
        unit.vault.destroy(unit.connection, key, unit.now)
        outbox.put(unit, [notice("draft_expired", key_id=key)])

    await desk.unit(erase)
    (row,) = await claim(desk)
    assert (named(row), row.parcel.key_id) == ("draft_expired", None)
    await settle(desk, row, shown="已删除")
    (kept,) = await rows(desk, "outbox")
    assert (await desk.look(lambda u: u.open(kept.shown))).decode() == "已删除"


async def test_a_petition_erased_while_its_notice_is_sent_keeps_no_text(desk: Desk) -> None:
    key = await desk.unit(lambda u: u.vault.new_key(u.connection))
    await put(desk, notice("n", key_id=key))
    (row,) = await claim(desk)
    await desk.unit(lambda u: u.vault.destroy(u.connection, key, u.now))
    await settle(desk, row, shown="text", message_id=3)
    (kept,) = await rows(desk, "outbox")
    assert (kept.state, kept.shown, kept.message_id) == ("sent", None, 3)


async def test_whether_a_row_still_waits(desk: Desk) -> None:
    (row,) = await put(desk, answer("a"))
    assert await desk.look(lambda u: outbox.is_waiting(u, row))
    await settle(desk, row)
    assert not await desk.look(lambda u: outbox.is_waiting(u, row))


async def test_whether_a_notice_about_a_petition_went_out_since(desk: Desk, time: Time) -> None:
    async def was_sent(petition: str, key: str, hours: float) -> bool:
        since = time.now - timedelta(hours=hours)
        return await desk.look(lambda u: outbox.was_sent(u, petition, key, since))

    await put(desk, notice("survey", petition_id="p"), notice("asked", petition_id="p"))
    (row,) = await claim(desk)
    assert not await was_sent("p", "notice.survey", 9)
    await settle(desk, row)
    time.pass_(3600)
    assert await was_sent("p", "notice.survey", 1)
    assert not await was_sent("p", "notice.survey", 0.5)
    assert not await was_sent("p", "notice.asked", 9)
    assert not await was_sent("q", "notice.survey", 9)


async def test_a_start_gives_every_lease_back_and_forgets_none(desk: Desk) -> None:
    (row, _) = await put(desk, answer("a"), answer("b", chat=6))
    await settle(desk, row)
    assert await desk.unit(outbox.release) == 1
    assert await claimed(desk) == ["b"]


async def test_what_waits_for_a_group_goes_to_its_new_id(desk: Desk) -> None:
    await put(desk, notice("1", chat=-7), notice("2", chat=-7), notice("x", chat=-8))
    (one, x) = await claim(desk)
    await settle(desk, one)
    await settle(desk, x)
    await desk.unit(lambda u: outbox.move_chat(u, -7, -100))
    (row,) = await claim(desk)
    assert (named(row), row.parcel.chat_id) == ("2", -100)
    assert [r.chat_id for r in await rows(desk, "outbox")] == [-7, -100, -8]


async def test_settled_rows_of_no_petition_go_by_age(desk: Desk, time: Time) -> None:
    (a,) = await put(desk, answer("a"))
    (b,) = await put(desk, answer("b", petition_id="p"))
    await put(desk, answer("waiting"))
    await settle(desk, a)
    await settle(desk, b)
    time.pass_(3600)
    (c,) = await put(desk, answer("c"))
    await settle(desk, c)
    before = time.now - timedelta(minutes=30)
    assert await desk.unit(lambda u: outbox.prune(u, before)) == 1
    assert [r.id for r in await rows(desk, "outbox")] == [b.id, b.id + 1, c.id]
    assert await desk.unit(lambda u: outbox.prune(u, before)) == 0


async def test_a_clock_that_is_put_back_lets_nothing_overtake_what_was_begun(
    desk: Desk, time: Time
) -> None:
    await put(desk, notice("begun"))
    (row,) = await claim(desk)
    await desk.unit(lambda u: outbox.retry(u, row, 30, "TelegramServerError"))
    time.now -= timedelta(hours=1)
    await put(desk, notice("later"))
    assert await claimed(desk) == []
    time.now += timedelta(hours=1)
    time.real += 30
    assert await claimed(desk) == ["begun"]
