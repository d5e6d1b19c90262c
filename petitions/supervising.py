"""Which supervisions (督办) wait for an answer, and who has heard that a case is late (TL 40)?

Several units can be asked in a case.
"""

from collections.abc import Iterable
from datetime import date, datetime

from petitions import events as ev
from petitions.clocks import counts
from petitions.record import Entry, Petition


def unanswered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries of the supervisions open after these, oldest first.

    An answer closes those of the unit that gave it; one that names no unit closes all.
    """
    found: list[Entry] = []
    for entry in entries:
        if isinstance(entry.event, ev.Supervised):
            found.append(entry)
        elif isinstance(entry.event, ev.SupervisionAnswered):
            found = [e for e in found if entry.event.unit not in (None, asked_unit(e))]
    return tuple(found)


def asked_unit(entry: Entry) -> str:
    """The unit that has to answer this supervision."""
    assert isinstance(entry.event, ev.Supervised)
    return entry.event.unit


def escalated(petition: Petition, now: datetime) -> frozenset[tuple[str, date, str]]:
    """(deadline, last day, to whom) of what has been told up the line as of now (UTC)."""
    if not petition.escalations:
        return petition.escalations
    told = [
        e.event
        for e in petition.standing()
        if isinstance(e.event, ev.Escalated) and counts(e.at, now)
    ]
    return frozenset((e.deadline, e.due, e.to) for e in told)
