"""Which paper (文书) goes with an entry? Filled from the facts frozen in it, drawn when sent."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from dialogs.house import House
from documents import AnyPaper, facts_of, file_name
from documents.acceptance import Acceptance
from documents.assignment import Assignment
from documents.decline import Decline, UnderWay
from documents.extension import Extension
from documents.facts import Route, Term, terms_of
from documents.opinion import Opinion
from documents.referral import Referral
from documents.review import Review, SecondReview
from documents.transfer import Transfer
from petitions import events as ev
from petitions.deadlines import local_date, named
from petitions.record import Entry, Petition, fold
from storage.messages import Paper, Post

E = TypeVar("E", bound=ev.Event)
Common = dict[str, Any]
Letter = Callable[[House, str, Petition, Entry, Common], AnyPaper]


def letter(house: House, language: str, petition: Petition, entry: Entry) -> list[Post]:
    """The petitioner's paper of this entry as a message of its own; none for most entries."""
    fill = LETTERS.get(type(entry.event))
    if fill is None:
        return []
    same = [e for e in petition.entries[: entry.seq] if _series(e.event) == _series(entry.event)]
    common = {
        "number": petition.number,
        "issuer": house.office.unit_name(entry.by.unit or petition.unit, language),
        "issued": local_date(entry.at, house.office.tz),
        "to": petition.filing.name,
        "nth": len(same),
        "subject": petition.filing.title,
        "registered": local_date(petition.registered_at, house.office.tz),
    }
    # As the case stood just before: what came later is not this paper's matter.
    before = fold(petition.id, petition.petitioner, petition.entries[: entry.seq - 1])
    return [post_of(house, language, fill(house, language, before, entry, common))]


def _series(event: ev.AnyEvent) -> tuple[str, int]:
    """Which papers are numbered together: those of a kind, the two reviews each for itself."""
    return event.kind, event.level if isinstance(event, ev.ReviewDecided) else 0


def assignment(house: House, language: str, petition: Petition, entry: Entry) -> Post:
    """指派通知单 for the unit's group, without personal data."""
    event = entry.event
    assert isinstance(event, ev.Routed)
    office, filing = house.office, petition.filing
    district = office.district(filing.district)
    sheet = Assignment(
        number=petition.number,
        issuer=office.unit_name(event.sender, language),
        issued=local_date(entry.at, office.tz),
        to=office.unit_name(event.to, language),
        how="ordered" if event.assigned else "routed",
        category=house.catalogue.name(filing.category or "", language) or "—",
        district=district.name.of(language) if district and not petition.secret else "",
        assisting=tuple(office.unit_name(unit, language) for unit in event.assisting),
        urgent=petition.first.urgent,
        terms=terms_of(event.deadlines),
        tasks=("accept", "object", "reply", *(("report",) if event.assigned else ()), "protect"),
    )
    return post_of(house, language, sheet)


def post_of(house: House, language: str, paper: AnyPaper) -> Post:
    """The paper as a message."""
    name = file_name(paper, language, house.words)
    drawn = Paper(kind=paper.kind, language=language, facts=facts_of(paper), name=name)
    return Post(key="paper", paper=drawn)


def _accepted(_h: House, _l: str, _p: Petition, entry: Entry, common: Common) -> AnyPaper:
    event = _of(ev.Accepted, entry)
    handle = named(event.deadlines, "handle-simple" if event.simple else "handle")
    return Acceptance(**common, handle=Term.of(handle), simple=event.simple)


def _routed(house: House, language: str, _p: Petition, entry: Entry, common: Common) -> AnyPaper:
    event = _of(ev.Routed, entry)
    return Transfer(
        **common,
        unit=house.office.unit_name(event.to, language),
        how="ordered" if event.assigned else "routed",
        accept=Term.of(named(event.deadlines, "accept")),
    )


def _declined(_h: House, _l: str, _p: Petition, entry: Entry, common: Common) -> AnyPaper:
    event = _of(ev.Declined, entry)
    other = UnderWay(number=event.other) if event.other else None
    return Decline(
        **common,
        clause=event.clause,
        reason=event.ground.value,
        explanation=event.text,
        under_way=other,
    )


def _referred(_h: House, language: str, _p: Petition, entry: Entry, common: Common) -> AnyPaper:
    event = _of(ev.Referred, entry)
    sentence = event.way.zh if language.startswith("zh") else event.way.en
    route = Route(sentence=sentence, clause=event.way.clause)
    return Referral(**common, explanation=event.text, routes=(route,))


def _extended(_h: House, _l: str, before: Petition, entry: Entry, common: Common) -> AnyPaper:
    event = _of(ev.Extended, entry)
    was = named(before.deadlines, "handle").due
    return Extension(
        **common, reason=event.reason, was=was, handle=Term.of(named(event.deadlines, "handle"))
    )


def _replied(
    house: House, language: str, before: Petition, entry: Entry, common: Common
) -> AnyPaper:
    event = _of(ev.Replied, entry)
    return Opinion(
        **common,
        request=before.filing.request,
        outcome=event.outcome,
        opinion=event.text,
        basis=event.basis,
        reviewer=house.office.unit_name(event.reviewer, language) if event.reviewer else "",
        ask_review=Term.of(named(event.deadlines, "ask-review")),
    )


def _reviewed(
    house: House, language: str, before: Petition, entry: Entry, common: Common
) -> AnyPaper:
    event = _of(ev.ReviewDecided, entry)
    # A second review looks at what the first one decided, a first one at the unit's own reply.
    given = _last(before, ev.Replied if event.level == 1 else ev.ReviewDecided)
    asked = _last(before, ev.ReviewAsked)
    assert isinstance(given.event, ev.Replied | ev.ReviewDecided)
    assert before.review is not None
    facts: Mapping[str, Any] = {
        **common,
        "unit": house.office.unit_name(given.by.unit or before.unit, language),
        "given": local_date(given.at, house.office.tz),
        "asked": local_date(asked.at, house.office.tz),
        "request": before.review.text,
        "opinion": given.event.text,
        "decision": event.finding.value,
        "reasons": event.text,
        "basis": event.basis,
        "redo": Term.of(named(event.deadlines, "handle")) if event.back_to else None,
    }
    if event.level == 2:
        return SecondReview(**facts)
    asking = None if event.back_to else Term.of(named(event.deadlines, "ask-second-review"))
    reviewer = house.office.unit_name(event.reviewer, language) if event.reviewer else ""
    return Review(**facts, reviewer=reviewer, ask_second_review=asking)


def _last(petition: Petition, kind: type[ev.Event]) -> Entry:
    """The newest entry of this kind that still holds."""
    return next(e for e in reversed(petition.standing()) if isinstance(e.event, kind))


def _of(kind: type[E], entry: Entry) -> E:
    assert isinstance(entry.event, kind)
    return entry.event


LETTERS: dict[type[ev.Event], Letter] = {
    ev.Accepted: _accepted,
    ev.Routed: _routed,
    ev.Declined: _declined,
    ev.Referred: _referred,
    ev.Extended: _extended,
    ev.Replied: _replied,
    ev.ReviewDecided: _reviewed,
}
"""The events that come with a paper for the petitioner."""
