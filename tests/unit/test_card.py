"""The card: no state without its buttons."""

from dialogs.staff.card import ROWS
from petitions.record import State


def test_every_state_has_its_buttons_on_the_card() -> None:
    assert set(ROWS) == set(State)
