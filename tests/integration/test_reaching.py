"""Who is reached and who is not: what the door out tells, and what is kept of it."""

from dataclasses import replace
from datetime import timedelta

from desks import Time
from doors import WANG, Door, answer, notice, texts
from sqlalchemy import event, update
from sqlalchemy.engine import Connection

from notifier.outbox import Outbox
from storage import missed, people
from storage.database import Desk
from storage.messages import Later, Parcel
from storage.tables import outbox
from storage.unit import Unit

Told = list[tuple[int, str, bool]]


def listening(door: Door) -> tuple[Told, list[int]]:
    """Have the door tell who is not reached, and who is after all."""
    lost: Told = []
    back: list[int] = []

    def unreachable(_unit: Unit, parcel: Parcel, news: bool) -> list[Parcel]:
        lost.append((parcel.chat_id, parcel.key, news))
        return [notice("card", slot="card:1")] if news else []

    def reached(_unit: Unit, chat_id: int) -> list[Parcel]:
        back.append(chat_id)
        return [notice("back")]

    hooks = replace(door.hooks, unreachable=unreachable, reached=reached)
    door.out = Outbox(door.desk, door.bot, hooks, door.gate)
    return lost, back


async def test_the_first_message_that_does_not_arrive_is_news(door: Door) -> None:
    lost, _ = listening(door)
    await door.wang.block()
    await door.put(notice("a"), answer("b"))
    await door.sweep()
    key = [(WANG, "k", True), (WANG, "notice.a", False)]
    assert lost[:2] in (key, [(WANG, "notice.a", True), (WANG, "k", False)])
    assert lost[2:] == [(WANG, "notice.card", False)]  # what was news was put and swept


async def test_a_chat_that_is_gone_is_as_good_as_blocked(door: Door) -> None:
    lost, _ = listening(door)
    await door.desk.unit(lambda u: people.meet(u, 404, "zh_Hans", private=True))
    await door.put(answer("1", chat=404))
    assert await door.state() == ["gone", "waiting"]
    assert lost == [(404, "k", True)]
    person = await door.desk.look(lambda u: people.find(u, 404))
    assert person is not None
    assert person.blocked_at == door.time.now


async def test_a_group_is_no_person(door: Door) -> None:
    lost, _ = listening(door)
    await door.put(answer("1", chat=-404))
    assert lost == []


async def test_a_notice_that_arrives_says_that_its_reader_is_back_and_once(door: Door) -> None:
    _, back = listening(door)
    await door.desk.unit(lambda u: people.set_blocked(u, WANG, True))
    await door.put(answer("an answer says nothing: they spoke"))
    assert back == []
    await door.put(notice("a"))
    await door.sweep()
    await door.put(notice("b"))
    await door.sweep()
    assert back == [WANG]
    assert (await door.seen())[1:] == ["a", "back", "b"]


async def test_since_when_stays_as_it_was_first_known(door: Door) -> None:
    first = door.time.now
    assert await door.desk.unit(lambda u: people.set_blocked(u, WANG, True))
    door.time.pass_(3600)
    assert not await door.desk.unit(lambda u: people.set_blocked(u, WANG, True))
    person = await door.desk.look(lambda u: people.find(u, WANG))
    assert person is not None
    assert person.blocked_at == first
    assert await door.desk.unit(lambda u: people.set_blocked(u, WANG, False))
    assert not await door.desk.unit(lambda u: people.set_blocked(u, WANG, False))


# -- what was missed ---------------------------------------------------------------------------


async def taken(desk: Desk, chat: int = WANG) -> list[str]:
    return [m.notice.kind for m in await desk.unit(lambda u: missed.take(u, chat))]


async def test_what_was_missed_is_taken_once_in_order_and_given_back(door: Door) -> None:
    await door.wang.block()
    for kind in ("a", "b"):
        await door.put(notice(kind, petition_id="p"), answer("no notice"))
        await door.sweep()
    await door.put(notice("of no petition"), notice("x", chat=-404, petition_id="p"))
    await door.sweep()
    assert await taken(door.desk) == ["a", "b"]
    assert await taken(door.desk) == []
    door.time.pass_(60)
    await door.put(notice("c", petition_id="p"))
    await door.sweep()
    assert await taken(door.desk) == ["c"]
    await door.desk.unit(lambda u: missed.give_back(u, WANG))
    assert await taken(door.desk) == ["c"]  # the others had been told before


async def test_a_notice_of_a_newer_program_kept_who_came_back_from_being_answered(
    door: Door,
) -> None:
    await door.wang.block()
    await door.put(notice("a", petition_id="p"), notice("newer", petition_id="p"))
    await door.sweep()

    def write(unit: Unit) -> None:
        body = b'{"chat_id": 7, "notice": {"kind": "newer", "of_tomorrow": 1}}'
        sealed = {"payload": unit.seal(body), "key_id": None}
        unit.run(update(outbox).where(outbox.c.key == "notice.newer").values(sealed))

    await door.desk.unit(write)
    assert await taken(door.desk) == ["a"]
    assert await door.state() == ["blocked", "waiting"]
    await door.sweep()
    assert (await door.states())[1] == ("waiting", "unreadable", 2)


async def test_what_arrived_in_part_is_known_to_have_begun(door: Door) -> None:
    door.said["long"] = texts("1", "2")
    door.break_at("2", "500")
    await door.put(notice("long", petition_id="p"))
    await door.sweep()
    await door.wang.block()
    await door.sweep(60)
    found = await door.desk.unit(lambda u: missed.take(u, WANG))
    assert [(m.notice.kind, m.begun) for m in found] == [("long", True)]


async def test_what_was_missed_is_found_by_its_index(door: Door) -> None:
    """However many rows there are: nobody waits while all of them are read."""
    plans: list[str] = []

    def explain(
        connection: Connection, _cursor: object, statement: str, values: object, *_: object
    ) -> None:
        if "told_at IS NULL" in statement and not statement.startswith("EXPLAIN"):
            found = connection.connection.cursor()
            found.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            plans.extend(str(line[-1]) for line in found.fetchall())

    await door.wang.block()
    await door.put(notice("a", petition_id="p"))
    await door.sweep()

    def work(unit: Unit) -> None:
        event.listen(unit.connection, "before_cursor_execute", explain)
        missed.take(unit, WANG)
        event.remove(unit.connection, "before_cursor_execute", explain)

    await door.desk.unit(work)
    assert len(plans) >= 2
    assert all("ix_outbox_missed" in plan for plan in plans if "outbox" in plan), plans


async def test_what_waits_for_the_morning_is_looked_at_again(door: Door, time: Time) -> None:
    morning = time.now + timedelta(hours=8)
    door.said["a"] = Later(at=morning)
    await door.put(notice("a"), notice("b", chat=8))
    await door.sweep()
    assert (await door.states())[0] == ("waiting", "quiet hours", 0)
    del door.said["a"]
    await door.sweep()
    assert await door.seen() == []
    await door.desk.unit(lambda u: missed.look_again(u, WANG))
    await door.sweep()
    assert await door.seen() == ["a"]


async def test_a_silent_message_of_every_kind_makes_no_sound(door: Door) -> None:
    door.said["a"] = [post.model_copy(update={"silent": True}) for post in texts("1", "2")]
    await door.put(notice("a"))
    await door.sweep()
    await door.put(answer("3"))
    sent = [e["params"].get("disable_notification") for e in await door.client.log()]
    assert [str(s).lower() for s in sent if s is not None] == ["true", "true"]
