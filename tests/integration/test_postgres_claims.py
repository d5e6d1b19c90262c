"""What two programs claim of one chat at once on PostgreSQL."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from desks import PLACES, Time, a_desk
from doors import WANG, answer, notice
from sqlalchemy import update

from storage import claiming, outbox
from storage.tables import outbox as table


@pytest.mark.parametrize("either", ["postgres"], indirect=True)
@pytest.mark.usefixtures("either")
async def test_a_notice_does_not_pass_an_answer_that_another_is_writing_to(
    tmp_path: Path, time: Time
) -> None:
    """A row that was locked was passed over as if it were not there, and the next one taken."""
    assert PLACES.server is not None
    async with a_desk(tmp_path / "m", time) as one, a_desk(tmp_path / "m", time) as other:
        await one.unit(lambda u: outbox.put(u, [notice("1")]))
        await other.unit(lambda u: outbox.put(u, [answer("2")]))
        await one.unit(lambda u: outbox.put(u, [notice("3")]))
        locked = await _hold(other.database, table.c.rank == 0)
        found = await one.unit(lambda u: claiming.claim(u, 5))
        await locked()
        assert [row.parcel.notice.kind for row in found if row.parcel.notice] == ["1"]
        assert {row.parcel.chat_id for row in found} == {WANG}


async def _hold(database: Any, which: Any) -> Callable[[], Awaitable[None]]:
    """Write to this row in a transaction that stays open."""
    connection = await database._writer.connect()
    await connection.execute(update(table).where(which).values(hold_until=table.c.hold_until + 1))

    async def end() -> None:
        await connection.commit()
        await connection.close()

    return end
