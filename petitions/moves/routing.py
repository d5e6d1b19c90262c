"""Before acceptance: route, object, insist, decline, refer, link, withdraw (TL 19, 22, 23, 31)."""

from dataclasses import replace
from datetime import datetime

from petitions import commands as do
from petitions import events as ev
from petitions.able import able, receives
from petitions.access import Actor, may_reach, works_on
from petitions.moves.base import (
    OURS,
    Move,
    Refused,
    Rules,
    handles,
    holds,
    in_time,
    is_petitioner,
    words,
)
from petitions.moves.holding import ANY
from petitions.record import Petition, State
from petitions.states import BEFORE_REPLY, RECEIVED

RECEIVED_OR_BACK = RECEIVED | {State.OBJECTED}


def _at_petition_office(p: Petition, _a: Actor, _now: datetime, rules: Rules) -> None:
    if not rules.office.is_petition_office(p.unit) and not rules.office.examines(p.unit):
        raise Refused("not_a_petition_office", "TL 22")


def _route(p: Petition, command: do.Route, _a: Actor, now: datetime, rules: Rules) -> ev.Routed:
    office = rules.office
    known = {unit.id for unit in office.units if receives(p, unit.id, office)}
    if command.to not in known or command.to == p.unit or not known.issuperset(command.assisting):
        raise Refused("no_such_unit", "TL 22")
    if command.to == p.objector:
        raise Refused("objected_before", "TL 23(3)")
    assisting = tuple(unit for unit in command.assisting if unit not in (command.to, p.unit))
    _keep_secret(p, (command.to, *assisting), rules)
    return ev.Routed(
        to=command.to,
        sender=p.unit,
        assigned=command.assigned,
        assisting=assisting,
        note=command.note,
        deadlines=rules.deadlines("routed", now),
    )


def _keep_secret(petition: Petition, units: tuple[str, ...], rules: Rules) -> None:
    """A report goes to those who examine reports, never to those it is about (TL 30, 46(5))."""
    if not petition.secret:
        return
    clear = may_reach(frozenset(units), rules.office, petition)
    if not clear or not all(map(rules.office.examines, units)):
        raise Refused("must_stay_secret", "TL 30")


def _may_object(p: Petition, _a: Actor, now: datetime, rules: Rules) -> None:
    if p.sender in (None, p.unit) or not able(p, p.sender, rules.office):
        raise Refused("nobody_sent_it", "TL 23(3)")
    if p.unit in p.objected:
        raise Refused("objected_before", "TL 23(3)")
    own = frozenset({p.holder} if p.holder else ())
    if not able(replace(p, state=State.OBJECTED, barred=own), p.sender, rules.office):
        raise Refused("own_interest", "TL 28")
    in_time(p, "object", now, rules, "TL 23(3)")


def _object(p: Petition, command: do.Object, _a: Actor, _now: datetime, _r: Rules) -> ev.Objected:
    words(command.reason, "reason_needed", "TL 23(3)")
    assert p.sender is not None
    return ev.Objected(sender=p.sender, reason=command.reason)


def _may_insist(p: Petition, _a: Actor, _now: datetime, rules: Rules) -> None:
    if p.objector is None or not receives(p, p.objector, rules.office):
        raise Refused("no_such_unit", "TL 23(3)")


def _insist(p: Petition, command: do.Insist, _a: Actor, _now: datetime, _r: Rules) -> ev.Insisted:
    words(command.reason, "reason_needed", "TL 23(3)")
    assert p.objector is not None
    return ev.Insisted(to=p.objector, sender=p.unit, reason=command.reason)


CLAUSES = {
    ev.Ground.UNDER_WAY: "TL 19(3)",
    ev.Ground.ENDED: "TL 36(3)",
    ev.Ground.ELSEWHERE: "TL 23(1)",
}
OTHERS = {ev.Ground.UNDER_WAY: "open", ev.Ground.ENDED: "ended"}
"""How the other case must stand for this ground."""


def _decline(p: Petition, command: do.Decline, _a: Actor, _now: datetime, _r: Rules) -> ev.Declined:
    clause = CLAUSES[command.ground]
    words(command.text, "where_to_go_needed", clause)
    wanted = OTHERS.get(command.ground)
    if wanted is not None and (command.other in (None, p.number) or command.other_state != wanted):
        raise Refused("other_case_needed", clause)
    other = command.other if wanted else None
    return ev.Declined(ground=command.ground, text=command.text, other=other, clause=clause)


def _refer(p: Petition, command: do.Refer, _a: Actor, _now: datetime, _r: Rules) -> ev.Referred:
    if p.secret and command.way.kind != "discipline":
        raise Refused("must_stay_secret", "TL 30")
    return ev.Referred(way=command.way, text=command.text)


def _no_report(p: Petition, _a: Actor, _now: datetime, _r: Rules) -> None:
    if p.secret:
        raise Refused("not_for_report", "TL 30")


def _link(p: Petition, command: do.Link, _a: Actor, _now: datetime, _r: Rules) -> ev.Linked:
    if command.number == p.number or any(number == command.number for number, _ in p.links):
        raise Refused("linked_before", OURS)
    return ev.Linked(number=command.number, relation=command.relation)


def _withdraw(_p: Petition, _c: do.Withdraw, _a: Actor, _now: datetime, _r: Rules) -> ev.Withdrawn:
    return ev.Withdrawn()


MOVES = {
    do.Route: Move(RECEIVED_OR_BACK, holds, "TL 22", _route, (_at_petition_office,)),
    do.Object: Move(RECEIVED, handles, "TL 23(3)", _object, (_may_object,)),
    do.Insist: Move(frozenset({State.OBJECTED}), holds, "TL 23(3)", _insist, (_may_insist,)),
    do.Decline: Move(RECEIVED, holds, "TL 23(1)", _decline, (_no_report,)),
    do.Refer: Move(RECEIVED, holds, "TL 22", _refer),
    do.Link: Move(ANY, works_on, OURS, _link, (_no_report,)),
    do.Withdraw: Move(BEFORE_REPLY, is_petitioner, OURS, _withdraw),
}
