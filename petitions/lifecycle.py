"""What follows from a command? Events for the record, or a refusal that names its rule.

`MOVES` says in one place in which states a command is possible and who may give it; the
function beside it says what else it needs and what follows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from petitions import commands as do
from petitions import events as ev
from petitions.access import DESK, Actor, Sight, leads, may_see, works_on
from petitions.deadlines import Calendar, Deadline, Profile, deadlines_after, local_date, named
from petitions.office import Office
from petitions.record import OPEN, Petition, State


class Refused(Exception):
    """The rules say no. `code` names the reason, `clause` the rule it rests on."""

    def __init__(self, code: str, clause: str = "", **facts: Any) -> None:
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

    def deadlines(self, event: str, now: datetime) -> tuple[Deadline, ...]:
        """The deadlines that run from `event` happening at `now` (UTC)."""
        day = local_date(now, self.office.tz)
        return tuple(deadlines_after(self.profile, event, day, self.calendar))


Follow = Callable[[Petition, Any, Actor, datetime, Rules], ev.AnyEvent]


@dataclass(frozen=True, slots=True)
class Move:
    """When a command is possible (`states`), who may give it (`who`), what follows (`follow`)."""

    states: frozenset[State]
    who: Callable[[Actor, Petition], bool]
    follow: Follow


def register(command: do.Register, now: datetime, rules: Rules) -> ev.Registered:
    """登记: the first entry of a record (TL 19, 22)."""
    filing = command.filing
    if filing.purpose is ev.Purpose.ACCUSATION:
        unit = rules.office.accusation_unit
    else:
        unit = rules.office.unit_for(filing.category)
    return ev.Registered(
        number=command.number,
        unit=unit,
        filing=filing,
        receipt_salt=command.receipt_salt,
        deadlines=rules.deadlines("registered", now),
    )


def decide(
    petition: Petition, command: do.Command, actor: Actor, now: datetime, rules: Rules
) -> ev.AnyEvent:
    """The event that follows when `actor` gives `command` at `now` (UTC).

    Raises `Refused` when the rules do not allow it.
    """
    move = MOVES[type(command)]
    if not move.who(actor, petition):
        raise Refused("not_yours", "TL 46")
    if petition.state not in move.states:
        raise Refused("wrong_state", state=petition.state)
    return move.follow(petition, command, actor, now, rules)


def possible(petition: Petition, actor: Actor) -> tuple[type[do.Command], ...]:
    """The commands whose button makes sense for this actor now."""
    return tuple(
        kind
        for kind, move in MOVES.items()
        if petition.state in move.states and move.who(actor, petition)
    )


def _is_petitioner(actor: Actor, petition: Petition) -> bool:
    return actor.id == petition.petitioner


def _is_holder(actor: Actor, petition: Petition) -> bool:
    return works_on(actor, petition) and petition.holder == actor.id


def _holds_or_leads(actor: Actor, petition: Petition) -> bool:
    return _is_holder(actor, petition) or leads(actor, petition)


def _did_last_move(actor: Actor, petition: Petition) -> bool:
    last = petition.last_move()
    return works_on(actor, petition) and last.by.kind == "officer" and last.by.id == actor.id


def _is_desk(actor: Actor, _petition: Petition) -> bool:
    return actor is DESK


def _take(p: Petition, command: do.Take, actor: Actor, _now: datetime, _r: Rules) -> ev.Taken:
    if p.holder is not None and not command.orphaned:
        raise Refused("taken", holder=p.holder)
    assert actor.id is not None
    return ev.Taken(holder=actor.id)


def _accept(_p: Petition, _c: do.Accept, _a: Actor, now: datetime, rules: Rules) -> ev.Accepted:
    return ev.Accepted(deadlines=rules.deadlines("accepted", now))


def _ask(
    _p: Petition, command: do.AskSupplement, _a: Actor, _now: datetime, _r: Rules
) -> ev.SupplementAsked:
    return ev.SupplementAsked(text=command.text)


def _supplement(
    _p: Petition, command: do.Supplement, _a: Actor, _now: datetime, _r: Rules
) -> ev.Supplemented:
    return ev.Supplemented(text=command.text, files=command.files)


def _reply(_p: Petition, command: do.Reply, _a: Actor, now: datetime, rules: Rules) -> ev.Replied:
    if not command.basis.strip() or not "".join(command.text).strip():
        raise Refused("reply_incomplete", "TL 32")
    return ev.Replied(
        outcome=command.outcome,
        text=command.text,
        basis=command.basis,
        files=command.files,
        deadlines=rules.deadlines("replied", now),
    )


def _reassign(
    p: Petition, command: do.Reassign, _a: Actor, _now: datetime, rules: Rules
) -> ev.Reassigned:
    if p.unit not in rules.office.posts_of(command.to):
        raise Refused("not_a_colleague")
    if command.to == p.holder:
        raise Refused("taken", holder=command.to)
    if command.to == p.petitioner:
        raise Refused("own_interest", "TL 28")
    return ev.Reassigned(holder=command.to)


UNDOABLE = (ev.Taken, ev.Accepted, ev.SupplementAsked, ev.Reassigned, ev.Replied)


def _undo(p: Petition, _c: do.Undo, _a: Actor, _now: datetime, _r: Rules) -> ev.Undone:
    last = p.last_move()
    # Once the petitioner is asked what they think of it, a reply stands.
    asked = isinstance(last.event, ev.Replied) and p.survey_until is not None
    if not isinstance(last.event, UNDOABLE) or asked:
        raise Refused("nothing_to_undo")
    return ev.Undone(of=last.seq, what=last.event.kind)


def _reads_rating(actor: Actor, petition: Petition) -> bool:
    return actor.id is not None and may_see(actor, Sight.RATING, petition)


def _read_rating(p: Petition, _c: do.ReadRating, _a: Actor, _now: datetime, _r: Rules) -> ev.Looked:
    if p.rating is None:
        raise Refused("not_rated")
    return ev.Looked(what="rating")


def _look(_p: Petition, _c: do.Look, _a: Actor, _now: datetime, _r: Rules) -> ev.Looked:
    return ev.Looked()


def _open_survey(
    p: Petition, _c: do.OpenSurvey, _a: Actor, now: datetime, rules: Rules
) -> ev.SurveyOpened:
    if p.survey_until is not None:
        raise Refused("survey_open_already")
    last_day = named(p.deadlines, "rate").due
    until = datetime.combine(last_day, time.max, rules.office.tz).astimezone(UTC)
    if now > until:
        raise Refused("survey_closed", "2014 办法 3")
    return ev.SurveyOpened(until=until)


def _rate(p: Petition, command: do.Rate, _a: Actor, now: datetime, _r: Rules) -> ev.Rated:
    if p.survey_until is None:
        raise Refused("survey_not_open", "2014 办法 3")
    if now > p.survey_until:
        raise Refused("survey_closed", "2014 办法 3")
    return ev.Rated(
        office=command.office, unit=command.unit, reason=command.reason, comment=command.comment
    )


ANY = frozenset(State)
MOVES: dict[type[do.Command], Move] = {
    do.Take: Move(OPEN, works_on, _take),
    do.Accept: Move(frozenset({State.REGISTERED}), _is_holder, _accept),
    do.AskSupplement: Move(frozenset({State.HANDLING}), _is_holder, _ask),
    do.Supplement: Move(OPEN, _is_petitioner, _supplement),
    do.Reply: Move(frozenset({State.HANDLING, State.SUPPLEMENT}), _is_holder, _reply),
    do.Reassign: Move(OPEN, _holds_or_leads, _reassign),
    do.Undo: Move(ANY, _did_last_move, _undo),
    do.Look: Move(ANY, works_on, _look),
    do.ReadRating: Move(frozenset({State.REPLIED}), _reads_rating, _read_rating),
    do.OpenSurvey: Move(frozenset({State.REPLIED}), _is_desk, _open_survey),
    do.Rate: Move(frozenset({State.REPLIED}), _is_petitioner, _rate),
}
