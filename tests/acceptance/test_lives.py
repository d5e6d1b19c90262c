"""Whole lives of petitions, from filing to the end, through the hands of everybody concerned."""

import pytest
from acceptance.ending import proven
from acceptance.life import DOES
from acceptance.lives import LIVES
from acceptance.playing import Play

from dialogs.staff.acts import ACTS, command_of
from petitions import commands as do

OVERSIGHT = {do.Supervise, do.AnswerSupervision, do.SetLead}
"""Moves beside the case's own way, walked in test_oversight.py."""
ENDS = {"不予受理", "已导入法定途径", "已转交纪检监察机关", "已撤回", "已答复", "已回复", "已复查"}
ENDS |= {"已终结"}


@pytest.mark.parametrize("name", LIVES)
async def test_a_life_is_lived_and_told(quiet_city, name):
    await quiet_city.start()
    cases = await Play(quiet_city).play(LIVES[name])
    await proven(quiet_city, cases)


def test_the_lives_make_every_move_and_reach_every_end():
    """What procedure.md's table names, and its final states."""
    made = {line.act for life in LIVES.values() for line in life.lines if line.kinds}
    assert {*DOES} - made == set()
    assert {name for name in ACTS if command_of(name) not in OVERSIGHT} - made == set()
    assert {life.end for life in LIVES.values()} >= ENDS
    assert len(LIVES) >= 20
