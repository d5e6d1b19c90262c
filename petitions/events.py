"""What can happen to a petition, as the record keeps it.

Each event is one shape with a version; `UPCASTERS` reads the shapes of old versions for ever.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from petitions.deadlines import Deadline


class Shape(BaseModel):
    """A frozen value that goes to the record and comes back the same."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Purpose(StrEnum):
    """Why a person files (信访目的)."""

    REQUEST = "request"  # 求决
    SUGGESTION = "suggestion"  # 建议
    ACCUSATION = "accusation"  # 检举控告
    QUESTION = "question"  # 咨询


class Outcome(StrEnum):
    """What the unit decided (处理意见), TL 32."""

    SUPPORTED = "supported"  # 支持
    EXPLAINED = "explained"  # 解释说明
    NOT_SUPPORTED = "not_supported"  # 不予支持


class Verdict(StrEnum):
    """One answer of the survey (满意度评价)."""

    GOOD = "good"  # 满意
    FAIR = "fair"  # 基本满意
    BAD = "bad"  # 不满意


class Filing(Shape):
    """What the petitioner submitted, word for word (TL 19 asks name, address, request, facts)."""

    purpose: Purpose
    title: str
    facts: tuple[str, ...]
    request: tuple[str, ...]
    category: str | None = None
    district: str | None = None
    address: str | None = None
    point: tuple[float, float] | None = None
    files: tuple[str, ...] = ()
    name: str
    phone: str
    id_number: str | None = None
    earlier: str | None = None
    tried: str | None = None
    affected: str | None = None
    publish: bool = False


class Event(Shape):
    """Something that happened; `moves` says whether it changes where the case stands.

    A button carries the version of the last move it was shown for, so a mere look or a
    rating does not make a colleague's button stale.
    """

    version: ClassVar[int] = 1
    moves: ClassVar[bool] = True


class Registered(Event):
    """登记: the petition has a number, a unit, and the clock runs (TL 19, 22)."""

    kind: Literal["registered"] = "registered"
    number: str
    unit: str
    filing: Filing
    receipt_salt: str
    deadlines: tuple[Deadline, ...]


class Taken(Event):
    """认领: an officer of the unit holds the case."""

    kind: Literal["taken"] = "taken"
    holder: int


class Accepted(Event):
    """受理 (TL 23); the handling clock starts (TL 34)."""

    kind: Literal["accepted"] = "accepted"
    deadlines: tuple[Deadline, ...]


class SupplementAsked(Event):
    """待补充材料: the unit asks the petitioner for more; the clock keeps running."""

    kind: Literal["supplement_asked"] = "supplement_asked"
    text: tuple[str, ...]


class Supplemented(Event):
    """补充材料: the petitioner sent more, asked or not."""

    kind: Literal["supplemented"] = "supplemented"
    text: tuple[str, ...]
    files: tuple[str, ...] = ()


class Replied(Event):
    """答复: the written reply with outcome and basis (TL 32), and the way to review (TL 35)."""

    kind: Literal["replied"] = "replied"
    outcome: Outcome
    text: tuple[str, ...]
    basis: str
    files: tuple[str, ...] = ()
    deadlines: tuple[Deadline, ...]


class Reassigned(Event):
    """改派: a colleague holds the case now."""

    kind: Literal["reassigned"] = "reassigned"
    holder: int


class Undone(Event):
    """撤销: the officer took back their own last step before anybody else had acted."""

    kind: Literal["undone"] = "undone"
    of: int
    what: str


class Looked(Event):
    """查看: an officer opened the personal details; a look is itself on the record."""

    kind: Literal["looked"] = "looked"
    moves: ClassVar[bool] = False
    what: Literal["details", "rating"] = "details"


class SurveyOpened(Event):
    """满意度评价 begins, until `until` (2014 办法 3-4)."""

    kind: Literal["survey_opened"] = "survey_opened"
    moves: ClassVar[bool] = False
    until: datetime


class Rated(Event):
    """评价: the petition office and the responsible unit, separately; the last rating counts."""

    kind: Literal["rated"] = "rated"
    moves: ClassVar[bool] = False
    office: Verdict
    unit: Verdict
    reason: str | None = None
    comment: str | None = None


Why = Literal["request", "order", "expired"]
"""Why content was erased: the petitioner asked, an authority ordered it, its time was over."""


class Erased(Event):
    """删除: what the petitioner entrusted is gone for good; that it was, and why, stays."""

    kind: Literal["erased"] = "erased"
    why: Why = "request"


AnyEvent = Annotated[
    Registered
    | Taken
    | Accepted
    | SupplementAsked
    | Supplemented
    | Replied
    | Reassigned
    | Undone
    | Looked
    | SurveyOpened
    | Rated
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
