"""Whole lives of petitions, from filing to the end, through the hands of everybody concerned."""

import pytest
from acceptance.ending import proven
from acceptance.life import DOES
from acceptance.lives import LIVES
from acceptance.playing import Play

from dialogs.staff.acts import ACTS


@pytest.mark.usefixtures("fast_days")
@pytest.mark.parametrize("name", LIVES)
async def test_a_life_is_lived_and_told(quiet_city, name):
    await quiet_city.start()
    cases = await Play(quiet_city).play(LIVES[name])
    await proven(quiet_city, cases)


def test_every_move_is_made_in_some_life_and_refused_in_some_life():
    made = {line.act for life in LIVES.values() for line in life.lines if line.kinds}
    refused = {line.act for life in LIVES.values() for line in life.lines if line.refused}
    assert len(LIVES) >= 20
    assert {*DOES} - made == set()
    print(sorted({*ACTS, *DOES} - refused))
