"""Asking for more and sending it (补充材料), and what is added to a report against people."""

from dataclasses import replace
from datetime import datetime

from petitions import commands as do
from petitions import events as ev
from petitions.able import able, heir_of
from petitions.access import Actor, may_reach
from petitions.moves.base import Move, Refused, Rules, handles, is_petitioner, words
from petitions.office import Office
from petitions.record import OPEN, Petition, State
from petitions.shielding import named_in
from petitions.states import REVIEWING


def _ask(
    _p: Petition, command: do.AskSupplement, _a: Actor, _now: datetime, _r: Rules
) -> ev.SupplementAsked:
    words(command.text, "reason_needed", "TL 34")
    return ev.SupplementAsked(text=command.text)


def _supplement(
    p: Petition, command: do.Supplement, _a: Actor, _now: datetime, rules: Rules
) -> ev.Supplemented:
    if not command.files:
        words(command.text, "reason_needed", "TL 34")
    event = ev.Supplemented(text=command.text, files=command.files)
    return _keep_from(p, event, rules.office) if p.secret else event


def _keep_from(p: Petition, event: ev.Supplemented, office: Office) -> ev.Supplemented:
    """Whom a report names only now must not learn of it either, nor keep it (TL 30, 46(5))."""
    named = named_in("\n".join(event.text), office)
    event = event.model_copy(
        update={"shielded_units": named.units, "shielded_people": named.people}
    )
    after = replace(p, **event.change(p))
    if may_reach(frozenset({p.unit}), office, after) and able(after, p.unit, office):
        return event
    to = heir_of(after, office)
    if to is None:
        raise Refused("nobody_to_examine", "TL 30")
    return event.model_copy(update={"to": to})


MOVES = {
    do.AskSupplement: Move(frozenset({State.HANDLING}), handles, "TL 34", _ask),
    do.Supplement: Move(OPEN - REVIEWING, is_petitioner, "TL 34", _supplement),
}
