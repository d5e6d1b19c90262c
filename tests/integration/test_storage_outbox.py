"""What waits to be sent: one chat's order, slots, leases, tries, parts, and what is kept of it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from desks import KEY, Time, a_desk, rows

from storage import claiming, leases, outbox, returning
from storage.database import Desk
from storage.messages import Notice, Parcel, Post, Rank
from storage.rows import LEASE_SECONDS, Row
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
    return await desk.unit(lambda u: claiming.claim(u, limit))


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


async def test_a_chat_is_served_in_order_and_by_one_process_at_a_time(
    desk: Desk, time: Time
) -> None:
    await put(desk, notice("1"), notice("2"), notice("x", chat=6), notice("3"))
    first = await claim(desk)
    assert [named(r) for r in first] == ["1", "2", "3", "x"]
    assert await claim(desk) == []
    await put(desk, notice("4"))
    assert await claim(desk) == []
    one, two, three, _ = first
    # One that is to be tried again holds the later ones of its chat back.
    await settle(desk, one)
    for row in (two, three):
        await desk.unit(lambda u, row=row: outbox.retry(u, row, 30, "TelegramServerError"))
    assert await claim(desk) == []
    time.pass_(30)
    assert await claimed(desk) == ["2", "3", "4"]


async def test_an_answer_waits_for_no_notice_and_a_notice_for_an_answer(
    desk: Desk, time: Time
) -> None:
    await put(desk, notice("n"))
    (told,) = await claim(desk)
    await desk.unit(lambda u: outbox.retry(u, told, 300, "asked to wait"))
    (row,) = await put(desk, answer("a"))
    assert named(row) == "a"
    await desk.unit(lambda u: outbox.retry(u, row, 600, "asked to wait"))
    await put(desk, notice("m"))
    time.pass_(300)
    assert await claimed(desk) == ["n"]
    time.pass_(299)
    await settle(desk, told)
    assert await claimed(desk) == []
    time.pass_(1)
    assert await claimed(desk) == ["a"]


async def test_an_answer_is_left_to_who_has_the_earlier_ones(desk: Desk, time: Time) -> None:
    (first,) = await put(desk, answer("1"))
    (second,) = await put(desk, answer("2"))
    await desk.unit(lambda u: outbox.retry(u, first, 1, "TelegramServerError"))
    assert await put(desk, answer("3")) == []
    await settle(desk, second)
    time.pass_(1)
    assert await claimed(desk) == ["1", "3"]


async def test_a_chat_with_very_much_to_come_is_taken_in_hand_in_runs(desk: Desk) -> None:
    await put(desk, *(notice(str(n)) for n in range(claiming.RUN + 5)))
    taken = await claim(desk)
    assert [named(r) for r in taken] == [str(n) for n in range(claiming.RUN)]
    for row in taken:
        await settle(desk, row)
    assert len(await claim(desk)) == 5


async def test_what_was_begun_by_a_dead_process_is_of_unknown_outcome_and_counted(
    desk: Desk, time: Time
) -> None:
    await put(desk, notice("begun"), notice("not begun", chat=6))
    begun, _ = await claim(desk)
    assert await desk.unit(lambda u: claiming.begin(u, begun))
    time.pass_(LEASE_SECONDS)
    assert [named(r) for r in await claim(desk)] == ["begun", "not begun"]
    assert [(r.unknown, r.reason) for r in await rows(desk, "outbox")] == [
        (1, "outcome unknown"),
        (0, None),
    ]


async def test_a_lease_is_renewed_while_its_process_lives(desk: Desk, time: Time) -> None:
    (held,) = await put(desk, answer("a"))
    await put(desk, notice("n", chat=6))
    await claim(desk)
    await desk.unit(lambda u: outbox.retry(u, held, 5, "TelegramServerError"))
    for _ in range(10):
        time.pass_(LEASE_SECONDS / 4)
        # What was given back is nobody's.
        assert await desk.unit(lambda u: claiming.renew(u, [held.id, held.id + 1])) == 1
    assert await claimed(desk) == ["a"]


async def test_what_another_has_taken_up_or_replaced_is_not_begun(desk: Desk, time: Time) -> None:
    await put(desk, notice("old", slot="s"), notice("lost", chat=6))
    old, lost = await claim(desk)
    await put(desk, notice("new", slot="s"))
    assert not await desk.unit(lambda u: claiming.begin(u, old))
    time.pass_(LEASE_SECONDS)
    first, desk.process = desk.process, "another"
    assert "lost" in await claimed(desk)
    desk.process = first
    assert not await desk.unit(lambda u: claiming.begin(u, lost))


async def test_what_presses_goes_before_the_rest_and_what_can_wait_after_it(desk: Desk) -> None:
    ranks = (Rank.PATIENT, Rank.ORDINARY, Rank.PRESSING)
    await put(desk, *(notice(r.name, chat=9 + r, rank=r) for r in ranks))
    assert await claimed(desk) == ["PRESSING", "ORDINARY", "PATIENT"]


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
    row, following = await claim(desk)
    morning = time.now + timedelta(hours=9)
    await desk.unit(lambda u: outbox.defer(u, row, morning))
    await settle(desk, following)
    time.pass_(9 * 3600 - 1)
    assert await claimed(desk) == []
    time.pass_(1)
    assert await claimed(desk) == ["night"]


async def test_the_newest_of_a_slot_wins_and_one_being_sent_is_let_finish(
    desk: Desk, time: Time
) -> None:
    await put(desk, notice("old", slot="card:1"), notice("other", slot="card:2"))
    await put(desk, notice("new", slot="card:1"))
    assert await states(desk) == [("skipped", "newer"), ("waiting", None), ("waiting", None)]
    other, _ = await claim(desk)
    assert await desk.unit(lambda u: claiming.begin(u, other))
    await put(desk, notice("other again", slot="card:2"), notice("newest", slot="card:1"))
    # What is only in hand is replaced; what was begun is let finish.
    assert [state for state, _ in await states(desk)] == [
        "skipped",
        "waiting",
        "skipped",
        "waiting",
        "waiting",
    ]
    await settle(desk, other)
    assert await claimed(desk) == ["other again", "newest"]


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
    assert kept.payload == b""
    assert await claimed(desk) == []


async def test_what_is_erased_before_it_is_sent_is_skipped_and_holds_nothing_up(
    desk: Desk, time: Time
) -> None:
    key = await desk.unit(lambda u: u.vault.new_key(u.connection))
    await put(desk, notice("erased", key_id=key), notice("next"))
    await desk.unit(lambda u: u.vault.destroy(u.connection, key, u.now))
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


async def test_whether_a_notice_about_a_petition_went_out_since(desk: Desk, time: Time) -> None:
    async def was_sent(petition: str, key: str, hours: float) -> bool:
        since = time.now - timedelta(hours=hours)
        return await desk.look(lambda u: outbox.was_sent(u, petition, key, since))

    await put(desk, notice("survey", petition_id="p"), notice("asked", petition_id="p"))
    row, _ = await claim(desk)
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
    assert await desk.unit(lambda u: leases.give_back(u, {desk.process})) == 1
    assert await claimed(desk) == ["b"]


async def test_what_waits_for_a_group_goes_to_its_new_id(desk: Desk) -> None:
    await put(desk, notice("1", chat=-7), notice("2", chat=-7), notice("x", chat=-8))
    one, two, x = await claim(desk)
    await settle(desk, one)
    await settle(desk, x)
    await desk.unit(lambda u: outbox.retry(u, two, 0, "moved"))
    await desk.unit(lambda u: outbox.move_chat(u, -7, -100))
    (row,) = await claim(desk)
    assert (named(row), row.parcel.chat_id) == ("2", -100)
    assert [r.chat_id for r in await rows(desk, "outbox")] == [-7, -100, -8]


@pytest.mark.parametrize("state", ["sent", "skipped", "blocked", "gone", "failed"])
async def test_what_may_be_needed_again_keeps_what_it_was_made_of(desk: Desk, state: str) -> None:
    await put(desk, notice("passing"), notice("lasting", lasting=True))
    for row in (*await claim(desk), *await put(desk, answer("a"))):
        await settle(desk, row, state)
    for row in await claim(desk):  # the second notice of the chat, whose turn came now
        await settle(desk, row, state)
    kept = {r.key: bool(r.payload) for r in await rows(desk, "outbox")}
    unsent = state not in ("sent", "skipped")
    assert kept == {"notice.passing": unsent, "notice.lasting": state != "sent", "k": False}


async def test_a_card_that_a_newer_one_replaced_keeps_nothing(desk: Desk) -> None:
    await put(desk, notice("card", slot="card:p"), notice("card", slot="card:p"))
    replaced, newest = await rows(desk, "outbox")
    assert (replaced.state, replaced.payload) == ("skipped", b"")
    assert newest.payload


async def test_what_was_called_off_while_it_was_in_hand_keeps_its_reason(desk: Desk) -> None:
    await put(desk, notice("n"))
    (row,) = await claim(desk)
    assert (
        await desk.unit(lambda u: returning.call_off(u, row.id, "wrong", even_required=False))
        is None
    )
    await desk.unit(lambda u: outbox.retry(u, row, 30, "asked to wait"))
    assert await states(desk) == [("skipped", "called off: wrong")]


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
    assert await claimed(desk) == ["begun", "later"]
