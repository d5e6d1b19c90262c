"""What can be asked when a case is decided and reviewed?"""

from dataclasses import dataclass

from petitions.events import Finding, Outcome


@dataclass(frozen=True, slots=True)
class Reply:
    """答复: outcome, opinion, legal basis (TL 32)."""

    outcome: Outcome
    text: tuple[str, ...]
    basis: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerSuggestion:
    """建议意见回复: adopted or not, and why (TL 29)."""

    adopted: bool
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskReview:
    """申请复查 or 复核, and why."""

    text: tuple[str, ...]
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HoldHearing:
    """听证 took so many days."""

    days: int
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecideReview:
    """复查意见 or 复核意见."""

    finding: Finding
    text: tuple[str, ...]
    basis: str
