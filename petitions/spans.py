"""What is there to count of a petition? Its spans: begun on a day, due by one, done on one.

The figures of the reports count spans and nothing else (docs/reference/indicators.md). They
follow from the record alone: what was taken back leaves none, and erasing the content leaves
them as they were.
"""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from petitions import events as ev
from petitions.deadlines import Deadline, local_date
from petitions.record import Petition, steps
from petitions.trail import Span, Trail

__all__ = ["REPORT", "Span", "spans"]

REPORT = "report."
"""Before the kind of every span of a report against people: no other figure counts those."""
LIMITS = {
    "accept": ("accept", "answer"),
    "handle": ("handle", "handle-simple"),
    "rehandle": ("handle", "handle-simple"),
    "review": ("decide-review", "decide-second-review"),
}
"""The deadlines that a duty runs by, in the words of the profile."""
LEVELS = {1: "review", 2: "second_review"}
SUPERVISION = "supervise "
"""Several may be open at a time: each has a number behind."""


def spans(petition: Petition) -> tuple[Span, ...]:
    """All of them, in the order they were begun."""
    first = petition.first
    zone = ZoneInfo(first.zone)
    trail = Trail(local_date(petition.registered_at, zone))
    trail.begin("registered", first.unit)
    trail.begin("accept", first.unit, _due(first.deadlines, "accept"))
    for before, entry, after in steps(petition):
        trail.day = local_date(entry.at, zone)
        _take(trail, before, entry.event, after)
        _keep_up(trail, before, after)
        _ask(trail, after, zone)
    return _told(trail, petition)


def _take(trail: Trail, before: Petition, event: ev.AnyEvent, after: Petition) -> None:
    """What this event opens and closes."""
    in_charge = before.responsible or before.unit
    match event:
        case ev.Routed():
            _route(trail, before.unit, event)
        case ev.Accepted():
            trail.end("accept", "accepted")
            trail.begin("handle", before.unit)
        case ev.Declined():
            trail.end("accept", f"declined.{event.ground}")
        case ev.Referred():
            trail.end("accept", f"referred.{event.way.kind}")
        case ev.SuggestionAnswered():
            trail.end("accept", "answered.adopted" if event.adopted else "answered.not_adopted")
        case ev.Withdrawn():
            _let_go(trail, "withdrawn")
        case ev.Erased():
            _let_go(trail, "erased")
            _leave_survey(trail)
        case ev.Replied():
            _reply(trail, in_charge, event)
        case ev.Linked(relation="repeated_by"):
            trail.end("closed")
        case ev.ReviewAsked():
            trail.end("closed")
            trail.begin("review", event.unit)
            trail.begin("appeal", in_charge, how=LEVELS[event.level])
        case ev.ReviewDecided():
            _decide(trail, event)
        case ev.SurveyOpened():
            trail.begin("rate", in_charge)
        case ev.Rated():
            trail.mark("rate", f"{event.office}.{event.unit}")
        case ev.Supervised():
            kind = f"{SUPERVISION}{len(trail.made)}"
            trail.begin(kind, event.unit, event.deadline.due, str(event.method))
        case ev.SupervisionAnswered():
            for kind in _supervised(trail, event.unit):
                trail.end(kind)
        case ev.Recounted():
            for kind, asked in zip(_supervised(trail), after.supervisions, strict=False):
                trail.pass_to(kind, asked.unit, asked.deadline.due)


def _keep_up(trail: Trail, before: Petition, after: Petition) -> None:
    """Units and last days as they are now, and whether a unit still owes something."""
    in_charge = after.responsible or after.unit
    for kind in LIMITS:
        unit = in_charge if kind in ("handle", "rehandle") else after.unit
        trail.pass_to(kind, unit, _due(after.deadlines, kind))
    if before.open and not after.open:
        trail.end("registered")
        trail.end("reopened")
    elif after.open and not before.open:
        trail.begin("reopened", after.unit)
    trail.pass_to("reopened", after.unit, None)


def _route(trail: Trail, sender: str, event: ev.Routed) -> None:
    """Sending it on was what the sender owed; whom it went to has days of its own."""
    if (span := trail.get("accept")) is not None:
        trail.set("accept", replace(span, kind="route", unit=sender))
        trail.end("accept")
    trail.begin("accept", event.to, _due(event.deadlines, "accept"))


def _reply(trail: Trail, unit: str, event: ev.Replied) -> None:
    """A reply ends the handling; nobody can rate the reply before any more."""
    again = trail.get("rehandle") is not None
    trail.end("rehandle" if again else "handle", str(event.outcome))
    _leave_survey(trail)
    if not again:
        trail.begin("closed", unit)


def _decide(trail: Trail, event: ev.ReviewDecided) -> None:
    """What the review found, and whether it is handled again."""
    trail.end("review")
    trail.end("appeal", f"{LEVELS[event.level]}.{event.finding}")
    if event.back_to is not None:
        _leave_survey(trail)  # nobody can rate a reply that does not stand
        trail.begin("rehandle", event.back_to)


def _ask(trail: Trail, petition: Petition, zone: ZoneInfo) -> None:
    """One survey a reply: asked once more, it is open for longer."""
    span, until = trail.get("rate"), petition.survey_until
    if span is not None and until is not None:
        trail.set("rate", replace(span, due=local_date(until, zone)))


def _leave_survey(trail: Trail) -> None:
    """It cannot be answered any more: it was not due, if nobody has answered and it still ran."""
    span = trail.get("rate")
    if span is not None and span.done is None:
        trail.void("rate")
    trail.leave("rate")


def _supervised(trail: Trail, unit: str | None = None) -> list[str]:
    """The open supervisions of this unit, or of all, the oldest first."""
    asked = [kind for kind in trail.open if kind.startswith(SUPERVISION)]
    return [k for k in asked if (s := trail.get(k)) is not None and unit in (None, s.unit)]


def _let_go(trail: Trail, how: str) -> None:
    """Withdrawn, or erased: what is not late by now is owed no more."""
    for kind in (*LIMITS, *(_supervised(trail) if how == "erased" else ())):
        trail.void(kind)
        trail.end(kind, how)


def _told(trail: Trail, petition: Petition) -> tuple[Span, ...]:
    """The spans as they are known in the end; all of a report are of the unit that examines it."""
    filing = petition.filing
    registered, *others = trail.made
    in_charge = petition.responsible or petition.unit
    about = (str(filing.purpose), filing.category, filing.district)
    first = replace(registered, unit=in_charge, how=_origin(petition), filing=about)
    # Only what was filed for the first time can be solved at once.
    kept = [s for s in others if not (s.kind == "closed" and petition.repeats)]
    plain = (replace(span, kind=span.kind.partition(" ")[0]) for span in (first, *kept))
    if petition.secret:
        return tuple(replace(s, kind=REPORT + s.kind, unit=petition.unit) for s in plain)
    return tuple(plain)


def _origin(petition: Petition) -> str:
    """初信, 重复信 or 交办件, which exclude each other; of the last also whether it is a repeat."""
    if petition.assigned:
        return "assigned.repeat" if petition.repeats else "assigned"
    return "repeat" if petition.repeats else "first"


def _due(deadlines: tuple[Deadline, ...], kind: str) -> date | None:
    """The last day of the duty of this kind, where its limit runs."""
    return next((d.due for d in deadlines if d.name in LIMITS[kind]), None)
