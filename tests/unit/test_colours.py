"""Every day of a case's life its card has the colour of what is due: each change has its moment."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import CITIZEN, HOLDER, NOW, RULES, WATCHER, a_petition, give

from dialogs.staff.colours import colour
from petitions import commands as do
from petitions import events as ev
from petitions.moves.base import Rules
from petitions.profiles import Warnings
from petitions.record import Petition
from petitions.reminding import moments, next_moment


class AHouse:
    """As much of a house as colours rest on."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.office = rules.office


def handled() -> Petition:
    return give(give(a_petition(), do.Take(), HOLDER), do.Accept(), HOLDER)


def supervised() -> Petition:
    reply = do.Reply(ev.Outcome.EXPLAINED, ("经查",), "TL 32")
    return give(
        give(handled(), reply, HOLDER), do.Supervise(ev.Method.LETTER, ("请说明",), 5), WATCHER
    )


LIVES = {
    "registered": a_petition(),
    "handled": handled(),
    "supervised": supervised(),
    "late and supervised": give(
        handled(), do.Supervise(ev.Method.PHONE, ("请说明",), 3), WATCHER, NOW + timedelta(days=90)
    ),
    "withdrawn": give(a_petition(), do.Withdraw(), CITIZEN),
}


@pytest.mark.parametrize("life", LIVES)
@given(
    before=st.sets(st.integers(1, 20), max_size=3),
    hours=st.integers(0, 200 * 24),
)
def test_a_card_drawn_at_its_moments_has_the_right_colour_at_every_hour(
    life: str, before: set[int], hours: int
) -> None:
    petition = LIVES[life]
    profile = RULES.profile.__class__(
        RULES.profile.name, RULES.profile.limits, Warnings(before=tuple(before))
    )
    rules = Rules(RULES.office, profile, RULES.calendar)
    house = AHouse(rules)
    begun = petition.entries[-1].at
    now = begun + timedelta(hours=hours)
    drawn = begun
    while (at := next_moment(petition, rules, drawn)) is not None and at <= now:
        drawn = at
    assert colour(house, petition, drawn) == colour(house, petition, now)  # type: ignore[arg-type]


def test_a_card_changes_its_colour_at_midnight_and_not_in_the_morning() -> None:
    house = AHouse(RULES)
    petition = a_petition()
    zone = RULES.office.tz
    seen = []
    for moment in moments(petition, RULES):
        at = moment.at(zone)
        before = colour(house, petition, at - timedelta(seconds=1))  # type: ignore[arg-type]
        if before != (after := colour(house, petition, at)):  # type: ignore[arg-type]
            seen.append((before, after))
            assert at == datetime.combine(moment.on, time(0), zone).astimezone(UTC)
    assert seen == [("🟢", "🟡"), ("🟡", "🔴"), ("🔴", "⚫")]
