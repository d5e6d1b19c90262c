"""What can be asked beside the case's own way?"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from petitions.events import Method
from petitions.lead import Lead


@dataclass(frozen=True, slots=True)
class Undo:
    """撤销 one's own last step."""


@dataclass(frozen=True, slots=True)
class Look:
    """查看 the personal details, or make the dossier (卷宗)."""

    what: Literal["details", "dossier"] = "details"


@dataclass(frozen=True, slots=True)
class Supervise:
    """督办, to be answered within so many working days."""

    method: Method
    text: tuple[str, ...]
    days: int


@dataclass(frozen=True, slots=True)
class AnswerSupervision:
    """督办回复."""

    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetLead:
    """包案: name the leader, the group, the plan or the supervisor."""

    lead: Lead


@dataclass(frozen=True, slots=True)
class Escalate:
    """逐级提醒: the next in line is to be told that this deadline has passed."""

    deadline: str
    due: date
    to: Literal["head", "supervisor", "leader"]


@dataclass(frozen=True, slots=True)
class Recount:
    """期限重算, with what is known of the years today."""
