"""Who has the case in hand: take, reassign, withdraw for an interest, look, take back."""

from dataclasses import replace
from datetime import datetime

from petitions import commands as do
from petitions import events as ev
from petitions.able import JUDGING, able, heir_of
from petitions.access import Actor, works_on
from petitions.concerned import has_inquiry
from petitions.moves.base import (
    OURS,
    Move,
    Refused,
    Rules,
    holds_or_leads,
    sees_details,
)
from petitions.record import OPEN, Petition, State

ANY = frozenset(State) - {State.ERASED}
"""What was erased is found by nobody any more."""
UNDOABLE = (
    ev.Taken,
    ev.Reassigned,
    ev.Routed,
    ev.Accepted,
    ev.SupplementAsked,
    ev.ExtensionAsked,
    ev.MediationProposed,
    ev.Replied,
)
"""What an officer may take back before anybody else has acted. A closing word stands."""


def _take(p: Petition, command: do.Take, actor: Actor, _now: datetime, _r: Rules) -> ev.Taken:
    if p.holder is not None and not command.orphaned:
        raise Refused("taken", OURS, holder=p.holder)
    assert actor.id is not None
    _fresh_eyes(p, actor.id)
    return ev.Taken(holder=actor.id)


def _reassign(
    p: Petition, command: do.Reassign, _a: Actor, _now: datetime, rules: Rules
) -> ev.Reassigned:
    posts = rules.office.posts_of(command.to)
    if command.to == p.holder:
        raise Refused("taken", OURS, holder=command.to)
    if command.to == p.petitioner or command.to in p.recused:
        raise Refused("own_interest", "TL 28")
    colleague = Actor(command.to, {unit: person.roles for unit, person in posts.items()})
    if not works_on(colleague, p):
        raise Refused("not_a_colleague", OURS)
    _fresh_eyes(p, command.to)
    return ev.Reassigned(holder=command.to)


def _fresh_eyes(petition: Petition, officer: int) -> None:
    """Nobody judges what they did: handled, reviewed or objected (TL 28)."""
    if petition.state in JUDGING and officer in petition.barred:
        raise Refused("own_interest", "TL 28")


def _may_recuse(actor: Actor, petition: Petition) -> bool:
    """Whoever works on it, or else may open it: who assists, leads or watches it.

    Who looks into its rating withdraws from that, unseen by those who handle the case.
    """
    if works_on(actor, petition):
        return True
    return (
        actor.id is not None
        and sees_details(actor, petition)
        and not has_inquiry(actor.id, petition)
    )


def _recuse(p: Petition, _c: do.Recuse, actor: Actor, _now: datetime, rules: Rules) -> ev.Recused:
    """Where nobody of the unit is left for the case, another has to be found for it first."""
    assert actor.id is not None
    event = ev.Recused(officer=actor.id)
    after = replace(p, recused=p.recused | {actor.id})
    if able(after, p.unit, rules.office):
        return event
    to = heir_of(after, rules.office)
    if to is None:
        raise Refused("nobody_left", "TL 28")
    return event.model_copy(update={"to": to})


def _did_last_move(actor: Actor, petition: Petition) -> bool:
    by = petition.last_move().by
    return (
        by.kind == "officer"
        and by.id == actor.id
        and by.unit in actor.posts
        and actor.id not in petition.recused
    )


def _may_undo(p: Petition, _a: Actor, _now: datetime, _r: Rules) -> None:
    last = p.last_move()
    # Once the petitioner is asked what they think of it, a reply stands.
    asked = isinstance(last.event, ev.Replied) and p.survey_until is not None
    if not isinstance(last.event, UNDOABLE) or asked:
        raise Refused("nothing_to_undo", OURS)


def _undo(p: Petition, _c: do.Undo, _a: Actor, _now: datetime, _r: Rules) -> ev.Undone:
    last = p.last_move()
    return ev.Undone(of=last.seq, what=last.event.kind)


def _look(_p: Petition, command: do.Look, _a: Actor, _now: datetime, _r: Rules) -> ev.Looked:
    return ev.Looked(what=command.what)


MOVES = {
    do.Take: Move(OPEN, works_on, OURS, _take),
    do.Reassign: Move(OPEN, holds_or_leads, OURS, _reassign),
    do.Recuse: Move(OPEN, _may_recuse, "TL 28", _recuse),
    do.Undo: Move(ANY, _did_last_move, OURS, _undo, (_may_undo,)),
    do.Look: Move(ANY, sees_details, "TL 46", _look),
}
