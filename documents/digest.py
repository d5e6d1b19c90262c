"""What does a digest know? The report of a period, frozen when it was made, and its names.

A week is told as 快报 (counts, what is urgent), a month as 通报 (unit by unit), a quarter as 分析
(what about, and why); a year, or any days, with all of it.
"""

from datetime import datetime
from typing import Literal

from pydantic import Field

from documents.facts import Fact
from documents.voice import Voice
from petitions.indicators import Report

Names = dict[str, str]
"""Key → name, in the language of the reader."""


class Urgent(Fact):
    """What must be seen to now, as of the moment the digest was made.

    `soon` is due within `days`; `supervised` waits for a unit's answer to a supervision.
    """

    overdue: int
    soon: int
    days: int
    supervised: int


class Digest(Fact):
    """The figures of the whole office, or of those units whose names `scope` has.

    `made` is when they were taken, in the office's zone.
    """

    kind: Literal["digest"] = "digest"
    issuer: str
    scope: str = ""
    made: datetime
    report: Report
    urgent: Urgent | None = None
    units: Names = Field(default_factory=dict)
    categories: Names = Field(default_factory=dict)
    districts: Names = Field(default_factory=dict)

    @property
    def going_on(self) -> bool:
        """Whether the period was not over when its figures were taken."""
        return self.report.made_on <= self.report.period.last

    def title(self, say: Voice) -> str:
        """What it is called."""
        return say(f"digest.title.{self.report.period.kind}")

    def file_name(self, say: Voice) -> str:
        """What the picture's file is called."""
        return f"{self._stem(say)}.png"

    def _stem(self, say: Voice) -> str:
        period = self.report.period
        parts = (self.title(say), self.scope, period.first.isoformat(), period.last.isoformat())
        return "-".join(part for part in parts if part)


class DigestTable(Digest):
    """The same figures, all of them, as a workbook."""

    kind: Literal["digest_table"] = "digest_table"  # type: ignore[assignment]

    def file_name(self, say: Voice) -> str:
        """What the workbook's file is called."""
        return f"{self._stem(say)}.xlsx"
