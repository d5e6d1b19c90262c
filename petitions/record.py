"""What is a petition? Its record: dated entries, and the state that follows from folding them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from petitions import events as ev
from petitions.deadlines import Deadline
from petitions.lead import NONE, Lead
from petitions.states import OPEN, State

__all__ = ["OPEN", "Entry", "Party", "Petition", "State", "fold", "steps", "undone"]

RIGHTS = frozenset({"object", "rate", "ask-review", "ask-second-review"})
"""Deadlines of what somebody may do; all others say what a unit must do."""


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
    """A petition as its record tells it; made by `fold`, never by hand.

    `unit` has the case now, `responsible` is the unit that accepted it, `sender` the petition
    office it came from, `objector` the unit whose objection is to be decided.
    """

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
    sender: str | None = None
    responsible: str | None = None
    assigned: bool = False
    assisting: tuple[str, ...] = ()
    objector: str | None = None
    objected: frozenset[str] = frozenset()
    hands: frozenset[int] = frozenset()  # who held it while it was handled or reviewed
    barred: frozenset[int] = frozenset()  # who may not judge what they did: by review, by objection
    recused: frozenset[int] = frozenset()
    shielded_units: frozenset[str] = frozenset()  # whom a report is about, by all that was written
    shielded_people: frozenset[int] = frozenset()
    simple: bool = False
    question: tuple[str, ...] = ()
    extension: ev.ExtensionAsked | None = None
    extended: bool = False
    mediation: Literal["proposed", "agreed", "refused", "settled", "failed"] | None = None
    reply: ev.Replied | None = None
    answer: ev.SuggestionAnswered | None = None
    declined: ev.Declined | None = None
    referred: ev.Referred | None = None
    review: ev.ReviewAsked | None = None
    decision: ev.ReviewDecided | None = None
    survey_until: datetime | None = None
    rating: ev.Rated | None = None
    rated_since: bool = False  # since it was last asked for
    inquiry: ev.Inquiry | None = None
    links: tuple[tuple[str, str], ...] = ()
    supervisions: tuple[ev.Supervised, ...] = ()
    lead: Lead = NONE
    dossier: bool = False
    escalations: frozenset[tuple[str, date, str]] = frozenset()

    @property
    def open(self) -> bool:
        """Whether a unit still owes something."""
        return self.state in OPEN

    @property
    def secret(self) -> bool:
        """Whether it is a report against people or units (检举控告, TL 30)."""
        return self.filing.purpose is ev.Purpose.ACCUSATION

    @property
    def repeats(self) -> bool:
        """Whether it was raised before: said so when it was filed, or linked as a repeat."""
        return self.filing.earlier is not None or any(how == "repeats" for _, how in self.links)

    @property
    def first(self) -> ev.Registered:
        """Its registration."""
        event = self.entries[0].event
        assert isinstance(event, ev.Registered)
        return event

    @property
    def registered_at(self) -> datetime:
        """When the number was given (UTC)."""
        return self.entries[0].at

    @property
    def duties(self) -> tuple[Deadline, ...]:
        """What a unit owes and by when, the soonest first; answers to supervision included."""
        owed = [d for d in self.deadlines if self.open and d.name not in RIGHTS]
        owed += [s.deadline for s in self.supervisions]
        return tuple(sorted(owed, key=lambda d: d.due))

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
    """The petition that this record tells of; what each event changes stands with its shape.

    Raises ValueError when the record does not begin with its registration.
    """
    record = tuple(entries)
    petition = begun(petition_id, petitioner, record)
    gone = undone(record)
    for entry in record[1:]:
        if entry.seq not in gone:
            petition = replace(petition, **entry.event.change(petition))
        if entry.event.moves:
            petition = replace(petition, version=entry.seq)
    return petition


def begun(petition_id: str, petitioner: int, record: tuple[Entry, ...]) -> Petition:
    """The petition with this record as it stood when it was registered. Raises ValueError."""
    if not record or not isinstance(record[0].event, ev.Registered):
        raise ValueError("a record begins with its registration")
    first = record[0].event
    return Petition(
        petition_id,
        petitioner,
        record,
        first.number,
        first.filing,
        first.unit,
        deadlines=first.deadlines,
        sender=first.sender,
        shielded_units=frozenset(first.shielded_units),
        shielded_people=frozenset(first.shielded_people),
    )


def steps(petition: Petition) -> Iterator[tuple[Petition, Entry, Petition]]:
    """Each entry that still holds, after the first, with the petition before and after it."""
    before = begun(petition.id, petition.petitioner, petition.entries)
    for entry in petition.standing()[1:]:
        after = replace(before, **entry.event.change(before))
        yield before, entry, after
        before = after
