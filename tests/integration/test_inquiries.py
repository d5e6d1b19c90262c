"""How many inquiries are with whom: counted from the rows, while they are open."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from desks import Time, a_desk, rows
from making import HOLDER, NOW, RULES, a_filing

from petitions import events as ev
from petitions.commands import Register
from petitions.lifecycle import register
from petitions.record import Party
from storage import erasing, groups, inquiries, record
from storage.database import Desk
from storage.unit import Unit

LOW = ev.Rated(office=ev.Verdict.GOOD, unit=ev.Verdict.BAD, reason="没修好")
ENDED = ev.Inquired(result=ev.Result.EXPLAINED, text=("查过了",))
BY = Party("officer", HOLDER, "front")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path / "db.sqlite3", Time()) as desk:
        yield desk


async def filed(desk: Desk, number: str, *events: Any) -> str:
    def work(unit: Unit) -> str:
        made = register(Register(a_filing(), number, "00"), NOW, RULES)
        key = unit.vault.new_key(unit.connection)
        petition = record.register(unit, made, 1001, Party("petitioner", 1001), key, number)
        for each in events:
            petition = record.append(unit, petition, each, BY)
        return petition.id

    return await desk.unit(work)


async def test_what_is_open_counts_for_who_has_it(desk: Desk) -> None:
    def taken(officer: int) -> tuple[Any, ...]:
        return (LOW, ev.InquiryTaken(officer=officer))

    await filed(desk, "1", *taken(21))
    await filed(desk, "2", *taken(21))
    await filed(desk, "3", *taken(22), ev.InquiryLeft(officer=22), ev.InquiryTaken(officer=23))
    await filed(desk, "4", LOW)
    await filed(desk, "5", *taken(21), ENDED)
    await filed(desk, "6", *taken(23))
    assert await desk.look(inquiries.loads) == ((21, 2), (23, 2))
    await desk.unit(lambda unit: erasing.erase(unit, "6", "request"))
    assert await desk.look(inquiries.loads) == ((21, 2), (23, 1))


async def test_a_rating_s_words_are_no_plain_column(desk: Desk) -> None:
    await filed(desk, "1", LOW, ev.InquiryTaken(officer=21))
    (row,) = await rows(desk, "petitions")
    assert row.inquirer_id == 21
    assert "没修好" not in str(await rows(desk, "entries")) + str(row)


async def test_who_left_which_unit_s_group(desk: Desk) -> None:
    await desk.unit(lambda unit: groups.set_member(unit, "ducha", 21, member=False))
    await desk.unit(lambda unit: groups.set_member(unit, "water", 42, member=False))
    await desk.unit(lambda unit: groups.set_member(unit, "water", 42, member=True))
    assert await desk.look(groups.left) == {(21, "ducha")}
