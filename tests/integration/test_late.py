"""What is late, and what waits for its year: found by indexes, for those who may see it."""

from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from desks import Time, a_desk, on_sqlite, rows
from making import HEAD, HOLDER, INSPECTOR, NOW, RULES, WATCHER, a_filing
from sqlalchemy import event, text

from petitions import events as ev
from petitions.access import DESK, Actor, actor_of
from petitions.commands import Register
from petitions.deadlines import DayKind, Deadline
from petitions.lifecycle import register
from petitions.record import Party, Petition
from storage import erasing, late, record
from storage.database import Desk
from storage.unit import Unit

pytestmark = pytest.mark.usefixtures("either")

SOON = date(2026, 3, 9)
THEN = date(2026, 6, 1)
BY = Party("officer", HOLDER, "front")
BOTH = Actor(
    77, {"ducha": frozenset({"supervisor"}), "jiwei": frozenset({"discipline"})}, supervises=True
)
"""Somebody of the supervisors who also examines reports."""


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path / "db.sqlite3", Time()) as desk:
        yield desk


async def filed(desk: Desk, number: str, *events: Any, **filing: Any) -> Petition:
    def work(unit: Unit) -> Petition:
        command = Register(a_filing(**filing), number, "00")
        key = unit.vault.new_key(unit.connection)
        made = register(command, NOW, RULES)
        petition = record.register(unit, made, 1001, Party("petitioner", 1001), key, number)
        for each in events:
            petition = record.append(unit, petition, each, BY)
        return petition

    return await desk.unit(work)


def supervised(due: date, *, provisional: bool = False) -> ev.Supervised:
    limit = Deadline("supervision", due, DayKind.WORKING, "TL 40", provisional, SOON, 5)
    return ev.Supervised(method=ev.Method.PHONE, unit="front", text=("请说明",), deadline=limit)


def accepted(due: date) -> ev.Accepted:
    limit = Deadline("handle", due, DayKind.CALENDAR, "TL 34", provisional=False)
    return ev.Accepted(deadlines=(limit,))


DECLINED = ev.Declined(ground=ev.Ground.ELSEWHERE, text=("去法院",), clause="TL 23(1)")


async def found(desk: Desk, viewer: Actor, *args: Any, **how: Any) -> list[str]:
    return await desk.look(lambda unit: late.late(unit, viewer, THEN, *args, **how))


async def test_the_longest_overdue_come_first_and_what_is_asked_stays_until_answered(
    desk: Desk,
) -> None:
    day = timedelta(days=1)
    today = await filed(desk, "1", accepted(THEN))
    one = await filed(desk, "2", accepted(THEN - day))
    two = await filed(desk, "3", accepted(THEN - 2 * day))
    asked = await filed(desk, "4", DECLINED, supervised(THEN + day))
    closed = await filed(desk, "5", DECLINED)
    assert await found(desk, DESK) == [two.id, one.id, asked.id]
    assert {today.id, closed.id}.isdisjoint(await found(desk, DESK))
    answer = ev.SupervisionAnswered(text=("已说明",))
    await desk.unit(lambda unit: record.append(unit, asked, answer, BY))
    assert await found(desk, DESK) == [two.id, one.id]
    await desk.unit(lambda unit: erasing.erase(unit, "2", "request"))
    assert await found(desk, DESK) == [two.id]


async def test_a_group_hears_of_its_own_cases_and_the_supervisors_of_no_report(desk: Desk) -> None:
    front = await filed(desk, "1")
    housing = await filed(desk, "2", category="urban")
    report = await filed(desk, "3", purpose=ev.Purpose.ACCUSATION)
    assert [front.unit, housing.unit, report.unit] == ["front", "housing", "jiwei"]
    assert await found(desk, BOTH) == [front.id, housing.id, report.id]
    assert await found(desk, BOTH, ["ducha"], everywhere=True) == [front.id, housing.id]
    assert await found(desk, BOTH, ["jiwei"]) == [report.id]
    head = actor_of(HEAD, RULES.office)
    assert await found(desk, head, ["front"]) == [front.id]
    assert await found(desk, head, ["roads"]) == []
    assert await found(desk, actor_of(INSPECTOR, RULES.office)) == [report.id]
    assert await found(desk, actor_of(INSPECTOR, RULES.office), ["front"]) == []
    assert await found(desk, actor_of(WATCHER, RULES.office)) == [front.id, housing.id]


async def test_the_row_says_when_to_answer_and_which_date_is_not_sure(desk: Desk) -> None:
    petition = await filed(
        desk, "1", DECLINED, supervised(THEN), supervised(SOON, provisional=True)
    )
    (row,) = await rows(desk, "petitions")
    assert (row.due_on, row.answer_by, row.unsure_on) == ("2026-03-09", "2026-03-09", "2026-03-09")
    sure = tuple(Deadline("supervision", d, DayKind.WORKING, "TL 40", False) for d in (THEN, THEN))
    again = ev.Recounted(deadlines=(), supervisions=sure)
    petition = await desk.unit(lambda unit: record.append(unit, petition, again, BY))
    (row,) = await rows(desk, "petitions")
    assert (row.due_on, row.answer_by, row.unsure_on) == ("2026-06-01", "2026-06-01", None)
    await desk.unit(lambda unit: erasing.erase(unit, "1", "request"))
    (row,) = await rows(desk, "petitions")
    assert (row.due_on, row.answer_by, row.unsure_on) == (None, None, None)


async def test_only_what_can_be_known_by_now_is_counted_again(desk: Desk) -> None:
    near = await filed(desk, "1", supervised(SOON, provisional=True))
    far = await filed(desk, "2", supervised(THEN, provisional=True))
    await filed(desk, "3", supervised(SOON))
    for known, wanted in (
        (SOON - timedelta(days=1), []),
        (SOON, [near.id]),
        (THEN, [near.id, far.id]),
    ):
        assert await desk.look(lambda unit, k=known: late.unsure(unit, k)) == wanted


# -- what it costs ------------------------------------------------------------------------------

HEAD_OF_FRONT = actor_of(HEAD, RULES.office)
SUPERVISOR = actor_of(WATCHER, RULES.office)
OWN_INDEXES = {"ix_petitions_due", "ix_petitions_supervised", "ix_petitions_unsure"}


@on_sqlite
@pytest.mark.parametrize(
    "query",
    [
        pytest.param(lambda unit: late.late(unit, SUPERVISOR, THEN), id="supervisor"),
        pytest.param(lambda unit: late.late(unit, HEAD_OF_FRONT, THEN), id="head"),
        pytest.param(lambda unit: late.late(unit, HEAD_OF_FRONT, THEN, ["front"]), id="group"),
        pytest.param(
            lambda unit: late.late(unit, SUPERVISOR, THEN, ["ducha"], everywhere=True),
            id="supervisors' group",
        ),
        pytest.param(lambda unit: late.unsure(unit, THEN), id="not sure yet"),
    ],
)
async def test_asking_reads_what_is_found_and_not_what_is_stored(
    desk: Desk, query: Callable[[Unit], object]
) -> None:
    def plan(unit: Unit) -> list[str]:
        asked: list[tuple[str, Any]] = []

        def heard(_c: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
            asked.append((statement, values))

        event.listen(unit.connection, "before_cursor_execute", heard)
        query(unit)
        event.remove(unit.connection, "before_cursor_execute", heard)
        ((statement, values),) = asked
        found = unit.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return [row.detail for row in found]

    steps = [step for step in await desk.look(plan) if "petitions" in step]
    used = {step.split(" USING INDEX ")[1].split(" ")[0] for step in steps}
    assert steps
    assert used <= OWN_INDEXES
    ties = [step for step in await desk.look(plan) if "ties" in step]
    assert all("petition_id=?" in step for step in ties)


@on_sqlite
async def test_the_indexes_hold_only_what_may_be_found(desk: Desk) -> None:
    def work(unit: Unit) -> dict[str, str]:
        found = unit.run(text("SELECT name, sql FROM sqlite_master WHERE type = 'index'")).all()
        return {row.name: row.sql for row in found if row.name in OWN_INDEXES}

    made = await desk.look(work)
    assert made.keys() == OWN_INDEXES
    assert all(sql.endswith("IS NOT NULL") for sql in made.values())
