"""When does a deadline ask for attention, and whose?

Days before it the unit is reminded; at the midnight that begins its first day of warning, its last
day and the day after, the card takes another colour; when it has passed, the head, the supervisors
and the leader hear of it in turn (TL 40).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

from petitions.deadlines import Deadline
from petitions.events.overseeing import BEYOND
from petitions.moves.base import Rules
from petitions.record import Petition
from petitions.supervising import escalated

MORNING = time(9, 0)
"""Office's time: when the day's reminders go out."""
MIDNIGHT = time(0, 0)
Step = Literal["colour", "remind", "head", "supervisor", "leader"]


@dataclass(frozen=True, slots=True)
class Moment:
    """On this day (office's date) this is to be done about this deadline."""

    on: date
    step: Step
    deadline: str
    due: date

    def at(self, zone: tzinfo) -> datetime:
        """When on that day (UTC)."""
        hour = MIDNIGHT if self.step == "colour" else MORNING
        return datetime.combine(self.on, hour, zone).astimezone(UTC)


def moments(petition: Petition, rules: Rules) -> list[Moment]:
    """All that the running duties of a case ask for, in order."""
    found = [m for duty in petition.duties for m in _of(duty, rules)]
    # That there is a report never leaves the unit that examines it (TL 30).
    found = [m for m in found if not (petition.secret and m.step in BEYOND)]
    return sorted(found, key=lambda m: (m.on, m.step != "colour"))


def _of(duty: Deadline, rules: Rules) -> list[Moment]:
    warnings = rules.profile.warnings
    days: list[tuple[int, Step]] = [
        (-max(warnings.before, default=0), "colour"),
        *((-before, "remind") for before in warnings.before),
        (0, "colour"),
        (1, "colour"),
        (warnings.head, "head"),
        (warnings.supervisor, "supervisor"),
        (warnings.leader, "leader"),
    ]
    return [Moment(duty.due + timedelta(days=n), step, duty.name, duty.due) for n, step in days]


def next_moment(petition: Petition, rules: Rules, now: datetime) -> datetime | None:
    """The next moment (UTC) when something is to be done about a deadline; None when never."""
    later = (m.at(rules.office.tz) for m in moments(petition, rules))
    return next((at for at in later if at > now), None)


def come(petition: Petition, rules: Rules, since: datetime, now: datetime) -> list[Moment]:
    """What was to be done between `since` (not included) and `now` (UTC).

    After days down, a reminder is given once and only while it is true; what has been
    escalated stays so.
    """
    zone = rules.office.tz
    passed = [m for m in moments(petition, rules) if since < m.at(zone) <= now]
    done = escalated(petition, now)
    return [m for m in passed if (m.deadline, m.due, m.step) not in done]
