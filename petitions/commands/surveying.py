"""What can be asked of how it was handled, and of who looks into it?"""

from dataclasses import dataclass

from petitions.events import Result, Verdict


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


@dataclass(frozen=True, slots=True)
class TakeInquiry:
    """认领核查: look into why somebody was not satisfied."""


@dataclass(frozen=True, slots=True)
class LeaveInquiry:
    """回避核查 for an interest."""


@dataclass(frozen=True, slots=True)
class NameInquirer:
    """The roster names who looks into it.

    `loads` says how many inquiries are with whom; `gone`, who left which unit's group;
    `orphaned`: who had it is among those.
    """

    loads: tuple[tuple[int, int], ...] = ()
    gone: frozenset[tuple[int, str]] = frozenset()
    orphaned: bool = False


@dataclass(frozen=True, slots=True)
class Inquire:
    """填写核查结果: what came of it, and the words the petitioner reads."""

    result: Result
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskAgain:
    """Ask for the rating once more, after it was looked into."""
