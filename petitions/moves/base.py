"""What is a move? When a command is possible, who may give it, what it needs, what follows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from petitions import events as ev
from petitions.access import DECIDERS, Actor, leads, may_see, works_on
from petitions.access import Sight as Sight
from petitions.deadlines import Calendar, Deadline, Profile, deadlines_after, local_date, named
from petitions.office import Office
from petitions.record import Petition, State

OURS = "ours"
"""The clause of a rule that is this product's and no regulation's."""


class Refused(Exception):
    """The rules say no. `code` names the reason, `clause` the rule it rests on."""

    def __init__(self, code: str, clause: str = OURS, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.clause = clause
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Rules:
    """What the office decided and the law prescribes: all that a decision rests on."""

    office: Office
    profile: Profile
    calendar: Calendar

    def today(self, now: datetime) -> date:
        """The office's date at a moment (UTC)."""
        return local_date(now, self.office.tz)

    def deadlines(
        self, event: str, now: datetime, running: tuple[Deadline, ...] = ()
    ) -> tuple[Deadline, ...]:
        """The deadlines that run from `event` happening at `now` (UTC)."""
        day = self.today(now)
        return tuple(deadlines_after(self.profile, event, day, self.calendar, running))


Who = Callable[[Actor, Petition], bool]
Need = Callable[[Petition, Actor, datetime, Rules], None]
"""Raises `Refused` when something that the command itself cannot change is missing."""
Follow = Callable[[Petition, Any, Actor, datetime, Rules], ev.AnyEvent]


@dataclass(frozen=True, slots=True)
class Move:
    """When (`states`), who (`who`), on which clause, what it needs, and what follows.

    `needs` are asked before a button is shown; what depends on the command's own words is
    asked by `follow`.
    """

    states: frozenset[State]
    who: Who
    clause: str
    follow: Follow
    needs: tuple[Need, ...] = ()


def is_petitioner(actor: Actor, petition: Petition) -> bool:
    """The person who filed."""
    return actor.id is not None and actor.id == petition.petitioner


def is_desk(actor: Actor, _petition: Petition) -> bool:
    """The desk itself, when something falls due."""
    return actor.id is None


def holds(actor: Actor, petition: Petition) -> bool:
    """The officer who has it in hand."""
    return works_on(actor, petition) and petition.holder == actor.id


def handles(actor: Actor, petition: Petition) -> bool:
    """The officer who has it in hand and may decide; a registrar alone may not."""
    roles = actor.posts.get(petition.unit, frozenset())
    return holds(actor, petition) and bool(roles & DECIDERS)


def holds_or_leads(actor: Actor, petition: Petition) -> bool:
    """Who has it in hand, or heads the unit."""
    return holds(actor, petition) or leads(actor, petition)


def sees_details(actor: Actor, petition: Petition) -> bool:
    """An officer who may open what the petitioner entrusted to us, or the operator's own hand."""
    return may_see(actor, Sight.DETAILS, petition)


def words(text: tuple[str, ...], code: str, clause: str) -> None:
    """Refuse what says nothing."""
    if not "".join(text).strip():
        raise Refused(code, clause)


def in_time(petition: Petition, name: str, now: datetime, rules: Rules, clause: str) -> Deadline:
    """The running deadline of this name. Refuses when it has passed or does not run."""
    try:
        found = named(petition.deadlines, name)
    except KeyError:
        raise Refused("no_such_limit", clause) from None
    if rules.today(now) > found.due:
        raise Refused("too_late", clause, due=found.due)
    return found
