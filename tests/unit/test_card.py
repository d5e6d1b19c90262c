"""The card: no state without its buttons."""

from dialogs.staff.card import CLOSED, ROWS
from petitions.record import OPEN, State


def test_every_open_state_has_buttons_of_its_own_on_the_card() -> None:
    """A closed case shows what every closed case does; an erased one nothing at all."""
    assert set(ROWS) == {*OPEN, State.ERASED}
    assert all(ROWS[state] for state in OPEN)
    assert ROWS[State.ERASED] == ()
    assert CLOSED


def test_every_card_of_an_open_case_opens_the_details() -> None:
    assert all("details" in {act for row in ROWS[state] for act in row} for state in OPEN)
