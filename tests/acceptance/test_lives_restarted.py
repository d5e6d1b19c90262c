"""A restart at any point of any life changes nothing: the same record, the same on every screen."""

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from acceptance.conftest import City
from acceptance.ending import proven
from acceptance.life import Life
from acceptance.lives import LIVES
from acceptance.playing import Play
from acceptance.watching import GROUPS

from petitions.record import Petition

ALL = bool(os.environ.get("MINSHENG_TORTURE"))
BETWEEN_LINES = (
    "simple track, replied in time, rated",
    "changed on review; the window for the second closes",
)
AT_EVERY_PRESS = ("more asked for, given, replied",)
"""What `make test` takes; `make torture` takes every life, at every press."""
PASSING = ((r"\b[A-Z0-9]{4}(-[A-Z0-9]{4})+\b", "CODE"), (r"\b\d{1,2}:\d{2}\b", "TIME"))
"""What differs from one run to the next: codes drawn by lot, and the minute it is."""


@pytest.fixture
async def cities(tmp_path: Path) -> AsyncIterator[tuple[City, City]]:
    """Two cities alike."""
    pair = (City(tmp_path / "left alone"), City(tmp_path / "restarted"))
    for city in pair:
        await city.open()
        await city.start()
    yield pair
    for city in pair:
        await city.close()


@pytest.mark.parametrize("name", LIVES if ALL else BETWEEN_LINES)
@pytest.mark.torture
async def test_restarted_between_every_two_steps(cities, name):
    alone, restarted = cities
    await _same(LIVES[name], Play(alone), Play(restarted, between=restarted.restart))


@pytest.mark.parametrize("name", LIVES if ALL else AT_EVERY_PRESS)
@pytest.mark.torture
async def test_restarted_before_every_press_and_every_answer(cities, name):
    alone, restarted = cities
    await _same(LIVES[name], Play(alone), Play(restarted, before=restarted.restart))


async def _same(life: Life, alone: Play, restarted: Play) -> None:
    """Lived twice, once without and once with restarts, it leaves the same behind."""
    cases, again = await alone.play(life), await restarted.play(life)
    assert [_of_record(each) for each in again] == [_of_record(each) for each in cases]
    screens, screens_again = await _screens(alone), await _screens(restarted)
    for where, shown in screens.items():
        assert screens_again[where] == shown, where
    await proven(restarted.city, again)


def _of_record(petition: Petition) -> Any:
    """Everything the record says of a case, but the moments and names drawn by lot."""
    told = [(e.event.kind, e.by.kind, e.by.id, e.by.unit) for e in petition.entries]
    where = (petition.state, petition.unit, petition.holder, petition.version)
    return told, where, petition.deadlines, petition.rating


async def _screens(play: Play) -> dict[str, list[tuple[str, list[str]]]]:
    """What everybody sees at the end, in their own chat and in their groups."""
    city = play.city
    people = {*GROUPS.values(), "ma", "zhou"}
    chats = {name: (getattr(city, name), None) for name in sorted(people)}
    chats |= {unit: (getattr(city, who), getattr(city, unit)) for unit, who in GROUPS.items()}
    chats["chen"] = (play.chen.person, None)
    return {
        where: [
            (_plain(seen.text), [label for row in seen.buttons for label, _ in row])
            for seen in await person.sees(chat)
        ]
        for where, (person, chat) in chats.items()
    }


def _plain(text: str) -> str:
    for pattern, name in PASSING:
        text = re.sub(pattern, name, text)
    return text
