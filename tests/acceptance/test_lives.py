"""Whole lives of petitions, from filing to the end, through the hands of everybody concerned."""

import pytest
from acceptance.ending import proven
from acceptance.lives_handled import HANDLED
from acceptance.lives_received import RECEIVED
from acceptance.lives_reported import REPORTED
from acceptance.lives_reviewed import REVIEWED
from acceptance.playing import Play

LIVES = RECEIVED | HANDLED | REPORTED | REVIEWED


@pytest.mark.usefixtures("fast_days")
@pytest.mark.parametrize("name", LIVES)
async def test_a_life_is_lived_and_told(quiet_city, name):
    await quiet_city.start()
    cases = await Play(quiet_city).play(LIVES[name])
    await proven(quiet_city, cases)
