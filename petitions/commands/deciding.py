"""What can be asked when a case is decided, reviewed and rated?"""

from dataclasses import dataclass

from petitions.events import Finding, Outcome, Verdict


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


@dataclass(frozen=True, slots=True)
class OpenSurvey:
    """Ask for the rating."""


@dataclass(frozen=True, slots=True)
class Rate:
    """评价 the petition office and the unit."""

    office: Verdict
    unit: Verdict
    reason: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class ReadRating:
    """查看 why the petitioner was not satisfied."""
