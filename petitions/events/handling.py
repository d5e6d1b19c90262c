"""What can happen between acceptance and reply?"""

from typing import TYPE_CHECKING, ClassVar, Literal

from petitions.deadlines import Deadline
from petitions.events.base import Change, Event
from petitions.states import WORKING, State

if TYPE_CHECKING:
    from petitions.record import Petition


class Accepted(Event):
    """受理 (TL 23); the handling clock starts (TL 34). `simple`: on the simple track (简易办理)."""

    kind: Literal["accepted"] = "accepted"
    deadlines: tuple[Deadline, ...]
    simple: bool = False

    def change(self, petition: "Petition") -> Change:
        """The unit that has it is the responsible one from now on."""
        return {
            "state": State.HANDLING,
            "deadlines": self.deadlines,
            "simple": self.simple,
            "responsible": petition.unit,
            "hands": petition.hands | ({petition.holder} if petition.holder else set()),
        }


class TrackChanged(Event):
    """转为普通程序: not so simple after all; the ordinary limit counts from acceptance."""

    kind: Literal["track_changed"] = "track_changed"
    reason: tuple[str, ...]
    deadlines: tuple[Deadline, ...]

    def change(self, _petition: "Petition") -> Change:
        """On the ordinary track."""
        return {"simple": False, "deadlines": self.deadlines}


class SupplementAsked(Event):
    """待补充材料: the unit asks the petitioner for more; the clock keeps running."""

    kind: Literal["supplement_asked"] = "supplement_asked"
    text: tuple[str, ...]

    def change(self, _petition: "Petition") -> Change:
        """The petitioner's answer is waited for."""
        return {"state": State.SUPPLEMENT, "question": self.text}


class Supplemented(Event):
    """补充材料: the petitioner sent more, asked or not.

    What is added to a report may name others: they are kept from it from now on, and where it is
    with one of them, the unit `to` has it (TL 30, 46(5)).
    """

    kind: Literal["supplemented"] = "supplemented"
    text: tuple[str, ...]
    files: tuple[str, ...] = ()
    shielded_units: tuple[str, ...] = ()
    shielded_people: tuple[int, ...] = ()
    to: str | None = None

    def change(self, petition: "Petition") -> Change:
        """An open question is answered."""
        answered = petition.state is State.SUPPLEMENT
        moved: Change = {"unit": self.to, "holder": None} if self.to else {}
        return {
            "state": State.HANDLING if answered else petition.state,
            "question": (),
            "shielded_units": petition.shielded_units | {*self.shielded_units},
            "shielded_people": petition.shielded_people | {*self.shielded_people},
            **moved,
        }


class ExtensionAsked(Event):
    """申请延期: so many days more, and why; the head decides (TL 34)."""

    kind: Literal["extension_asked"] = "extension_asked"
    days: int
    reason: tuple[str, ...]

    def change(self, _petition: "Petition") -> Change:
        """Before the head."""
        return {"extension": self}


class ExtensionRefused(Event):
    """不同意延期."""

    kind: Literal["extension_refused"] = "extension_refused"

    def change(self, _petition: "Petition") -> Change:
        """The old limit stands."""
        return {"extension": None}


class Extended(Event):
    """延期: at most once; the petitioner is told why (TL 34)."""

    kind: Literal["extended"] = "extended"
    days: int
    reason: tuple[str, ...]
    deadlines: tuple[Deadline, ...]

    def change(self, _petition: "Petition") -> Change:
        """The new limit, and no second one."""
        return {"extension": None, "extended": True, "deadlines": self.deadlines}


class MediationProposed(Event):
    """提议调解, inside the handling limit (TL 33)."""

    kind: Literal["mediation_proposed"] = "mediation_proposed"
    text: tuple[str, ...]

    def change(self, _petition: "Petition") -> Change:
        """The petitioner has to agree."""
        return {"mediation": "proposed"}


class MediationAnswered(Event):
    """同意 or 不同意调解: both sides have to want it (TL 33)."""

    kind: Literal["mediation_answered"] = "mediation_answered"
    agreed: bool

    def change(self, _petition: "Petition") -> Change:
        """Agreed to, or not."""
        return {"mediation": "agreed" if self.agreed else "refused"}


class Mediated(Event):
    """调解结果: settled or not, and how; a reply follows in any case (TL 33, 32)."""

    kind: Literal["mediated"] = "mediated"
    settled: bool
    text: tuple[str, ...]

    def change(self, _petition: "Petition") -> Change:
        """How it ended."""
        return {"mediation": "settled" if self.settled else "failed"}


class Contributed(Event):
    """协办意见: what an assisting unit has to say."""

    kind: Literal["contributed"] = "contributed"
    moves: ClassVar[bool] = False
    unit: str
    text: tuple[str, ...]


class Recused(Event):
    """回避: an officer with an interest has no more to do with the case (TL 28).

    `to` is the unit that gets it where nobody else of the officer's own could work on it.
    """

    kind: Literal["recused"] = "recused"
    officer: int
    to: str | None = None

    def change(self, petition: "Petition") -> Change:
        """Whoever held it holds it no more, leads it no more and looks into nothing of it."""
        inquiry = petition.inquiry
        if inquiry is not None and inquiry.open and inquiry.officer == self.officer:
            inquiry = inquiry.with_(officer=None)
        gone = {
            "recused": petition.recused | {self.officer},
            "lead": petition.lead.without(self.officer),
            "inquiry": inquiry,
        }
        if self.to is None:
            holder = None if petition.holder == self.officer else petition.holder
            return {**gone, "holder": holder}
        working = petition.state in WORKING
        responsible = self.to if working else petition.responsible
        return {**gone, "holder": None, "unit": self.to, "responsible": responsible}
