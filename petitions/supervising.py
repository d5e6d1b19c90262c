"""Which supervisions (督办) wait for an answer? Several units can be asked in a case (TL 40)."""

from collections.abc import Iterable

from petitions import events as ev
from petitions.record import Entry


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
