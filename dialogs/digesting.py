"""When is which digest to be told next? One row for each reader and period, and never two.

The row names its period (`week:2026-11-16:zhujian`), so that what was told is not told again
whatever becomes of the clock or the office's hours. What comes due late is stale once a newer
period is over: that one is told instead.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import cast

from dialogs import digests
from dialogs.house import House
from documents.digest import Digest
from petitions import digests as rhythm
from petitions.indicators import Period, Scope
from petitions.rhythm import Told
from storage import due, groups
from storage.due import Duty
from storage.messages import Parcel, Rank
from storage.unit import Unit

DIGEST, TOLD = "digest", "told"


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose group hears of which period."""

    kind: Told
    unit: str
    period: Period

    @property
    def subject(self) -> str:
        """How its row names it."""
        return f"{self.kind}:{self.period.first}:{self.unit}"

    @classmethod
    def of(cls, subject: str) -> "Reader":
        """Read back from a row."""
        kind, first, unit = subject.split(":")
        told = cast(Told, kind)
        return cls(told, unit, Period.of(told, date.fromisoformat(first)))


def begin(unit: Unit, house: House) -> None:
    """Have the next digest of every reader planned; what is planned at its hour stands."""
    for kind, reader in rhythm.readers(house.office):
        _plan(unit, house, kind, reader)


def _plan(unit: Unit, house: House, kind: Told, reader: str) -> None:
    """Plan the first period that is not told yet and is still to come due."""
    newest = rhythm.newest(house.office, kind, unit.now)
    for period in _from(rhythm.after(newest)):
        this = Reader(kind, reader, period)
        if _was_told(unit, this):
            continue  # told before the office's hour, or the clock, was changed
        at = rhythm.moment(house.office, period)
        if due.planned_at(unit, DIGEST, this.subject) != at:
            due.plan(unit, DIGEST, this.subject, at)
        return


def _from(period: Period) -> Iterator[Period]:
    while True:
        yield period
        period = rhythm.after(period)


def to_tell(unit: Unit, house: House, duty: Duty) -> Digest | None:
    """The digest that this duty is for, as the figures stand now; None when there is none to tell.

    Reads alone, so that nobody waits for the database meanwhile.
    """
    reader, office = Reader.of(duty.subject), house.office
    if (reader.kind, reader.unit) not in set(rhythm.readers(office)):
        return None  # the office file names it no more
    if reader.period != rhythm.newest(office, reader.kind, unit.now):
        return None
    if _was_told(unit, reader):
        return None  # by a clock that ran ahead
    chat = groups.chat_of(unit, reader.unit, office)
    if chat is None:
        return None
    overall = office.hears_of_all(reader.unit)
    here = groups.units_of(unit, chat, office)
    of_all = [each.id for each in office.units if each.id in here and office.hears_of_all(each.id)]
    if of_all and reader.unit != of_all[0]:
        return None  # the same group hears of the whole office, and once
    scope = Scope() if overall else Scope((reader.unit,))
    return digests.digest_of(unit, house, office.language, scope, reader.period)


def tell(unit: Unit, house: House, duty: Duty, digest: Digest | None) -> list[Parcel]:
    """The messages of the digest, if there is one; and what is to be told next."""
    reader, office = Reader.of(duty.subject), house.office
    if digest is not None:
        due.note(unit, DIGEST, reader.subject, TOLD, _began(reader))
    _again(unit, house, reader)
    chat = groups.chat_of(unit, reader.unit, office)
    if digest is None or chat is None:
        return []
    language = office.language
    posts = (digests.picture(house, language, digest), digests.table(house, language, digest))
    return [Parcel(chat_id=chat, post=post, urgent=False, rank=Rank.PATIENT) for post in posts]


def _again(unit: Unit, house: House, reader: Reader) -> None:
    """Plan the next one; of what was missed while the desk was down, the newest at once."""
    office = house.office
    if (reader.kind, reader.unit) not in set(rhythm.readers(office)):
        return
    newest = Reader(reader.kind, reader.unit, rhythm.newest(office, reader.kind, unit.now))
    if reader.period.first < newest.period.first and not _known(unit, newest):
        due.plan(unit, DIGEST, newest.subject, _moment(house, newest))
    if reader.period.first > newest.period.first:
        due.plan(unit, DIGEST, reader.subject, _moment(house, reader))  # its hour was moved on
        return
    _plan(unit, house, reader.kind, reader.unit)


def _moment(house: House, reader: Reader) -> datetime:
    return rhythm.moment(house.office, reader.period)


def _known(unit: Unit, reader: Reader) -> bool:
    planned = due.planned_at(unit, DIGEST, reader.subject) is not None
    return planned or _was_told(unit, reader)


def _was_told(unit: Unit, reader: Reader) -> bool:
    return due.noted(unit, DIGEST, reader.subject, TOLD, _began(reader))


def _began(reader: Reader) -> datetime:
    """A moment that names the period, whatever becomes of the office's hours."""
    return datetime.combine(reader.period.first, time(), UTC)
