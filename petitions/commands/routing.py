"""What can be asked before a unit says that it takes the matter up?"""

from dataclasses import dataclass
from typing import Literal

from petitions.events import Filing, Ground, Way


@dataclass(frozen=True, slots=True)
class Register:
    """提交: put the filing on record under this number."""

    filing: Filing
    number: str
    receipt_salt: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Take:
    """认领; `orphaned`: who held the case is not among the unit's people any more."""

    orphaned: bool = False


@dataclass(frozen=True, slots=True)
class Reassign:
    """改派 to a colleague (messenger id)."""

    to: int


@dataclass(frozen=True, slots=True)
class Route:
    """转送 to a unit, or 交办 when `assigned`; other units may assist (协办)."""

    to: str
    assigned: bool = False
    assisting: tuple[str, ...] = ()
    note: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Object:
    """异议: the unit is not competent, and why."""

    reason: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Insist:
    """维持转送: the sender does not agree with the objection, and why."""

    reason: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decline:
    """不予受理; `other` is the number of the case under way or ended.

    `other_state` is what the dialog found under that number: open, ended, something else
    ("closed"), or None where there is no such petition of this person.
    """

    ground: Ground
    text: tuple[str, ...]
    other: str | None = None
    other_state: Literal["open", "ended", "closed"] | None = None


@dataclass(frozen=True, slots=True)
class Refer:
    """导入法定途径: to this route, with what the officer adds."""

    way: Way
    text: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """关联 to another number: the same matter, or its repeat."""

    number: str
    relation: Literal["same", "repeats", "repeated_by"]


@dataclass(frozen=True, slots=True)
class Withdraw:
    """撤回."""
