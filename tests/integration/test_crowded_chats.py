"""Many answers wait in one chat: what is said again is said once, what is said once is kept."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from desks import Time, a_desk, rows

from storage import claiming, outbox
from storage.database import Desk
from storage.messages import Paper, Parcel, Post
from storage.outbox import CROWD
from storage.rows import Row

pytestmark = pytest.mark.usefixtures("either")
FULL = [f"first {n}" for n in range(CROWD)]


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path / "m.sqlite3", Time().patch(monkeypatch)) as desk:
        yield desk


@pytest.fixture
async def leased(desk: Desk) -> list[Row]:
    """A crowd of answers that are being sent, in chat 5."""
    return [row for text in FULL for row in await put(desk, answer(text))]


def answer(text: str, key: str = "menu", chat: int = 5, **more: object) -> Parcel:
    return Parcel(chat_id=chat, post=Post(key=key, text=text), **more)


async def put(desk: Desk, *parcels: Parcel) -> list[Row]:
    return await desk.unit(lambda u: outbox.put(u, parcels))


async def waiting(desk: Desk) -> list[str]:
    """What is still to be said, in its order."""
    own = {r.id for r in await rows(desk, "outbox") if r.state == "waiting"}

    def texts(unit):
        found = [r for r in all_rows if r.id in own]
        return [Parcel.model_validate_json(unit.open(r.payload, r.key_id)).post.text for r in found]

    all_rows = await rows(desk, "outbox")
    return await desk.look(texts)


async def test_up_to_a_crowd_each_is_sent_at_once(desk, leased):
    assert len(leased) == CROWD
    assert await waiting(desk) == FULL


async def test_in_a_crowd_the_newest_of_a_kind_is_said_once_after_what_is_being_sent(desk, leased):
    for n in range(100):
        assert await put(desk, answer(f"menu {n}")) == []
    await put(desk, answer("help", key="help"))
    assert await waiting(desk) == [*FULL, "menu 99", "help"]
    assert (await put(desk, answer("elsewhere", chat=6)))[0].attempts == 1
    for row in leased:
        await desk.unit(lambda u, row=row: outbox.settle(u, row, "sent"))
    claimed = await desk.unit(lambda u: claiming.claim(u, 100))
    assert [row.parcel.post.text for row in claimed] == ["menu 99", "help"]


async def test_a_long_answer_stays_whole(desk, leased):
    parts = [answer(f"part {n}", key="long") for n in range(3)]
    await put(desk, *parts)
    assert await waiting(desk) == [*FULL, "part 0", "part 1", "part 2"]
    await put(desk, answer("again 0", key="long"), answer("again 1", key="long"))
    assert await waiting(desk) == [*FULL, "again 0", "again 1"]


PAPER = Paper(kind="k", language="zh_Hans", facts={}, name="k.pdf")
KEPT = {
    "a receipt": {"receipt": True},
    "what is about a petition": {"petition_id": "p"},
    "a paper": {"post": Post(key="menu", text="old", paper=PAPER)},
    "a file": {"post": Post(key="menu", text="old", file=("photo", "f"))},
    "a copy": {"post": Post(key="menu", text="old", copy_of=(1, 2))},
}


@pytest.mark.parametrize("what", KEPT)
async def test_what_is_said_once_is_not_called_off(desk, leased, what):
    kept = {"chat_id": 5, "post": Post(key="menu", text="old"), **KEPT[what]}
    await put(desk, Parcel(**kept))
    await put(desk, Parcel(**kept))
    assert await waiting(desk) == [*FULL, "old", "old"]


async def test_the_same_about_nothing_leaves_alone_what_is_about_a_petition(desk, leased):
    await put(desk, answer("of p", petition_id="p"))
    await put(desk, answer("of nothing"))
    await put(desk, answer("of nothing still"))
    assert await waiting(desk) == [*FULL, "of p", "of nothing still"]
