"""kill -9 while a whole town files and an office works: nothing is lost, nothing happens twice."""

import os
import random

import pytest
from acceptance.crowds import Crowd
from acceptance.deaths import Messenger, Phase, Polling, Pushed, kill_again_and_again
from acceptance.judging import drained, held

pytestmark = pytest.mark.torture
FULL = bool(os.environ.get("MINSHENG_TORTURE"))
KILLS = 200 if FULL else 5
CITIZENS = 200 if FULL else 6
HANDS = 8 if FULL else 2
REST_SECONDS = 8.0 if FULL else 0.0
UNDISTURBED = 80 if FULL else 20


@pytest.mark.parametrize("form", ["polling", "three pushed"])
async def test_killed_again_and_again(quiet_city, forge, request, form):
    """One program that polls on SQLite; three that are pushed to on PostgreSQL."""
    city, pushed = quiet_city, form == "three pushed"
    if pushed:
        city.database_url = await request.getfixturevalue("postgres").empty()
    messenger, crowd = Messenger(city), Crowd(city, REST_SECONDS)
    programs = (Pushed if pushed else Polling)(messenger, forge)
    chance = random.Random(os.environ.get("MINSHENG_SEED", "5"))
    phases = {}

    async def torture() -> None:
        phases.update(await kill_again_and_again(messenger, programs, KILLS, chance, UNDISTURBED))

    try:
        await programs.start()
        await crowd.live(CITIZENS, HANDS, torture())
        await drained(city, 600)
    finally:
        await programs.stop()
    print(f"\n{form}: {KILLS} kills, {len(messenger.known)} updates, {len(crowd.filed)} petitions")
    print({str(phase): phases.get(phase, 0) for phase in Phase})
    await held(city, crowd, messenger.known)
    if FULL:
        assert all(phases.get(phase) for phase in Phase if phase is not Phase.ANSWERED), phases
