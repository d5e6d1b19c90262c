"""What can happen before a unit says that it takes the matter up?"""

from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Literal

from petitions.deadlines import Deadline
from petitions.events.base import Change, Event
from petitions.shape import Shape
from petitions.states import REVIEWING, WORKING, State

if TYPE_CHECKING:
    from petitions.record import Petition


def _hands(petition: "Petition", officer: int) -> frozenset[int]:
    """Who only routes a case has no part in what is decided, and may review it later."""
    decided = petition.state in WORKING | REVIEWING
    return petition.hands | {officer} if decided else petition.hands


class Taken(Event):
    """认领: an officer of the unit holds the case."""

    kind: Literal["taken"] = "taken"
    holder: int

    def change(self, petition: "Petition") -> Change:
        """Once it is accepted, the officer is one of those who had it in hand."""
        return {"holder": self.holder, "hands": _hands(petition, self.holder)}


class Reassigned(Event):
    """改派: a colleague holds the case now."""

    kind: Literal["reassigned"] = "reassigned"
    holder: int

    def change(self, petition: "Petition") -> Change:
        """As if the colleague had taken it."""
        return {"holder": self.holder, "hands": _hands(petition, self.holder)}


class Routed(Event):
    """转送, or 交办 when `assigned`: that asks for a report of the result (TL 22)."""

    kind: Literal["routed"] = "routed"
    to: str
    sender: str
    assigned: bool = False
    assisting: tuple[str, ...] = ()
    note: tuple[str, ...] = ()
    deadlines: tuple[Deadline, ...]

    def change(self, _petition: "Petition") -> Change:
        """Another unit has the case; nobody there holds it yet."""
        return {
            "state": State.ROUTED,
            "unit": self.to,
            "sender": self.sender,
            "assigned": self.assigned,
            "assisting": self.assisting,
            "holder": None,
            "objector": None,
            "deadlines": self.deadlines,
        }


class Objected(Event):
    """异议: the unit says that it is not competent; the sender must agree (TL 23(3))."""

    kind: Literal["objected"] = "objected"
    sender: str
    reason: tuple[str, ...]

    def change(self, petition: "Petition") -> Change:
        """The case is back with the sender, while the petitioner's clock runs on."""
        return {
            "state": State.OBJECTED,
            "unit": self.sender,
            "objector": petition.unit,
            "objected": petition.objected | {petition.unit},
            # Who objected does not decide whether that is right.
            "barred": frozenset({petition.holder} if petition.holder else ()),
            "holder": None,
            "deadlines": tuple(d for d in petition.deadlines if d.name != "object"),
        }


class Insisted(Event):
    """维持转送: the sender does not agree; the unit has the case again (TL 23(3))."""

    kind: Literal["insisted"] = "insisted"
    to: str
    sender: str
    reason: tuple[str, ...]

    def change(self, _petition: "Petition") -> Change:
        """Back with the unit, which cannot object again; its clock never stood still."""
        return {
            "state": State.ROUTED,
            "unit": self.to,
            "sender": self.sender,
            "objector": None,
            "holder": None,
        }


class Ground(StrEnum):
    """Why a petition is not accepted (不予受理)."""

    UNDER_WAY = "under_way"  # the same matter is being handled elsewhere, TL 19(3)
    ENDED = "ended"  # the same facts and reasons after the last review, TL 36(3)
    ELSEWHERE = "elsewhere"  # not this office's: told where to go, TL 23(1)


class Declined(Event):
    """不予受理, with where to go or the case under way (TL 19(3), 23(1), 36(3))."""

    kind: Literal["declined"] = "declined"
    ground: Ground
    text: tuple[str, ...]
    other: str | None = None
    clause: str

    def change(self, _petition: "Petition") -> Change:
        """Closed."""
        return {"state": State.DECLINED, "declined": self, "deadlines": ()}


class Way(Shape):
    """A statutory route as it was told: its kind, its sentence in each language, its clause."""

    route: str
    kind: str
    zh: str
    en: str
    clause: str


class Referred(Event):
    """导入法定途径: court, arbitration, administrative review, discipline … (TL 22, 31)."""

    kind: Literal["referred"] = "referred"
    way: Way
    text: tuple[str, ...] = ()

    def change(self, _petition: "Petition") -> Change:
        """Closed here."""
        return {"state": State.REFERRED, "referred": self, "deadlines": ()}


class Linked(Event):
    """关联: the same matter as another number, or its repeat; both keep theirs."""

    kind: Literal["linked"] = "linked"
    moves: ClassVar[bool] = False
    number: str
    relation: Literal["same", "repeats", "repeated_by"]

    def change(self, petition: "Petition") -> Change:
        """One link more."""
        return {"links": (*petition.links, (self.number, self.relation))}


class Withdrawn(Event):
    """撤回, by the petitioner alone; the same person may file anew."""

    kind: Literal["withdrawn"] = "withdrawn"

    def change(self, _petition: "Petition") -> Change:
        """Closed."""
        return {"state": State.WITHDRAWN, "deadlines": (), "extension": None}
