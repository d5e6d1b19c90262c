"""What follows from a command? Events for the record, or a refusal that names its rule.

`MOVES` (in `petitions.moves`) says in one place when a command is possible, who may give it,
what it needs and what follows.
"""

from datetime import datetime

from petitions import commands as do
from petitions import events as ev
from petitions.able import works_at
from petitions.access import Actor
from petitions.moves import MOVES, OURS, UNDOABLE, Move, Refused, Rules
from petitions.record import Petition
from petitions.shielding import Shield, examiner, shield_of

__all__ = [
    "MOVES",
    "OURS",
    "UNDOABLE",
    "Move",
    "Refused",
    "Rules",
    "check",
    "decide",
    "possible",
    "register",
]


def register(
    command: do.Register, now: datetime, rules: Rules, petitioner: int | None = None
) -> ev.Registered:
    """登记: the first entry of a record (TL 19, 22).

    Raises `Refused` for a report that nobody here could examine without its reaching those it is
    about: it has to go to the discipline bodies directly.
    """
    filing, office = command.filing, rules.office
    shield = shield_of(filing, office)
    unit = _receiver(filing, shield, rules, petitioner)
    own = office.is_petition_office(unit) or filing.purpose is ev.Purpose.ACCUSATION
    sender = None if own else office.default_unit
    deadlines = rules.deadlines("registered", now)
    if sender is not None:
        # The desk itself routed it by its category, so the unit may object (TL 23(3)).
        deadlines += tuple(d for d in rules.deadlines("routed", now) if d.name == "object")
    return ev.Registered(
        number=command.number,
        unit=unit,
        sender=sender,
        filing=filing,
        receipt_salt=command.receipt_salt,
        deadlines=deadlines,
        shielded_units=shield.units,
        shielded_people=shield.people,
        urgent=command.urgent,
        zone=office.zone,
    )


def _receiver(filing: ev.Filing, shield: Shield, rules: Rules, petitioner: int | None) -> str:
    """The unit of the category; where nobody could work on it, one that can send it on."""
    office = rules.office
    if filing.purpose is not ev.Purpose.ACCUSATION:
        fitting = office.unit_for(filing.category, filing.district)
        offices = (u.id for u in office.units if office.is_petition_office(u.id))
        order = (fitting, office.default_unit, *offices)
        return next((u for u in order if works_at(u, office, petitioner)), fitting)
    unit = examiner(shield, office, petitioner)
    if unit is None:
        raise Refused("nobody_to_examine", "TL 30")
    return unit


def decide(
    petition: Petition, command: do.Command, actor: Actor, now: datetime, rules: Rules
) -> ev.AnyEvent:
    """The event that follows when `actor` gives `command` at `now` (UTC).

    Raises `Refused` when the rules do not allow it.
    """
    move = MOVES[type(command)]
    check(petition, move, actor, now, rules)
    return move.follow(petition, command, actor, now, rules)


def check(petition: Petition, move: Move, actor: Actor, now: datetime, rules: Rules) -> None:
    """Raise `Refused` when the move is not this actor's, or not possible now."""
    if not move.who(actor, petition):
        raise Refused("not_yours", "TL 46")
    if petition.state not in move.states:
        raise Refused("wrong_state", move.clause, state=petition.state)
    for need in move.needs:
        need(petition, actor, now, rules)


def possible(
    petition: Petition, actor: Actor, now: datetime, rules: Rules
) -> tuple[type[do.Command], ...]:
    """The commands whose button makes sense for this actor now."""

    def can(move: Move) -> bool:
        try:
            check(petition, move, actor, now, rules)
        except Refused:
            return False
        return True

    return tuple(kind for kind, move in MOVES.items() if can(move))
