"""This process's own account of what was sent when."""

from notifier.budget import MANY_CHATS, OwnBudget, Wish
from notifier.pacing import Rates

RATES = Rates(overall=1_000_000, chat=1, group=60)


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_chats_of_long_ago_are_forgotten() -> None:
    clock = Clock()
    budget = OwnBudget(RATES, clock)
    for chat in range(3 * MANY_CHATS):
        await budget.ask([Wish(chat, first=True)])
        clock.now += 1
    assert len(budget._chats) <= MANY_CHATS + 1


async def test_a_city_that_talks_at_once_is_not_looked_through_for_each_message() -> None:
    """Above two thousand chats in two minutes each message copied the account of all of them."""
    budget = OwnBudget(RATES, Clock())
    copies = []
    for chat in range(5 * MANY_CHATS):
        await budget.ask([Wish(chat, first=True)])
        if not copies or copies[-1] is not budget._chats:
            copies.append(budget._chats)
    assert len(budget._chats) == 5 * MANY_CHATS
    assert len(copies) <= 4
