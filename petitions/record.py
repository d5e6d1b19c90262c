"""What is a petition? Its record: dated entries, and the state that follows from folding them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal

from petitions import events as ev
from petitions.deadlines import Deadline


class State(StrEnum):
    """Where a petition stands."""

    REGISTERED = "registered"  # 已登记
    HANDLING = "handling"  # 办理中
    SUPPLEMENT = "supplement"  # 待补充材料
    REPLIED = "replied"  # 已答复
    ERASED = "erased"  # 已删除: no query finds it any more


OPEN = frozenset({State.REGISTERED, State.HANDLING, State.SUPPLEMENT})
"""States in which the unit still owes the petitioner something."""


@dataclass(frozen=True, slots=True)
class Party:
    """Who did it: the petitioner, an officer of a unit, or the desk itself (the clock)."""

    kind: Literal["petitioner", "officer", "desk"]
    id: int | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the record; `at` is UTC, `seq` counts from 1 within the petition."""

    seq: int
    at: datetime
    by: Party
    event: ev.AnyEvent


@dataclass(frozen=True, slots=True)
class Petition:
    """A petition as its record tells it; made by `fold`, never by hand."""

    id: str
    petitioner: int
    entries: tuple[Entry, ...]
    number: str
    filing: ev.Filing
    unit: str
    state: State = State.REGISTERED
    holder: int | None = None
    version: int = 1
    deadlines: tuple[Deadline, ...] = ()
    question: tuple[str, ...] = ()
    reply: ev.Replied | None = None
    survey_until: datetime | None = None
    rating: ev.Rated | None = None

    @property
    def open(self) -> bool:
        """Whether the unit still owes something."""
        return self.state in OPEN

    @property
    def registered_at(self) -> datetime:
        """When the number was given (UTC)."""
        return self.entries[0].at

    def last_move(self) -> Entry:
        """The newest entry that changed where the case stands."""
        return next(e for e in reversed(self.entries) if e.event.moves)

    def standing(self) -> tuple[Entry, ...]:
        """The entries that still hold: those taken back, and the taking back, left out."""
        gone = undone(self.entries)
        return tuple(
            e for e in self.entries if e.seq not in gone and not isinstance(e.event, ev.Undone)
        )


def undone(entries: Iterable[Entry]) -> frozenset[int]:
    """The numbers of the entries that were taken back."""
    return frozenset(e.event.of for e in entries if isinstance(e.event, ev.Undone))


def fold(petition_id: str, petitioner: int, entries: Iterable[Entry]) -> Petition:
    """The petition that this record tells of.

    Raises ValueError when the record does not begin with its registration.
    """
    record = tuple(entries)
    if not record or not isinstance(record[0].event, ev.Registered):
        raise ValueError("a record begins with its registration")
    first = record[0].event
    petition = Petition(
        petition_id,
        petitioner,
        record,
        first.number,
        first.filing,
        first.unit,
        deadlines=first.deadlines,
    )
    gone = undone(record)
    for entry in record[1:]:
        if entry.seq not in gone:
            petition = _apply(petition, entry.event)
        if entry.event.moves:
            petition = replace(petition, version=entry.seq)
    return petition


def _apply(petition: Petition, event: ev.AnyEvent) -> Petition:
    match event:
        case ev.Taken() | ev.Reassigned():
            return replace(petition, holder=event.holder)
        case ev.Accepted():
            return replace(petition, state=State.HANDLING, deadlines=event.deadlines)
        case ev.SupplementAsked():
            return replace(petition, state=State.SUPPLEMENT, question=event.text)
        case ev.Supplemented():
            answered = petition.state is State.SUPPLEMENT
            state = State.HANDLING if answered else petition.state
            return replace(petition, state=state, question=())
        case ev.Replied():
            # A new reply is rated anew.
            return replace(
                petition,
                state=State.REPLIED,
                reply=event,
                deadlines=event.deadlines,
                survey_until=None,
                rating=None,
            )
        case ev.SurveyOpened():
            return replace(petition, survey_until=event.until)
        case ev.Rated():
            return replace(petition, rating=event)
        case ev.Erased():
            return replace(petition, state=State.ERASED, holder=None, deadlines=(), question=())
    return petition
