"""Supervision, leading officials, and what the clock itself does (TL 40)."""

from dataclasses import replace
from datetime import datetime

from petitions import commands as do
from petitions import events as ev
from petitions.access import WORKERS, Actor, Sight, leads, may_see
from petitions.concerned import has_inquiry
from petitions.deadlines import DayKind, Deadline, deadline, recounted
from petitions.events.overseeing import BEYOND
from petitions.moves.base import (
    OURS,
    Move,
    Refused,
    Rules,
    holds_or_leads,
    is_desk,
    words,
)
from petitions.moves.holding import ANY
from petitions.profiles import Limit
from petitions.record import OPEN, Petition, State
from petitions.supervising import escalated

SUPERVISION = "supervision"
LONGEST_ANSWER = 30
"""Working days a supervised unit may be given."""


def _oversees(actor: Actor, petition: Petition) -> bool:
    """The supervisors, the head of the petition office that sent it, who looks into its rating."""
    sent = "head" in actor.posts.get(petition.sender or "", frozenset())
    sent = sent or has_inquiry(actor.id or 0, petition)
    # What may not be seen is not even refused by name: that there is a report is a secret.
    return (actor.supervises or sent) and may_see(actor, Sight.CARD, petition)


def _no_report(p: Petition, _a: Actor, _now: datetime, _r: Rules) -> None:
    if p.secret:
        raise Refused("not_for_report", "TL 30")


def _late(petition: Petition, now: datetime, rules: Rules) -> bool:
    return any(d.due < rules.today(now) for d in petition.duties)


def _something_late(p: Petition, _a: Actor, now: datetime, rules: Rules) -> None:
    if not _late(p, now, rules):
        raise Refused("not_late", "TL 40")


def _late_or_poor(p: Petition, actor: Actor, now: datetime, rules: Rules) -> None:
    """Only what is overdue, or a reply that was made, is supervised (TL 40)."""
    if has_inquiry(actor.id or 0, p):
        return  # of poor quality, by what the petitioner says of it
    if not _late(p, now, rules) and p.state not in (State.REPLIED, State.REVIEWED):
        raise Refused("not_late", "TL 40")


def _supervise(
    p: Petition, command: do.Supervise, actor: Actor, now: datetime, rules: Rules
) -> ev.Supervised:
    words(command.text, "reason_needed", "TL 40")
    if not 1 <= command.days <= LONGEST_ANSWER:
        raise Refused("too_many_days", "TL 40", days=LONGEST_ANSWER)
    limit = Limit(SUPERVISION, command.days, DayKind.WORKING, "TL 40")
    due = deadline(limit, rules.today(now), rules.calendar)
    # What a rating is about was done by who answers for the case, wherever that is by now.
    unit = p.responsible if p.responsible and has_inquiry(actor.id or 0, p) else p.unit
    return ev.Supervised(method=command.method, unit=unit, text=command.text, deadline=due)


def _answers(actor: Actor, petition: Petition) -> bool:
    """Whoever has the case in hand or heads its unit; any of the people of a unit that had it."""
    return holds_or_leads(actor, petition) or bool(asked_of(actor, petition))


def asked_of(actor: Actor, petition: Petition) -> tuple[str, ...]:
    """The supervised units this officer may answer for: in an open case who has it answers."""
    if not may_see(actor, Sight.CARD, petition):
        return ()
    units = dict.fromkeys(s.unit for s in petition.supervisions)
    return tuple(
        unit
        for unit in units
        if actor.posts.get(unit, frozenset()) & WORKERS
        and (unit != petition.unit or not petition.open or holds_or_leads(actor, petition))
    )


def _supervised(p: Petition, actor: Actor, _now: datetime, _r: Rules) -> None:
    if not asked_of(actor, p):
        raise Refused("not_supervised", "TL 40")


def _answer(
    p: Petition, command: do.AnswerSupervision, actor: Actor, _now: datetime, _r: Rules
) -> ev.SupervisionAnswered:
    words(command.text, "reason_needed", "TL 40")
    return ev.SupervisionAnswered(unit=asked_of(actor, p)[0], text=command.text)


def _appoints(actor: Actor, petition: Petition) -> bool:
    """The supervisors, the head of the petition office that sent it, or of the unit itself."""
    return _oversees(actor, petition) or leads(actor, petition)


def _set_lead(p: Petition, command: do.SetLead, _a: Actor, _now: datetime, rules: Rules) -> ev.Led:
    lead = command.lead
    named = lead.people
    if any(rules.office.officer(i) is None for i in named):
        raise Refused("no_such_officer", OURS)
    if any(i == p.petitioner or i in p.recused for i in named):
        raise Refused("own_interest", "TL 28")
    if lead.leader is not None and not _is_head(lead.leader, rules):
        raise Refused("leader_must_be_head", OURS)
    if not lead.begun:
        raise Refused("reason_needed", OURS)
    return ev.Led(lead=lead)


def _is_head(officer: int, rules: Rules) -> bool:
    return any("head" in post.roles for post in rules.office.posts_of(officer).values())


def _escalate(
    p: Petition, command: do.Escalate, _a: Actor, now: datetime, rules: Rules
) -> ev.Escalated:
    name, due, to = command.deadline, command.due, command.to
    if p.secret and to in BEYOND:
        raise Refused("not_for_report", "TL 30")
    owed = any((d.name, d.due) == (name, due) for d in p.duties)
    if not owed or due >= rules.today(now):
        raise Refused("not_late", "TL 40")
    if (name, due, to) in escalated(p, now):
        raise Refused("escalated_before", OURS)
    return ev.Escalated(deadline=name, due=due, to=to)


def _may_recount(p: Petition, _a: Actor, _now: datetime, rules: Rules) -> None:
    if all(_again(d, p, rules) == d for d in (*p.deadlines, *_answers_due(p))):
        raise Refused("nothing_to_recount", "民法典 203")


def _recount(p: Petition, _c: do.Recount, _a: Actor, _now: datetime, rules: Rules) -> ev.Recounted:
    again = tuple(_again(d, p, rules) for d in p.deadlines)
    asked = tuple(_again(d, p, rules) for d in _answers_due(p))
    return ev.Recounted(deadlines=again, supervisions=asked)


def _answers_due(petition: Petition) -> tuple[Deadline, ...]:
    return tuple(s.deadline for s in petition.supervisions)


def _again(running: Deadline, petition: Petition, rules: Rules) -> Deadline:
    if not running.provisional:
        return running
    if running.since is None:
        # Written before deadlines said how they were counted: from the day of their entry.
        at = next(e.at for e in petition.entries if running in getattr(e.event, "deadlines", ()))
        days = rules.profile.limit(running.name).days
        running = replace(running, since=rules.today(at), days=days)
    return recounted(running, rules.calendar)


MOVES = {
    do.Supervise: Move(ANY, _oversees, "TL 40", _supervise, (_no_report, _late_or_poor)),
    do.AnswerSupervision: Move(ANY, _answers, "TL 40", _answer, (_supervised,)),
    do.SetLead: Move(OPEN, _appoints, OURS, _set_lead, (_no_report,)),
    do.Escalate: Move(ANY, is_desk, "TL 40", _escalate, (_something_late,)),
    do.Recount: Move(ANY, is_desk, "民法典 203", _recount, (_may_recount,)),
}
