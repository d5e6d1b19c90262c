"""Which review can still be asked for: of whom, until when, and by when would it be decided?"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from petitions.able import reviewer_of
from petitions.deadlines import Deadline
from petitions.moves.base import Rules
from petitions.record import Petition, State

Level = Literal[1, 2]
WINDOWS: dict[State, tuple[Level, str, str]] = {
    State.REPLIED: (1, "ask-review", "review-asked"),
    State.REVIEWED: (2, "ask-second-review", "second-review-asked"),
}
"""State → the review that may follow, the limit for asking, the event that starts deciding."""


@dataclass(frozen=True, slots=True)
class Window:
    """复查 (level 1, TL 35) or 复核 (level 2, TL 36), asked of `unit`; None: outside this office.

    `until` is the last day to ask, `left` the days to it (0 on the day itself, less when it has
    passed), `decided` the day by which it is decided if it is asked for today.
    """

    level: Level
    unit: str | None
    until: Deadline
    left: int
    decided: Deadline

    @property
    def open(self) -> bool:
        """Whether it can be asked for here and now."""
        return self.unit is not None and self.left >= 0


def window(petition: Petition, rules: Rules, now: datetime) -> Window | None:
    """The review that may follow what was decided last; None when nothing of the kind is due."""
    if petition.state not in WINDOWS:
        return None
    level, name, event = WINDOWS[petition.state]
    until = next((d for d in petition.deadlines if d.name == name), None)
    if until is None:
        return None
    left = (until.due - rules.today(now)).days
    above = reviewer_of(petition, rules.office)
    return Window(level, above, until, left, rules.deadlines(event, now)[0])
