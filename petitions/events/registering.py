"""What is put on record when a person files?"""

from enum import StrEnum
from typing import Literal

from petitions.deadlines import Deadline
from petitions.events.base import Event
from petitions.shape import Shape


class Purpose(StrEnum):
    """Why a person files (信访目的)."""

    REQUEST = "request"  # 求决
    SUGGESTION = "suggestion"  # 建议
    ACCUSATION = "accusation"  # 检举控告
    QUESTION = "question"  # 咨询


class Filing(Shape):
    """What the petitioner submitted, word for word (TL 19 asks name, address, request, facts).

    `against_units` and `against` say whom a report (检举控告) is about: units of this office by
    id, and the rest in the petitioner's own words.
    """

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
    against_units: tuple[str, ...] = ()
    against: str | None = None

    @property
    def words(self) -> str:
        """All that was written about the matter, in one text."""
        return "\n".join((self.title, *self.facts, *self.request, self.against or ""))


class Registered(Event):
    """登记: the petition has a number, a unit, and the clock runs (TL 19, 22).

    `shielded_units` and `shielded_people` are whom a report is about: neither it nor that it
    was made ever reaches them (TL 30, 46(5)). `urgent`: it speaks of danger to life. `zone` is the
    office's time zone: the days its figures count by are taken in it for good, so that they
    follow from the record alone.
    """

    kind: Literal["registered"] = "registered"
    number: str
    unit: str
    sender: str | None = None
    filing: Filing
    receipt_salt: str
    deadlines: tuple[Deadline, ...]
    shielded_units: tuple[str, ...] = ()
    shielded_people: tuple[int, ...] = ()
    urgent: bool = False
    zone: str = "Asia/Shanghai"
