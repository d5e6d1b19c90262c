"""What is there to say of an entry? Its facts in a reader's language, and which sentence says them.

Timeline, notices, the officer's details and the papers all read an entry through this one place.
"""

from datetime import date
from typing import Any

from dialogs.house import House
from petitions import events as ev
from petitions import numbers
from petitions.deadlines import Deadline
from petitions.record import RIGHTS, Entry, Petition

ENUMS = (ev.Outcome, ev.Finding, ev.Ground, ev.Method, ev.Result)
UNITS = ("to", "sender", "reviewer", "back_to")
TEXTS = ("text", "reason", "note")
NUMBERS = ("number", "other")


def sentence(event: ev.AnyEvent) -> str:
    """The name of the sentence that tells of this event: its kind, and which variant of it."""
    variant = _variant(event)
    return f"{event.kind}.{variant}" if variant else event.kind


def _variant(event: ev.AnyEvent) -> str:
    match event:
        case ev.Routed():
            return "assigned" if event.assigned else ""
        case ev.Accepted():
            return "simple" if event.simple else ""
        case ev.Linked():
            return event.relation
        case ev.Declined():
            return event.ground.value
        case ev.Referred():
            return "discipline" if event.way.kind == "discipline" else ""
        case ev.SuggestionAnswered():
            return "adopted" if event.adopted else "kept"
        case ev.MediationAnswered():
            return "agreed" if event.agreed else "refused"
        case ev.Mediated():
            return "settled" if event.settled else "failed"
        case ev.ReviewAsked():
            return str(event.level)
        case ev.ReviewDecided():
            return "redo" if event.back_to else str(event.level)
        case ev.Escalated():
            return event.to
        case ev.Inquired():
            return event.result.value
        case ev.Recused() | ev.Supplemented():
            return "moved" if event.to else ""
    return ""


def facts_of(house: House, language: str, petition: Petition, entry: Entry) -> dict[str, Any]:
    """The facts frozen in the entry: units by name, choices in words, texts whole, dates.

    `unit` is the unit that did it; for what the petitioner or the clock did, the one it fell to.
    """
    facts: dict[str, Any] = {
        "number": numbers.show(petition.number),
        "at": entry.at.astimezone(house.office.tz),
        "unit": house.office.unit_name(_unit(petition, entry), language),
        "told": told(house, language, petition),
    }
    for name, value in entry.event:
        facts |= _fact(house, language, name, value)
    if isinstance(entry.event, ev.Escalated):
        facts["what"] = duty_name(house, language, petition, entry.event.deadline)
    return facts


def told(house: House, language: str, petition: Petition) -> str:
    """What the petitioner is to be told first; suggestions and reports are not "accepted"."""
    return house.words.label(f"told.{petition.filing.purpose}", language)


def duty_name(house: House, language: str, petition: Petition, name: str) -> str:
    """What is owed, in a few words."""
    return house.words.label(f"duty.{name}", language, told=told(house, language, petition))


def _unit(petition: Petition, entry: Entry) -> str:
    own = getattr(entry.event, "unit", None)
    if isinstance(own, str) and not isinstance(entry.event, ev.Rated):
        return own
    return entry.by.unit or petition.unit


def _fact(house: House, language: str, name: str, value: Any) -> dict[str, Any]:
    if isinstance(value, ENUMS):
        return {name: house.words.label(f"{type(value).__name__.lower()}.{value}", language)}
    if name in UNITS and isinstance(value, str):
        return {name: house.office.unit_name(value, language)}
    if name in TEXTS and isinstance(value, tuple):
        return {"text": "\n\n".join(value)}
    if isinstance(value, ev.Way):
        return {"way": _way(house, language, value)}
    if isinstance(value, Deadline):
        return _date(house, language, value)
    if name == "deadlines" and value:
        return _date(house, language, next((d for d in value if d.name not in RIGHTS), value[0]))
    if name == "clause":
        return {name: house.clause(value, language)}
    if name in NUMBERS and value:
        return {name: numbers.show(value)}
    return {name: value} if isinstance(value, int | str | date) and name != "unit" else {}


def _way(house: House, language: str, way: ev.Way) -> str:
    """A statutory route in one sentence, with its clause where a single one carries it."""
    said = way.zh if language.startswith("zh") else way.en
    if not way.clause:
        return said
    return house.words.label("way.clause", language, way=said, clause=way.clause)


def _date(house: House, language: str, deadline: Deadline) -> dict[str, Any]:
    """A deadline's date and clause, with a word more where the date may still shift."""
    unsure = house.words.label("deadline.provisional", language) if deadline.provisional else ""
    clause = house.clause(deadline.clause, language)
    return {"due": deadline.due, "clause": clause, "unsure": unsure}
