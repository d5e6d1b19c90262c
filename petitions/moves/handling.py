"""Between acceptance and reply: accept, extend, mediate, assist (TL 23, 33, 34)."""

from datetime import datetime

from petitions import commands as do
from petitions import events as ev
from petitions.access import WORKERS, Actor, Sight, leads, may_see
from petitions.deadlines import deadline, local_date, named, prolonged
from petitions.moves.base import Move, Need, Refused, Rules, handles, in_time, is_petitioner, words
from petitions.profiles import Limit
from petitions.record import Petition
from petitions.states import RECEIVED, WORKING

SIMPLE = "信访事项简易办理办法"
FEW = (None, "me", "few")
"""How many people a simple matter may touch."""


def _to_be_handled(p: Petition, _a: Actor, _now: datetime, _r: Rules) -> None:
    """Suggestions are answered (TL 29), reports referred (TL 30), the rest handled (TL 31(6))."""
    if p.secret:
        raise Refused("not_for_report", "TL 30")
    if p.filing.purpose is ev.Purpose.SUGGESTION:
        raise Refused("not_for_suggestion", "TL 29")


def _accept(p: Petition, command: do.Accept, _a: Actor, now: datetime, rules: Rules) -> ev.Accepted:
    if command.simple:
        _simple_enough(p, now, rules)
    event = "accepted-simple" if command.simple else "accepted"
    return ev.Accepted(deadlines=rules.deadlines(event, now), simple=command.simple)


def _simple_enough(petition: Petition, now: datetime, rules: Rules) -> None:
    """First time, a request, few people, and accepted within the simple track's own limit."""
    if petition.repeats or petition.filing.affected not in FEW:
        raise Refused("not_simple", SIMPLE)
    received = next(
        e.at
        for e in reversed(petition.standing())
        if isinstance(e.event, ev.Routed | ev.Registered)
    )
    limit = deadline(
        rules.profile.limit("accept-simple"),
        local_date(received, rules.office.tz),
        rules.calendar,
    )
    if rules.today(now) > limit.due:
        raise Refused("too_late", SIMPLE, due=limit.due)


def _is_simple(p: Petition, _a: Actor, _now: datetime, _r: Rules) -> None:
    if not p.simple:
        raise Refused("ordinary_already", SIMPLE)


def _change_track(
    p: Petition, command: do.ChangeTrack, _a: Actor, _now: datetime, rules: Rules
) -> ev.TrackChanged:
    words(command.reason, "reason_needed", SIMPLE)
    accepted = next(e.at for e in reversed(p.standing()) if isinstance(e.event, ev.Accepted))
    return ev.TrackChanged(reason=command.reason, deadlines=rules.deadlines("accepted", accepted))


def _may_extend(p: Petition, _a: Actor, now: datetime, rules: Rules) -> None:
    if p.extended:
        raise Refused("extended_before", "TL 34")
    if p.simple:
        raise Refused("not_on_simple_track", SIMPLE)
    in_time(p, "handle", now, rules, "TL 34")


def _none_asked(p: Petition, _a: Actor, _now: datetime, _r: Rules) -> None:
    if p.extension is not None:
        raise Refused("extension_asked_before", "TL 34")


def _asked(p: Petition, _a: Actor, _now: datetime, _r: Rules) -> None:
    if p.extension is None:
        raise Refused("no_extension_asked", "TL 34")


def _ask_extension(
    _p: Petition, command: do.AskExtension, _a: Actor, _now: datetime, rules: Rules
) -> ev.ExtensionAsked:
    words(command.reason, "reason_needed", "TL 34")
    longest = rules.profile.limit("extension").days
    if not 1 <= command.days <= longest:
        raise Refused("too_many_days", "TL 34", days=longest)
    return ev.ExtensionAsked(days=command.days, reason=command.reason)


def _extend(p: Petition, _c: do.Extend, _a: Actor, _now: datetime, rules: Rules) -> ev.Extended:
    assert p.extension is not None
    allowed = rules.profile.limit("extension")
    limit = Limit(allowed.name, p.extension.days, allowed.kind, allowed.clause)
    later = prolonged(limit, named(p.deadlines, "handle"), rules.calendar)
    others = (d for d in p.deadlines if d.name != "handle")
    return ev.Extended(days=p.extension.days, reason=p.extension.reason, deadlines=(later, *others))


def _refuse_extension(
    _p: Petition, _c: do.RefuseExtension, _a: Actor, _now: datetime, _r: Rules
) -> ev.ExtensionRefused:
    return ev.ExtensionRefused()


def _mediation_is(stage: str | None) -> Need:
    def need(p: Petition, _a: Actor, _now: datetime, _r: Rules) -> None:
        if p.mediation != stage:
            raise Refused("wrong_stage_of_mediation", "TL 33")

    return need


def _propose(
    _p: Petition, command: do.ProposeMediation, _a: Actor, _now: datetime, _r: Rules
) -> ev.MediationProposed:
    words(command.text, "reason_needed", "TL 33")
    return ev.MediationProposed(text=command.text)


def _answer(
    _p: Petition, command: do.AnswerMediation, _a: Actor, _now: datetime, _r: Rules
) -> ev.MediationAnswered:
    return ev.MediationAnswered(agreed=command.agree)


def _mediate(
    _p: Petition, command: do.Mediate, _a: Actor, _now: datetime, _r: Rules
) -> ev.Mediated:
    words(command.text, "reason_needed", "TL 33")
    return ev.Mediated(settled=command.settled, text=command.text)


def _assists(actor: Actor, petition: Petition) -> bool:
    """One of the people of an assisting unit; a report is seen by who examines it alone."""
    mine = any(actor.posts.get(unit, frozenset()) & WORKERS for unit in petition.assisting)
    return mine and may_see(actor, Sight.DETAILS, petition)


def _contribute(
    p: Petition, command: do.Contribute, actor: Actor, _now: datetime, _r: Rules
) -> ev.Contributed:
    words(command.text, "reason_needed", "TL 22")
    unit = next(u for u in p.assisting if actor.posts.get(u, frozenset()) & WORKERS)
    return ev.Contributed(unit=unit, text=command.text)


_proposed, _agreed, _not_yet = (
    _mediation_is("proposed"),
    _mediation_is("agreed"),
    _mediation_is(None),
)
MOVES = {
    do.Accept: Move(RECEIVED, handles, "TL 23", _accept, (_to_be_handled,)),
    do.ChangeTrack: Move(WORKING, handles, SIMPLE, _change_track, (_is_simple,)),
    do.AskExtension: Move(WORKING, handles, "TL 34", _ask_extension, (_may_extend, _none_asked)),
    do.Extend: Move(WORKING, leads, "TL 34", _extend, (_may_extend, _asked)),
    do.RefuseExtension: Move(WORKING, leads, "TL 34", _refuse_extension, (_asked,)),
    do.ProposeMediation: Move(WORKING, handles, "TL 33", _propose, (_not_yet,)),
    do.AnswerMediation: Move(WORKING, is_petitioner, "TL 33", _answer, (_proposed,)),
    do.Mediate: Move(WORKING, handles, "TL 33", _mediate, (_agreed,)),
    do.Contribute: Move(RECEIVED | WORKING, _assists, "TL 22", _contribute),
}
