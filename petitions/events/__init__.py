"""What can happen to a petition, as the record keeps it.

Each event is one shape with a version; `UPCASTERS` reads the shapes of old versions for ever.
The rule that lets an event happen stands in `petitions.moves` under the same name.
"""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from petitions.events.base import Event
from petitions.events.deciding import (
    Finding,
    HearingHeld,
    Outcome,
    Replied,
    ReviewAsked,
    ReviewDecided,
    SuggestionAnswered,
)
from petitions.events.handling import (
    Accepted,
    Contributed,
    Extended,
    ExtensionAsked,
    ExtensionRefused,
    Mediated,
    MediationAnswered,
    MediationProposed,
    Recused,
    SupplementAsked,
    Supplemented,
    TrackChanged,
)
from petitions.events.overseeing import (
    Erased,
    Escalated,
    Led,
    Looked,
    Method,
    Recounted,
    Supervised,
    SupervisionAnswered,
    Undone,
    Why,
)
from petitions.events.registering import Filing, Purpose, Registered
from petitions.events.routing import (
    Declined,
    Ground,
    Insisted,
    Linked,
    Objected,
    Reassigned,
    Referred,
    Routed,
    Taken,
    Way,
    Withdrawn,
)
from petitions.events.surveying import (
    AskedAgain,
    Inquired,
    Inquiry,
    InquiryLeft,
    InquiryTaken,
    Rated,
    Result,
    SurveyOpened,
    Verdict,
)
from petitions.lead import Lead
from petitions.shape import Shape

__all__ = [
    "UPCASTERS",
    "Accepted",
    "AnyEvent",
    "AskedAgain",
    "Contributed",
    "Declined",
    "Erased",
    "Escalated",
    "Event",
    "Extended",
    "ExtensionAsked",
    "ExtensionRefused",
    "Filing",
    "Finding",
    "Ground",
    "HearingHeld",
    "Inquired",
    "Inquiry",
    "InquiryLeft",
    "InquiryTaken",
    "Insisted",
    "Lead",
    "Led",
    "Linked",
    "Looked",
    "Mediated",
    "MediationAnswered",
    "MediationProposed",
    "Method",
    "Objected",
    "Outcome",
    "Purpose",
    "Rated",
    "Reassigned",
    "Recounted",
    "Recused",
    "Referred",
    "Registered",
    "Replied",
    "Result",
    "ReviewAsked",
    "ReviewDecided",
    "Routed",
    "Shape",
    "SuggestionAnswered",
    "Supervised",
    "SupervisionAnswered",
    "SupplementAsked",
    "Supplemented",
    "SurveyOpened",
    "Taken",
    "TrackChanged",
    "Undone",
    "Verdict",
    "Way",
    "Why",
    "Withdrawn",
    "read_event",
    "write_event",
]

AnyEvent = Annotated[
    Registered
    | Taken
    | Reassigned
    | Routed
    | Objected
    | Insisted
    | Declined
    | Referred
    | Linked
    | Withdrawn
    | Accepted
    | TrackChanged
    | SupplementAsked
    | Supplemented
    | ExtensionAsked
    | ExtensionRefused
    | Extended
    | MediationProposed
    | MediationAnswered
    | Mediated
    | Contributed
    | Recused
    | Replied
    | SuggestionAnswered
    | ReviewAsked
    | HearingHeld
    | ReviewDecided
    | SurveyOpened
    | Rated
    | InquiryTaken
    | InquiryLeft
    | Inquired
    | AskedAgain
    | Undone
    | Looked
    | Supervised
    | SupervisionAnswered
    | Led
    | Escalated
    | Recounted
    | Erased,
    Field(discriminator="kind"),
]
_events: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)

UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""(kind, version) → the function that turns that version's fields into the next version's."""


def write_event(event: AnyEvent) -> bytes:
    """The event as canonical JSON: the bytes that are encrypted and committed to."""
    return _events.dump_json(event)


def read_event(kind: str, version: int, fields: dict[str, Any]) -> AnyEvent:
    """The event of these stored fields, brought up to today's shape.

    Raises `pydantic.ValidationError` when the fields are of no known shape.
    """
    while (kind, version) in UPCASTERS:
        fields = UPCASTERS[kind, version](fields)
        version += 1
    return _events.validate_python(fields | {"kind": kind}, strict=False)
