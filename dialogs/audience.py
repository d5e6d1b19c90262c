"""Who is told of which step? The petitioner of what concerns them, groups of what they must do."""

from collections.abc import Callable

from petitions import events as ev
from petitions.office import Office
from petitions.record import Entry, Petition
from petitions.supervising import asked_unit, unanswered

TOLD = frozenset(
    {
        "routed",
        "recused",
        "supplemented",
        "declined",
        "referred",
        "accepted",
        "track_changed",
        "supplement_asked",
        "extended",
        "mediation_proposed",
        "mediated",
        "replied",
        "suggestion_answered",
        "hearing_held",
        "review_decided",
        "survey_opened",
        "inquired",
        "asked_again",
    }
)
"""The events the petitioner gets a notice of."""
_NAMES = {"supplement_asked": "asked", "survey_opened": "survey"}


def told_as(kind: str) -> str:
    """The kind of the notice that tells of an event of this kind."""
    return _NAMES.get(kind, kind)


Readers = Callable[[Petition, Entry, Office], tuple[str, ...]]


def _unit(petition: Petition, _entry: Entry, _office: Office) -> tuple[str, ...]:
    return (petition.unit,)


def _responsible(petition: Petition, _entry: Entry, _office: Office) -> tuple[str, ...]:
    return (petition.responsible,) if petition.responsible else ()


def _sender_if_assigned(petition: Petition, _entry: Entry, _office: Office) -> tuple[str, ...]:
    """交办 asks for a report of the result."""
    return (petition.sender,) if petition.assigned and petition.sender else ()


def _unit_if_assigned(petition: Petition, _entry: Entry, _office: Office) -> tuple[str, ...]:
    return (petition.unit,) if petition.assigned else ()


def _who_supervised(petition: Petition, entry: Entry, office: Office) -> tuple[str, ...]:
    """Besides the unit and the supervisors, the petition office that asked for the answer."""
    answer = entry.event
    assert isinstance(answer, ev.SupervisionAnswered)
    waited = unanswered(petition.entries[: entry.seq - 1])
    closed = [e for e in waited if answer.unit in (None, asked_unit(e))]
    asked = [e.by.unit for e in closed if e.by.unit]
    return (petition.unit, office.supervision_unit, *asked)


def _supervised(_petition: Petition, entry: Entry, _office: Office) -> tuple[str, ...]:
    """The unit that has to answer, which need not have the case any more."""
    return (asked_unit(entry),)


def _heir(_petition: Petition, entry: Entry, _office: Office) -> tuple[str, ...]:
    """Where nobody of the unit was left, another has it now."""
    to = getattr(entry.event, "to", None)
    return (to,) if to else ()


LINES: dict[str, Readers] = {
    "routed": _unit_if_assigned,
    "recused": _heir,
    "objected": _unit,
    "insisted": _unit,
    "supplemented": _unit,
    "withdrawn": _unit,
    "extension_asked": _unit,
    "extension_refused": _unit,
    "extended": _unit,
    "mediation_answered": _unit,
    "contributed": _unit,
    "replied": _sender_if_assigned,
    "review_asked": _responsible,
    "review_decided": _responsible,
    "supervised": _supervised,
    "supervision_answered": _who_supervised,
    "led": _unit,
}
"""Event → the units whose groups get a line of it, as a reply to their card."""
