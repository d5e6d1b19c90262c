"""A prepared statement finds what SQLAlchemy finds, and leaves nothing open."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from desks import REFUSED, Time, a_desk, rows
from sqlalchemy import bindparam, func, insert, select, update

from storage.database import Desk
from storage.prepared import Prepared
from storage.tables import drafts, people, throttle
from storage.unit import Unit


@pytest.fixture
async def desk(tmp_path: Path, time: Time) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path / "m.sqlite3", time) as desk:
        yield desk


PERSON = {
    "bot_id": 42,
    "user_id": 5,
    "language": "zh_Hans",
    "language_chosen": True,
    "started_at": None,
    "pushes": False,
}


def a_draft(unit: Unit) -> dict[str, Any]:
    """A row with every kind of column that an update's statements have."""
    return {
        "id": "d",
        "bot_id": 42,
        "chat_id": 5,
        "person_id": 5,
        "form": "petition",
        "subject": None,
        "key_id": "k",
        "state": "open",
        "step": "title",
        "version": 3,
        "reviewing": True,
        "answers": b"\x00sealed",
        "created_at": unit.now,
        "touched_at": unit.now,
    }


@pytest.mark.usefixtures("either")
async def test_it_gives_what_sqlalchemy_gives(desk: Desk) -> None:
    entered = func.coalesce(drafts.c.subject, "none").label("about")
    asked = select(drafts, entered).where(drafts.c.id == bindparam("this"), drafts.c.version < 9)

    def work(unit: Unit) -> tuple[Any, Any]:
        row = a_draft(unit)
        assert unit.run(Prepared(insert(drafts).returning(drafts.c.id)), row).scalar() == "d"
        return (
            unit.run(Prepared(asked), {"this": "d"}).first(),
            unit.connection.execute(asked, {"this": "d"}).first(),
        )

    ours, theirs = await desk.unit(work)
    assert ours._asdict() == theirs._asdict()
    assert [type(value) for value in ours] == [type(value) for value in theirs]
    assert ours.reviewing is True
    assert ours.about == "none"


@pytest.mark.usefixtures("either")
async def test_what_is_not_there_is_none_and_what_was_changed_is_counted(desk: Desk) -> None:
    find = Prepared(select(people.c.user_id).where(people.c.user_id == bindparam("this")))
    count = Prepared(select(func.count()).select_from(people))
    rename = Prepared(update(people).where(people.c.bot_id == 42).values(language="en", zone=None))

    def work(unit: Unit) -> None:
        nobody = unit.run(find, {"this": 6})
        assert nobody.first() is None
        assert unit.run(find, {"this": 6}).scalar() is None
        assert list(unit.run(find, {"this": 6}).scalars()) == []
        for user in (5, 6):
            unit.run(Prepared(insert(people)), PERSON | {"user_id": user})
        assert unit.run(count).scalar() == 2
        assert unit.run(rename, {}).rowcount == 2
        assert list(unit.run(find, {"this": 6}).scalars()) == [6]
        assert [row.user_id for row in unit.run(find, {"this": 5}).all()] == [5]

    await desk.unit(work)
    assert [row.language for row in await rows(desk, "people")] == ["en", "en"]


@pytest.mark.usefixtures("either")
async def test_one_that_fails_takes_its_unit_back_and_quotes_no_value(desk: Desk) -> None:
    meet = Prepared(insert(people))

    def twice(unit: Unit) -> None:
        unit.run(meet, PERSON | {"zone": "somewhere secret"})
        unit.run(meet, PERSON | {"zone": "somewhere secret"})

    with pytest.raises(REFUSED) as error:
        await desk.unit(twice)
    assert "secret" not in f"{error.value!r} {error.value}"
    assert await rows(desk, "people") == []


async def test_a_value_that_is_missing_is_said_before_anything_is_written(desk: Desk) -> None:
    grow = Prepared(update(throttle).values(count=bindparam("more")))
    with pytest.raises(TypeError, match="cannot be prepared"):
        await desk.unit(lambda unit: unit.run(grow, {}))
    lacking = {name: value for name, value in PERSON.items() if name != "pushes"}
    with pytest.raises(TypeError, match="cannot be prepared"):  # a default of Python's
        await desk.unit(lambda unit: unit.run(Prepared(insert(people)), lacking))


async def test_a_name_that_two_columns_have_is_refused_on_either_database(desk: Desk) -> None:
    both = Prepared(select(people.c.bot_id, drafts.c.bot_id))
    with pytest.raises(TypeError, match="cannot be prepared"):
        await desk.unit(lambda unit: unit.run(both))
