"""What broke on the way out once: each test is named for what it was."""

import asyncio
from pathlib import Path

import pytest
from desks import Time, a_desk, rows
from doors import WANG, Door, a_place, answer, fast, notice
from sqlalchemy import update

from notifier import delivery
from notifier import outbox as sweeping
from notifier.gate import Gate
from notifier.hooks import Hooks
from notifier.outbox import Outbox
from notifier.pacing import MINUTE, Rates
from notifier.shared import SharedBudget
from storage import claiming, outbox, pace, people, returning
from storage.messages import Parcel, Rank
from storage.rows import LEASE_SECONDS
from storage.tables import outbox as table
from storage.unit import Unit

DAY = 86_400.0
WEEK = 7 * DAY
RATES = Rates(overall=30, chat=1, group=20)


async def test_after_a_night_s_outage_one_more_fault_ends_no_message(door: Door) -> None:
    """Every try of the outage was counted, so the first 5xx after it was the last."""
    await door.put(notice("kept"))
    await door.desk.unit(lambda u: u.run(update(table).values(attempts=500)))
    await door.put(answer("others go", chat=WANG))
    await door.client.fault("sendMessage", "502")
    await door.sweep()
    assert await door.state() == ["waiting", "sent"]
    await door.sweep(60)
    assert await door.seen() == ["others go", "kept"]


async def test_an_answer_waited_for_the_tick_behind_one_that_another_process_had_sent(
    door: Door,
) -> None:
    await door.client.fault("sendMessage", "502")
    await door.put(answer("put off here"))
    assert await door.state() == ["waiting"]
    await door.desk.unit(lambda u: u.run(update(table).values(state="sent", owner=None)))
    door.out.wake.clear()
    await door.put(answer("the next"))
    assert door.out.wake.is_set()
    await door.sweep()
    assert await door.seen() == ["the next"]


async def test_a_message_the_messenger_fails_on_while_it_takes_others_ends_after_its_tries(
    door: Door,
) -> None:
    await door.client.fault("sendMessage", "500", times=delivery.TRIES_REFUSED, chat_id=WANG)
    await door.client.person(8, "李强")
    await door.client.post("people", id=8, started=True)
    await door.put(notice("never"))
    for _ in range(delivery.TRIES_REFUSED):
        await door.put(answer("others go", chat=8))
        assert (await door.state())[0] == "waiting"
        await door.sweep(60)
    assert (await door.states())[0][:2] == ("failed", "TelegramServerError")


@pytest.mark.usefixtures("either")
async def test_what_this_process_does_not_know_it_holds_is_sent_when_the_lease_is_over(
    door: Door,
) -> None:
    """A connection lost at the very commit: leased to this process, which goes on renewing."""
    await door.desk.unit(lambda u: outbox.put(u, [answer("committed, unknown to us")]))
    await door.client.fault("sendMessage", "timeout", chat_id=8)
    await door.client.post("people", id=8, started=True)
    door.out.send_soon(await door.desk.unit(lambda u: outbox.put(u, [answer("slow", chat=8)])))
    door.time.pass_(LEASE_SECONDS / 2)
    await door.out.renew()
    door.time.pass_(LEASE_SECONDS / 2 + 1)
    await door.out.sweep()
    await door.out.idle()
    assert await door.seen() == ["committed, unknown to us"]


@pytest.mark.usefixtures("either")
async def test_real_time_set_back_by_a_week_holds_no_message_back_for_it(door: Door) -> None:
    await door.client.fault("sendMessage", "500")
    await door.put(notice("1"), notice("2"))
    await door.sweep()
    assert await door.state() == ["waiting", "waiting"]
    door.time.real -= WEEK
    assert len(await door.desk.unit(lambda u: claiming.claim(u, 5))) == 2


@pytest.mark.usefixtures("either")
async def test_real_time_set_back_takes_nothing_from_who_has_it_in_hand(door: Door) -> None:
    await door.desk.unit(lambda u: outbox.put(u, [notice("1")]))
    assert len(await door.desk.unit(lambda u: claiming.claim(u, 5))) == 1
    door.time.real -= 3600
    assert await door.desk.unit(lambda u: claiming.claim(u, 5)) == []


async def test_the_shared_account_stands_still_for_no_clock_that_was_set_back(
    tmp_path: Path, time: Time
) -> None:
    async with a_desk(tmp_path / "m", time) as desk:
        budget = SharedBudget(desk, RATES, lambda: time.real)
        for chat in range(1, 31):
            assert (await a_place(budget, chat, first=True)).name
            await budget.landed(chat, str(chat))
        time.real -= 3600
        place = await a_place(budget, 99, first=True)
        assert (bool(place.name), place.seconds <= 1) == (True, True)
        again = await a_place(budget, 1, first=True)
        assert again.seconds <= 1


async def test_a_chat_that_was_asked_to_wait_long_is_not_forgotten_meanwhile(
    tmp_path: Path, time: Time
) -> None:
    async with a_desk(tmp_path / "m", time) as desk:
        budget = SharedBudget(desk, RATES, lambda: time.real)
        await budget.obey(5, 10 * MINUTE)
        time.pass_(5 * MINUTE)
        await desk.unit(lambda u: pace.prune(u, 100))
        place = await a_place(budget, 5, first=True)
        assert (place.name, place.chat, place.seconds) == ("", True, 5 * MINUTE)
        time.pass_(5 * MINUTE + pace.KEEP_SECONDS + 1)
        assert await desk.unit(lambda u: pace.prune(u, 100)) == 1


async def test_a_clean_stop_begins_nothing_more_and_cuts_nothing_off(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was begun in the last moment was cut off, and so sent again after the next start."""
    monkeypatch.setattr(sweeping, "GRACE_SECONDS", 3.0)
    people_ = range(100, 160)
    for user in people_:
        await door.client.post("people", id=user, started=True)
    pass_on = door.bot.session.make_request

    async def slow(*args: object, **more: object) -> object:
        found = await pass_on(*args, **more)  # type: ignore[arg-type]
        await asyncio.sleep(0.2)
        return found

    door.bot.session.make_request = slow  # type: ignore[method-assign, assignment]
    await door.desk.unit(lambda u: outbox.put(u, [notice("n", chat=c) for c in people_]))
    rates = Rates(overall=20)
    door.out = Outbox(door.desk, door.bot, door.hooks, Gate(sweeping.OwnBudget(rates), rates))
    sweep = asyncio.create_task(door.out.sweep())
    await asyncio.sleep(0.5)
    sweep.cancel()
    await asyncio.gather(sweep, return_exceptions=True)
    await door.out.stop()
    left = [row for row in await rows(door.desk, "outbox") if row.state == "waiting"]
    assert left
    assert not [row.id for row in left if row.begun or row.owner]
    door.out = Outbox(door.desk, door.bot, door.hooks, fast(door.time))
    await door.sweep()
    asked = [e["chat_id"] for e in await door.client.log(method="sendMessage")]
    assert sorted(asked) == list(people_)


async def test_what_follows_from_a_sent_message_goes_wrong_and_it_is_sent_once(door: Door) -> None:
    def breaks(_unit: Unit, _chat_id: int) -> list[Parcel]:
        raise LookupError

    hooks = Hooks(door.hooks.say, door.hooks.draw, door.hooks.moved, reached=breaks)
    door.out = Outbox(door.desk, door.bot, hooks, fast(door.time))
    await door.desk.unit(lambda u: people.set_blocked(u, WANG, True))
    await door.put(notice("once"))
    await door.sweep()
    await door.sweep(60)
    assert await door.seen() == ["once"]
    assert await door.state() == ["sent"]


async def test_chats_that_turn_out_to_wait_keep_nobody_out_of_the_ready_room() -> None:
    gate = Gate(sweeping.OwnBudget(RATES), RATES)
    went: list[int] = []

    async def tell(chat: int) -> None:
        async with gate.room(chat, Rank.ORDINARY, 1) as leave, gate.turn(chat, Rank.ORDINARY):
            leave()
            went.append(chat)

    slow = [asyncio.create_task(tell(-n)) for n in range(1, 21)]
    for chat in range(1, 21):
        await gate._budget.obey(-chat, 15)  # another process was told so
        gate._budget._overall.told.clear()  # type: ignore[attr-defined]
    await asyncio.sleep(0)
    async with asyncio.timeout(3):
        await asyncio.gather(*(tell(n) for n in range(1, 6)))
    assert sorted(went) == [1, 2, 3, 4, 5]
    for task in slow:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)


@pytest.mark.usefixtures("either")
async def test_what_was_sent_in_the_same_moment_is_not_called_off(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read as waiting, settled by another process, then written over."""
    await door.put(notice("1"))
    (row,) = await rows(door.desk, "outbox")
    await door.sweep()
    stale = row._replace(state="waiting") if hasattr(row, "_replace") else row

    class Stale:
        def first(self) -> object:
            return stale

    def call_off(unit: Unit) -> str | None:
        run = Unit.run
        first = [Stale()]
        monkeypatch.setattr(Unit, "run", lambda *a: first.pop() if first else run(*a))
        return returning.call_off(unit, row.id, "wrong", even_required=False)

    assert await door.desk.unit(call_off) == "it does not wait any more"
    monkeypatch.undo()
    assert await door.state() == ["sent"]
